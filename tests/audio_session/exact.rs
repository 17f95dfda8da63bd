//! What is kept of what the candidate says.

use crate::program::{LONG, Program, report, samples, session};
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
    println!("{host}, busy {busy}: {} frames are equal, from {at} of the take", speech().len());
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
