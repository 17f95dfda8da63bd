//! The floors of the house and the arrows between them, held by reading the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Every source file below `folder`, with its text without comments and without its tests.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is part of the project") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test(&path) {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                found.push((path, without_comments(&text)));
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}");
    found
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("tests"))
}

fn without_comments(text: &str) -> String {
    let code = text.split("\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn floor(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("it lies below src");
    let first = relative.components().next().expect("a file has a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The files outside `allowed` that name `word`.
fn trespassers(word: &str, allowed: &[&str]) -> Vec<String> {
    sources("src")
        .into_iter()
        .filter(|(path, text)| !allowed.contains(&floor(path).as_str()) && names(text, word))
        .map(|(path, _)| path.display().to_string())
        .collect()
}

/// Whether `text` has `word` as a word of its own.
fn names(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(letter)
            && !text[at + word.len()..].chars().next().is_some_and(letter)
    })
}

#[test]
fn arrows_point_only_downwards() {
    let below: [(&str, &[&str]); 9] = [
        ("interview", &["interview"]),
        ("speech", &["speech"]),
        ("ports", &["interview", "speech"]),
        ("audio", &["audio", "ports", "interview", "speech"]),
        ("voice", &["voice", "ports", "interview", "speech"]),
        ("store", &["store", "ports", "interview", "speech"]),
        ("import", &["import", "interview"]),
        ("tui", &["tui", "ports", "interview", "speech"]),
        ("app", &["app", "import", "tui", "audio", "voice", "store", "ports", "interview", "speech"]),
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let floor = floor(&path);
        let Some((_, allowed)) = below.iter().find(|(name, _)| *name == floor) else { continue };
        for part in text.split("crate::").skip(1) {
            let target: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if below.iter().any(|(name, _)| *name == target) && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{} knows {target}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_lower_floors_need_nothing_but_std() {
    for word in ["anyhow", "thiserror", "serde", "serde_json", "chrono", "cpal", "hound", "clap", "crossterm", "rubato"]
    {
        let guests = trespassers(word, &["main", "app", "audio", "voice", "store", "import", "tui", "bin", "ports"]);
        assert_eq!(guests, Vec::<String>::new(), "{word}");
    }
}

#[test]
fn cpal_appears_only_in_audio() {
    assert_eq!(trespassers("cpal", &["audio"]), Vec::<String>::new());
}

#[test]
fn what_draws_appears_only_in_tui() {
    assert_eq!(trespassers("ratatui", &["tui"]), Vec::<String>::new());
}

#[test]
fn clocks_and_sleeps_appear_only_in_adapters_and_app() {
    for word in ["Instant", "SystemTime", "sleep"] {
        let guests = trespassers(word, &["audio", "voice", "store", "app", "bin"]);
        assert_eq!(guests, Vec::<String>::new(), "{word}");
    }
}

#[test]
fn serde_appears_only_in_store_and_in_the_json_of_commands() {
    // What is imported may be JSON; it is read, never written.
    assert_eq!(trespassers("serde", &["store", "app"]), Vec::<String>::new());
    assert_eq!(trespassers("serde_json", &["store", "app", "import"]), Vec::<String>::new());
}

#[test]
fn anyhow_appears_only_in_app() {
    assert_eq!(trespassers("anyhow", &["app"]), Vec::<String>::new());
}

/// What a stream's callback runs; that it allocates nothing is counted beside the code.
const IN_CALLBACKS: [&str; 3] = ["callbacks.rs", "mix.rs", "signs.rs"];

#[test]
fn the_callbacks_of_a_stream_lock_nothing_log_nothing_and_touch_no_file() {
    let mut seen = 0;
    for (path, text) in sources("src/audio/device") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !IN_CALLBACKS.contains(&name.as_str()) {
            continue;
        }
        seen += 1;
        for word in ["Mutex", "RwLock", "Condvar", "mpsc", "print", "println", "eprint", "eprintln", "File", "fs", "io"]
        {
            assert!(!names(&text, word), "{name} names {word}");
        }
    }
    assert_eq!(seen, IN_CALLBACKS.len(), "the files have other names now");
}

#[test]
fn a_streams_callback_is_one_call() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/audio/device");
    for (file, call) in [("input.rs", "listener.call("), ("output.rs", "speaker.call(")] {
        let text = fs::read_to_string(folder.join(file)).expect("the file is part of the project");
        assert!(text.contains(call), "{file} has its callback elsewhere now");
    }
}

/// The sources outside of `allowed` that have `code` in them; `allowed` are files or folders below src.
fn with(code: &str, allowed: &[&str]) -> Vec<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = |path: &Path| allowed.iter().any(|place| path.starts_with(src.join(place)));
    let guests = sources("src").into_iter().filter(|(path, text)| text.contains(code) && !inside(path));
    guests.map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn lines_reach_a_terminal_only_where_they_are_sanitised() {
    for code in ["print!(", "println!(", "dbg!("] {
        // The helper has nothing to say but a sentence of its own.
        assert_eq!(with(code, &["bin/greenroom-speechd.rs"]), Vec::<String>::new(), "{code}");
    }
    // The screens get theirs from `conduct`, and the hosts of voices write packets.
    let doors = ["app/print.rs", "tui", "app/conduct.rs", "voice/host.rs", "voice/system_host.rs"];
    assert_eq!(with("io::stdout()", &doors), Vec::<String>::new());
    let doors = ["app/print.rs", "tui", "app/conduct.rs", "app/replay"];
    assert_eq!(with("io::stderr()", &doors), Vec::<String>::new());
}

#[test]
fn names_of_files_are_shown_through_the_sanitiser_alone() {
    assert_eq!(with(".display()", &[]), Vec::<String>::new(), "use interview::text::path");
}

#[test]
fn programs_are_started_in_one_place() {
    assert_eq!(with("Command::new(", &["voice/process.rs"]), Vec::<String>::new());
}

#[test]
fn the_check_finds_what_it_looks_for() {
    assert!(names("use cpal::Stream;", "cpal"));
    assert!(!names("let cpal_like = 1;", "cpal"));
    assert_eq!(without_comments("a // cpal\nb"), "a \nb");
}
