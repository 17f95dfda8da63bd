//! A voice that fails in the middle of a panel.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::place::{Place, noise, said};
use crate::session::{Session, text};

/// Speaks three texts, then none.
const FAILS: &str = "#!/bin/sh\ncat > /dev/null\nread -r said < \"$0.said\"\nsaid=$((said + 1))\n\
                     echo $said > \"$0.said\"\n[ $said -gt 3 ] && exit 3\ncat \"$0.wav\"\n";

#[test]
fn a_panelist_whose_voice_fails_gets_another_and_that_is_told_once() {
    let place = Place::new();
    let program = place.path("voice");
    place.write("voice", FAILS);
    place.write("voice.said", "0\n");
    place.wav("voice.wav", 16_000, &noise(16_000));
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("it can be made to run");
    place.write("home/config.toml", &format!("voice_command = [\"{}\"]\n", program.display()));
    let options = ["panel", "duo", "--seed", "3", "--voice", "command", "--input", "wav:talk.wav"];
    let output = place.run(&[&options[..], &["--output", "none", "--fast"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    let folder = fs::read_dir(place.path("home/recordings")).expect("it is there").flatten().next().expect("a session");
    let session = Session::read(&folder.path());
    session.is_in_order();

    // Who spoke with which voice, one after the other.
    let who = |entry: &crate::session::Entry| match entry.what["turn"].as_u64() {
        Some(turn) => text(&session.turns()[turn as usize]["panelist"]),
        None => text(&entry.what["panelist"]),
    };
    let spoken = session.journal.iter().filter(|entry| ["remark", "speak"].contains(&&*entry.event));
    let spoken: Vec<(String, String)> = spoken.map(|entry| (who(entry), text(&entry.what["voice"]))).collect();
    assert_eq!(spoken[0].1, "command (voice)");
    for panelist in ["host", "guest"] {
        let voices: Vec<&String> = spoken.iter().filter(|(who, _)| who == panelist).map(|(_, voice)| voice).collect();
        let first = voices.iter().position(|voice| voice.starts_with("built-in")).expect("it is replaced");
        assert!(voices[first..].iter().all(|voice| voice.starts_with("built-in")), "for good: {voices:?}");
    }
    let of = |panelist: &str| spoken.iter().rfind(|(who, _)| who == panelist).map(|(_, voice)| voice.clone());
    assert_ne!(of("host"), of("guest"), "they still sound like two");
    let told = said(&output);
    assert_eq!(told.matches("speaks from here on").count(), 2, "once for each of the two whose voice it was: {told}");
    assert_eq!(told.matches("all sound alike").count(), 1, "{told}");
}
