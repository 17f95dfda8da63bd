//! The name that was probably meant.

use super::flaw::quote;

/// The longest name that is compared, in bytes: comparing costs the product of both lengths.
const LONGEST: usize = 100;

/// The known name nearest to `name`, where one is near enough to be meant.
///
/// A name is near where a third of its characters or fewer are wrong, or where it goes on where `name` ends.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let folded = name.to_lowercase();
    let most = (folded.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|other| other.len() <= LONGEST)
        .filter_map(|other| {
            let lower = other.to_lowercase();
            let wrong = strsim::osa_distance(&folded, &lower);
            let begins = folded.len() >= 3 && lower.starts_with(&folded);
            (wrong <= most || begins).then_some((if begins { 0 } else { wrong }, other))
        })
        .min_by_key(|(wrong, _)| *wrong)
        .map(|(_, other)| other)
}

/// The most names that a message lists.
const LISTED: usize = 12;

/// The most names among which the one that was meant is looked for.
const COMPARED: usize = 1_000;

/// What to say of a name that is none of those that are known.
pub(super) fn hint(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied().take(COMPARED)) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None if known.is_empty() => "there are none".to_owned(),
        None => {
            let names: Vec<String> = known.iter().take(LISTED).map(|each| quote(each)).collect();
            let more = if known.len() > LISTED { ", …" } else { "" };
            format!("expected one of {}{more}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let known = ["prompt", "section", "follow_ups"];
        for (name, meant) in [
            ("promt", "prompt"),
            ("Prompt", "prompt"),
            ("followups", "follow_ups"),
            ("sectoin", "section"),
            ("fol", "follow_ups"),
        ] {
            assert_eq!(nearest(name, known), Some(meant), "{name}");
        }
    }

    #[test]
    fn a_name_like_no_other_is_nobodys() {
        assert_eq!(nearest("microphone", ["prompt", "section"]), None);
        assert_eq!(nearest("", ["prompt"]), None);
        assert_eq!(nearest(&"p".repeat(1_000_000), ["prompt"]), None);
    }
}
