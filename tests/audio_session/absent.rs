//! What is refused, and what is offered instead.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use crate::program::{LONG, Program, greenroom, report, run, said, session, sessions};
use crate::support::rig::Rig;

const SHORT: [&str; 4] = ["--bank", "short", "--count", "1"];

#[test]
fn a_session_that_runs_is_not_resumed_beside_itself() {
    let rig = Rig::start();
    let mut program = Program::rehearse(&rig, "1", &["--limit", "30s"]);
    program.expect("Answer now", LONG);
    let name = session(&rig).file_name().expect("a name").to_string_lossy().into_owned();
    let (asked, output) = (Instant::now(), run(&rig, &["resume", &name]));
    let took = asked.elapsed();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("in use by another greenroom"), "{}", said(&output));
    assert!(took < Duration::from_secs(4), "{took:?}");
    println!("refused after {} ms", took.as_millis());
    assert_eq!(sessions(&rig).len(), 1);
}

/// Runs the program where no server is.
fn without_sound(rig: &Rig, arguments: &[&str]) -> (Output, Duration) {
    let began = Instant::now();
    let mut command = greenroom(rig);
    command.env("PULSE_SERVER", "unix:/nowhere/at/all").args(arguments);
    (command.output().expect("the program starts"), began.elapsed())
}

#[test]
fn without_server_and_device_the_remedies_are_named_and_the_demonstration_works() {
    let rig = Rig::without_server();
    // ALSA leads to the server, which is not there; to a card that is not there; and to nothing.
    for alsa in ["", "pcm.!default { type hw card 99 }\nctl.!default { type hw card 99 }\n", "pcm.!default nothing\n"] {
        fs::write(rig.folder().join(".asoundrc"), alsa).expect("a file in the rig's folder");
        let (output, took) = without_sound(&rig, &[&["rehearse"], &SHORT[..]].concat());
        println!("refused after {} ms: {}", took.as_millis(), said(&output).trim());
        assert!(took < Duration::from_secs(15), "{took:?}");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        for remedy in ["greenroom demo", "--input wav:"] {
            assert!(said(&output).contains(remedy), "{}", said(&output));
        }
        assert_eq!(sessions(&rig), Vec::<&Path>::new(), "no folder is left behind");
    }
    let (output, took) = without_sound(&rig, &["demo"]);
    println!("the demonstration took {} ms", took.as_millis());
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("does not wait"), "{}", said(&output));
    let report = report(&rig);
    assert_eq!((&report["outcome"], report["turns"].as_array().map(Vec::len)), (&"finished".into(), Some(3)));
}

#[test]
fn an_unknown_microphone_offers_the_nearest() {
    let rig = Rig::start();
    for (asked, offered) in [("mik", "did you mean `mic`"), ("nosuch", "there are `Microphone`")] {
        let output = run(&rig, &[&["rehearse", "--input", asked], &SHORT[..]].concat());
        let said = said(&output);
        assert!(!output.status.success() && said.contains(&format!("`{asked}`")) && said.contains(offered), "{said}");
        assert!(!said.to_lowercase().contains("monitor"), "what the speaker plays is no microphone: {said}");
    }
    assert_eq!(sessions(&rig), Vec::<&Path>::new(), "no folder is left behind");
}
