//! The whole folder of a small session, as it was when somebody last looked at it and found it good.

use std::fs;
use std::path::Path;

use crate::place::Place;
use crate::session::Session;

/// What makes the test write down what is, instead of comparing it.
const BLESS: &str = "GREENROOM_BLESS";

/// The text with what differs by the moment in brackets: the time and name of the session, and the checksums of the
/// journal's lines that have those in them.
fn timeless(session: &Session, file: &str) -> String {
    let text = fs::read_to_string(session.path.join(file)).expect("the file is there");
    let said = |key: &str| session.manifest[key].as_str().expect("it is a text").to_owned();
    let (name, started, ended) = (said("session"), said("started"), said("ended"));
    let line = |line: &str| {
        let timeless =
            line.replace(&name, "<session>").replace(&format!("\"ended\":\"{ended}\""), "\"ended\":\"<ended>\"");
        let timeless = timeless.replace(&format!("\"ended\": \"{ended}\""), "\"ended\": \"<ended>\"");
        let timeless = timeless.replace(&started, "<started>");
        match timeless.rsplit_once(",\"") {
            Some((body, _)) if timeless != line && line.starts_with('[') => format!("{body},\"<sum>\"]\n"),
            _ => timeless + "\n",
        }
    };
    text.lines().map(line).collect()
}

/// Every file of the folder with its length, but for those whose lengths follow from the others.
fn listing(folder: &Path) -> String {
    let mut lines = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder can be listed") {
            let path = entry.expect("an entry can be read").path();
            let name = path.strip_prefix(folder).expect("it lies in the folder").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".wav") {
                lines.push(format!("{name} {}\n", fs::metadata(&path).expect("a file is there").len()));
            } else {
                lines.push(format!("{name}\n"));
            }
        }
    }
    lines.sort();
    lines.concat()
}

/// Where two texts differ, a few lines around each place.
fn differences(golden: &str, now: &str) -> String {
    let (golden, now): (Vec<&str>, Vec<&str>) = (golden.lines().collect(), now.lines().collect());
    let mut told = String::new();
    let differing = (0..golden.len().max(now.len())).filter(|at| golden.get(*at) != now.get(*at));
    for at in differing.take(12) {
        let line = |lines: &[&str]| lines.get(at).map_or("(nothing)".to_owned(), |line| (*line).to_owned());
        told += &format!("line {}\n- {}\n+ {}\n", at + 1, line(&golden), line(&now));
    }
    told
}

#[test]
fn the_folder_of_a_session_is_as_it_was() {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3"]);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/panel");
    let files = [
        ("session.json", timeless(&session, "session.json")),
        ("journal.jsonl", timeless(&session, "journal.jsonl")),
        ("files.txt", listing(&session.path)),
    ];
    if std::env::var_os(BLESS).is_some() {
        fs::create_dir_all(&kept).expect("the sources can be written to");
        files.iter().for_each(|(name, text)| fs::write(kept.join(name), text).expect("the sources can be written to"));
    }
    for (name, now) in files {
        let golden = fs::read_to_string(kept.join(name)).unwrap_or_default();
        assert!(
            golden == now,
            "{name} of a panel's session is not what tests/golden/panel/{name} has:\n{}\nWhere this is what is wanted, \
             docs/format.md says so too, and old sessions can still be read, bless it:\n\
             {BLESS}=1 cargo test --test panel_session golden, and look at the change with git diff",
            differences(&golden, &now)
        );
    }
}
