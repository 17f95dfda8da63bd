//! Voice programs that do what they like: each costs its prompt at most, and what it got was clean.

use std::fs;
use std::time::Duration;

use greenroom::interview::Text;
use greenroom::ports::Utterance;
use greenroom::voice::Chain;
use greenroom::voice::command::UserCommand;

use crate::harmless::harmless;
use crate::place::{Place, Ran};

const SESSION: [&str; 11] =
    ["rehearse", "--count", "1", "--limit", "1s", "--fast", "--input", "wav:a.wav", "--output", "none", "--voice"];

/// Rehearses with a voice program made of these lines for the shell.
fn rehearse(place: &Place, lines: &str) -> Ran {
    place.tone("a.wav");
    let voice = place.script("voice", lines);
    fs::write(place.in_home("config.toml"), format!("voice_command = [\"{}\"]\n", voice.display())).unwrap();
    place.run(&[&SESSION[..], &["command"]].concat())
}

/// The head of a WAV file that says it has so many bytes of sound.
fn head(said: u32) -> String {
    let bytes = [
        &b"RIFF"[..],
        &said.saturating_add(36).to_le_bytes(),
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data",
        &said.to_le_bytes(),
    ]
    .concat();
    bytes.iter().map(|byte| format!("\\{byte:03o}")).collect()
}

#[test]
fn a_voice_program_gets_nothing_but_the_clean_text() {
    let place = Place::new();
    let evil =
        r"a\u001b]52;c;x\u0007\u009b2J\r\n\u202e\u0000\u2028b -f/etc/passwd <speak> $(touch OWNED) \U000e0041 Why?";
    let bank = format!(
        "schema = 1\nid = \"evil\"\ntitle = \"T\"\n[[section]]\nid = \"s\"\ntitle = \"S\"\nformat = \"drill\"\n\
         [[question]]\nid = \"q\"\nsection = \"s\"\nprompt = \"{evil}\"\n"
    );
    place.write("home/questions/evil.toml", bank);
    fs::write(place.at("config"), "").unwrap();
    place.tone("a.wav");
    let (got, words) = (place.at("got").display().to_string(), place.at("words").display().to_string());
    let tone = place.at("a.wav").display().to_string();
    let voice = place.script("voice", &format!("cat >> {got}; echo $# \"$@\" >> {words}; cat {tone}"));
    let config = format!("bank = \"evil\"\nvoice_command = [\"{}\", \"-m\", \"$(touch OWNED)\"]\n", voice.display());
    fs::write(place.in_home("config.toml"), config).unwrap();
    place.run(&[&SESSION[..], &["command"]].concat()).is_harmless().succeeds();
    let got = fs::read_to_string(got).expect("it got text");
    harmless(&got, true);
    assert_eq!(got.matches('\n').count(), 1, "a text is a line: {got:?}");
    assert!(got.contains("Why?"), "{got:?}");
    assert_eq!(fs::read_to_string(words).unwrap(), "2 -m $(touch OWNED)\n", "its arguments are those of the settings");
    assert!(!place.at("OWNED").exists());
}

#[test]
fn a_voice_program_that_floods_its_output_is_stopped_and_another_speaks() {
    for lines in [
        "exec yes".to_owned(),
        "exec cat /dev/zero".to_owned(),
        format!("printf '{}'; exec cat /dev/zero", head(0xFFFF_FFF0)),
    ] {
        let place = Place::new();
        let ran = rehearse(&place, &lines);
        ran.is_harmless().succeeds();
        assert!(ran.said().contains("more sound than any prompt needs"), "{}", ran.said());
        assert!(ran.said().contains("built-in (en-US) speaks from here on"), "{}", ran.said());
        assert!(ran.took < Duration::from_secs(30), "{:?}", ran.took);
    }
}

#[test]
fn a_head_that_promises_four_gigabytes_is_not_believed() {
    let place = Place::new();
    let tone = place.at("a.wav").display().to_string();
    let ran = rehearse(&place, &format!("printf '{}'; tail -c 30000 {tone}", head(0xFFFF_FFF0)));
    ran.is_harmless().succeeds();
    assert!(!ran.said().contains("from here on"), "what is there is played: {}", ran.said());
}

#[test]
fn sound_of_a_quarter_of_an_hour_is_no_prompt() {
    let place = Place::new();
    // 8 bits at 4 kHz: 15 minutes fit into 4 MB.
    let head = r"RIFF\377\377\377\377WAVEfmt \020\000\000\000\001\000\001\000\240\017\000\000\240\017\000\000\001\000\010\000data\377\377\377\377";
    let ran = rehearse(&place, &format!("printf '{head}'; head -c 8000000 /dev/urandom"));
    ran.is_harmless().succeeds();
    assert!(ran.said().contains("longer than 15 minutes") && ran.said().contains("built-in"), "{}", ran.said());
}

#[test]
fn a_voice_program_that_fails_in_any_way_is_told_of_and_another_speaks() {
    for (lines, why) in [
        ("exit 3", "exit status: 3"),
        ("kill -SEGV $$", "signal: 11"),
        ("true", "not a WAV file"),
        ("echo '<html>'", "not a WAV file"),
        ("printf '\\033]52;c;x\\007'", "not a WAV file"),
        ("printf 'RIFF\\377\\377\\377\\377WAVEdata\\377\\377\\377\\377'", "before its format"),
    ] {
        let place = Place::new();
        let ran = rehearse(&place, lines);
        ran.is_harmless().succeeds();
        assert!(ran.said().contains(why), "{lines}: {}", ran.said());
        assert!(ran.said().contains("built-in (en-US) speaks from here on"), "{lines}: {}", ran.said());
    }
}

#[test]
fn what_a_voice_program_leaves_behind_ends_with_it_and_is_not_waited_for() {
    let place = Place::new();
    let (tone, pids) = (place.at("a.wav").display().to_string(), place.at("pids").display().to_string());
    let lines = format!("for n in 1 2 3 4; do sleep 300 & echo $! >> {pids}; done; cat {tone}");
    let ran = rehearse(&place, &lines);
    ran.is_harmless().succeeds();
    assert!(!ran.said().contains("from here on"), "{}", ran.said());
    assert!(ran.took < Duration::from_secs(50), "{:?}", ran.took);
    let pids = fs::read_to_string(pids).unwrap();
    let until = std::time::Instant::now() + Duration::from_secs(10);
    for pid in pids.lines() {
        while runs(pid) && std::time::Instant::now() < until {
            std::thread::yield_now();
        }
        assert!(!runs(pid), "{pid} still runs");
    }
}

fn runs(pid: &str) -> bool {
    let status = std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps is there");
    let state = String::from_utf8_lossy(&status.stdout);
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[test]
fn a_voice_program_that_never_ends_is_given_up_for_the_next() {
    let place = Place::new();
    place.tone("a.wav");
    let good = place.script("good", &format!("cat {}", place.at("a.wav").display()));
    for lines in ["exec sleep 300", "trap '' TERM HUP INT; while :; do :; done", "exec >&-; exec sleep 300"] {
        let bad = place.script("bad", lines);
        let voice = |program: &std::path::Path| {
            let found = UserCommand::find(&[program.display().to_string()]).expect("it is a program");
            found.with_patience(Duration::from_secs(2))
        };
        let mut chain = Chain::of(vec![Box::new(voice(&bad)), Box::new(voice(&good))]);
        let (utterance, notice) = chain.utter(&Text::clean("Why do you ask?"));
        assert!(matches!(utterance, Utterance::Clip(_)));
        let notice = notice.expect("somebody is told");
        assert!(notice.contains("did not answer within 2 s") && notice.contains("speaks from here on"), "{notice}");
    }
}
