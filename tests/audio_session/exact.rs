//! What is kept of what the candidate says.

use serde_json::Value;

use crate::program::{LONG, Program, report, run, samples, session};
use crate::sound::{exactly, speech};
use crate::support::rig::{RATE, Rig, load, write_wav};

fn what_is_said_is_in_the_take(host: &str, busy: bool) {
    let rig = Rig::start();
    let wav = rig.folder().join("said.wav");
    write_wav(&wav, speech(), RATE);
    let _load = busy.then(load);
    let mut program = Program::rehearse(&rig, "1", &["--host", host, "--limit", "4s"]);
    program.expect("Answer now", LONG);
    let _saying = rig.say(&wav);
    program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let report = report(&rig);
    let take = &report["turns"][0]["takes"][0];
    assert_eq!(take["frames"], 4 * RATE, "the limit is kept to the frame");
    assert_eq!((&take["end"], &take["dropped"]), (&"time-up".into(), &0.into()), "{report}");
    let take = samples(&session(&rig).join(take["file"].as_str().expect("a file")));
    assert_eq!(take.len(), 4 * RATE as usize);
    let at = exactly(&take, speech());
    measured_as_it_is_kept(&rig, at);
    println!("{host}, busy {busy}: {} frames are equal, from {at} of the take", speech().len());
}

/// What was measured beside the recording is what the recording shows, to the last digit; and the first word is heard
/// where it was said, `at` frames from the beginning.
fn measured_as_it_is_kept(rig: &Rig, at: usize) {
    let kept = std::fs::read(session(rig).join("analysis/01-1.json")).expect("it was measured");
    let kept: Value = serde_json::from_slice(&kept).expect("it is JSON");
    let path = session(rig).join(kept["file"].as_str().expect("it has a name"));
    let path = path.to_str().expect("it is text");
    let mut shown: Value = serde_json::from_slice(&run(rig, &["analyze", "--json", path]).stdout).expect("it is JSON");
    shown["file"] = kept["file"].clone();
    shown.as_object_mut().expect("it is a table").remove("f0");
    assert_eq!(shown, kept);
    let first = kept["first_word_s"].as_f64().expect("there is speech");
    let said = at as f64 / f64::from(RATE);
    assert!((said - 0.05..said + 0.25).contains(&first), "the first word after {first} s, said from {said} s on");
}

#[test]
fn over_the_pulse_host_a_take_is_what_was_said_sample_for_sample() {
    what_is_said_is_in_the_take("pulse", false);
}

#[test]
fn over_the_pulse_host_a_take_is_what_was_said_on_a_busy_machine_too() {
    what_is_said_is_in_the_take("pulse", true);
}

#[test]
fn over_the_alsa_host_a_take_is_what_was_said_sample_for_sample() {
    what_is_said_is_in_the_take("alsa", false);
}

#[test]
fn over_the_alsa_host_a_take_is_what_was_said_on_a_busy_machine_too() {
    what_is_said_is_in_the_take("alsa", true);
}
