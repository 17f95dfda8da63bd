//! The microphone changes in the middle of an answer, and the answer goes on: it is told, and all of it is kept.

use std::time::Instant;

use crate::lost::Talk;
use crate::program::{LONG, Program, TOLD, report, samples, session};
use crate::sound::{peak, unbroken};
use crate::support::rig::{RATE, Rig, find, until};

/// Changes something in an answer, and expects to be told so with these words; returns the take.
fn told_of(host: &str, words: &str, prepare: impl FnOnce(&Rig), change: impl FnOnce(&Rig, &mut Talk)) -> Vec<i16> {
    let rig = Rig::start();
    prepare(&rig);
    let mut talk = Talk::begin(&rig);
    let mut program = Program::rehearse(&rig, "1", &["--host", host, "--limit", "8s"]);
    program.expect("Answer now", LONG);
    let file = session(&rig).join("takes/01-why-1.wav");
    until("something is said", LONG, || std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE) * 3));
    change(&rig, &mut talk);
    let changed = Instant::now();
    let (told, line) = program.expect(words, LONG);
    let after = told.saturating_duration_since(changed);
    println!("{host}: told after {} ms: {line}", after.as_millis());
    assert!(after <= TOLD, "told only after {after:?}: {line}");
    program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let report = report(&rig);
    let takes = report["turns"][0]["takes"].as_array().expect("takes");
    assert_eq!((takes.len(), &takes[0]["end"]), (1, &"time-up".into()), "{report}");
    let take = samples(&file);
    assert_eq!(take.len(), 8 * RATE as usize);
    unbroken(&take[..RATE as usize], &talk.noise);
    take
}

#[test]
fn a_microphone_muted_in_an_answer_is_told() {
    let take = told_of("pulse", "is muted", |_| {}, |rig, _| rig.mute_mic(true));
    assert_eq!(peak(&take[take.len() - RATE as usize..]), 0, "what it heard is kept as it heard it");
}

#[test]
fn over_the_alsa_host_too_a_microphone_muted_in_an_answer_is_told() {
    told_of("alsa", "is muted", |_| {}, |rig, _| rig.mute_mic(true));
}

#[test]
fn a_microphone_that_delivers_only_zeros_from_now_on_is_told() {
    for host in ["pulse", "alsa"] {
        told_of(host, "now delivers only digital silence", |_| {}, |_, talk| talk.stop());
    }
}

#[test]
fn a_stream_moved_to_another_microphone_in_an_answer_is_told_and_goes_on() {
    let moved = |rig: &Rig, _: &mut Talk| rig.move_newest_to("mic2");
    let take = told_of("pulse", "recording goes on from", Rig::plug_second_mic, moved);
    let noise = crate::support::rig::noise(30 * RATE as usize, 21);
    let end = &take[take.len() - 2 * RATE as usize..];
    assert!(find(&noise, end).is_some(), "the other microphone is heard");
}

#[test]
fn a_microphone_removed_beside_another_one_is_never_left_for_it_in_silence() {
    let unplugged = |rig: &Rig, _: &mut Talk| rig.unplug_first_mic();
    told_of("pulse", "is gone: recording goes on from", Rig::plug_second_mic, unplugged);
}
