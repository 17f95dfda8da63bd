//! How a person would call this program again.

use std::path::Path;

use crate::store::home::{FoundBy, Home};

/// The command line for `words`, as it can be typed here: by the name that this program was called by, in this home.
pub fn again(home: &Home, words: &str) -> String {
    let called = std::env::args_os().next().unwrap_or_default();
    let here = std::env::current_dir().unwrap_or_default();
    let program = program(Path::new(&called), &here);
    let home = match home.found {
        FoundBy::Flag => format!(" --home {}", quoted(&home.root)),
        FoundBy::Variable | FoundBy::Checkout | FoundBy::Platform => String::new(),
    };
    format!("{program} {words}{home}")
}

fn program(called: &Path, here: &Path) -> String {
    let bare = called.components().count() <= 1;
    if bare || called.as_os_str().is_empty() {
        return "greenroom".to_owned();
    }
    match called.strip_prefix(here) {
        // A name without a folder would be looked for elsewhere.
        Ok(below) if below.components().count() > 1 => quoted(below),
        _ => quoted(called),
    }
}

fn quoted(path: &Path) -> String {
    let text = crate::interview::text::path(path).to_string();
    if text.contains(|c: char| !(c.is_alphanumeric() || "/\\.-_:".contains(c))) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_named_as_it_can_be_called_from_here() {
        let here = Path::new("/home/me/greenroom");
        assert_eq!(program(Path::new("greenroom"), here), "greenroom");
        assert_eq!(program(Path::new("/home/me/greenroom/target/release/greenroom"), here), "target/release/greenroom");
        assert_eq!(program(Path::new("target/debug/greenroom"), here), "target/debug/greenroom");
        assert_eq!(program(Path::new("/opt/green room/greenroom"), here), "'/opt/green room/greenroom'");
    }
}
