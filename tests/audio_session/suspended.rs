//! The program is suspended in the middle of an answer, as by a machine that has no time for it at all.

use std::time::Duration;

use crate::program::{LONG, Program, report, samples, session};
use crate::sound::{peak, unbroken};
use crate::support::rig::{RATE, Rig, noise, rest, until, write_wav};

const SUSPENDED: Duration = Duration::from_secs(4);

fn nothing_is_lost_over(host: &str) {
    let rig = Rig::start();
    let said = noise(40 * RATE as usize, 41);
    let wav = rig.folder().join("talk.wav");
    write_wav(&wav, &said, RATE);
    let _talking = rig.say(&wav);
    let mut program = Program::rehearse(&rig, "1", &["--host", host, "--limit", "9s"]);
    let (answering, _) = program.expect("Answer now", LONG);
    let file = session(&rig).join("takes/01-why-1.wav");
    until("something is said", LONG, || std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE) * 3));

    program.suspend();
    rest(SUSPENDED);
    program.wake();
    let (over, _) = program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let took = over.duration_since(answering);
    println!("{host}: an answer of 9 s took {took:?} with {SUSPENDED:?} in which the program was suspended");

    let report = report(&rig);
    let takes = report["turns"][0]["takes"].as_array().expect("takes");
    assert_eq!(takes.len(), 1, "the microphone was never gone: {report}");
    assert_eq!((&takes[0]["end"], &takes[0]["dropped"]), (&"time-up".into(), &0.into()), "{report}");
    let take = samples(&file);
    assert_eq!(take.len(), 9 * RATE as usize);
    unbroken(&take, &said);
    assert!(took < Duration::from_secs(9) + SUSPENDED, "the time in which it was suspended is a part of the answer");
}

#[test]
fn over_the_pulse_host_a_program_that_was_suspended_has_every_sample() {
    nothing_is_lost_over("pulse");
}

#[test]
fn over_the_alsa_host_a_program_that_was_suspended_has_every_sample() {
    nothing_is_lost_over("alsa");
}

fn a_question_is_spoken_to_its_end_over(host: &str) {
    let rig = Rig::start();
    let mut program = Program::rehearse(&rig, "1", &["--host", host, "--question", "story", "--limit", "1s"]);
    program.expect("Tell me about", LONG);
    let listening = rig.listen();
    until("it is spoken", LONG, || peak(&listening.heard()) > 1_000);
    program.suspend();
    rest(SUSPENDED);
    let silent_from = listening.heard().len();
    program.wake();
    program.expect("Think", LONG);
    assert!(peak(&listening.heard()[silent_from..]) > 1_000, "the rest of it is heard; {}", program.heard());
    program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let heard = program.heard();
    assert!(!heard.contains("the speaker"), "{heard}");
}

#[test]
fn over_the_pulse_host_a_question_is_spoken_on_after_the_program_was_suspended() {
    a_question_is_spoken_to_its_end_over("pulse");
}

#[test]
fn over_the_alsa_host_a_question_is_spoken_on_after_the_program_was_suspended() {
    a_question_is_spoken_to_its_end_over("alsa");
}

/// The source stands still for a moment, shorter than what is taken for gone: what is said in that time is nowhere, and
/// nobody says so.
fn a_gap_has_its_length_over(host: &str) {
    let rig = Rig::start();
    let said = noise(40 * RATE as usize, 42);
    let wav = rig.folder().join("talk.wav");
    write_wav(&wav, &said, RATE);
    let _talking = rig.say(&wav);
    let mut program = Program::rehearse(&rig, "1", &["--host", host, "--limit", "9s"]);
    program.expect("Answer now", LONG);
    let file = session(&rig).join("takes/01-why-1.wav");
    until("something is said", LONG, || std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE) * 6));
    rig.suspend_mic(true);
    rest(Duration::from_millis(900));
    rig.suspend_mic(false);
    program.expect("were lost on the way", LONG);
    program.expect("Time is up", LONG);
    program.succeeds(LONG);

    let report = report(&rig);
    let takes = report["turns"][0]["takes"].as_array().expect("takes");
    let take = samples(&file);
    assert_eq!((takes.len(), take.len()), (1, 9 * RATE as usize), "{report}");
    let parts: Vec<&[i16]> = take.split_inclusive(|sample| *sample == 0).collect();
    let silence = parts.iter().filter(|part| part.len() == 1).count();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let (before, after) = (&first[..first.len() - 1], last);
    assert_eq!(before.len() + silence + 1 + after.len(), take.len(), "one gap and sound around it");
    let gap = silence + 1;
    assert_eq!(takes[0]["dropped"], gap, "{report}");
    // A block that was begun before the source stood still comes whole after it.
    let begun = RATE as usize / 10;
    let (from, to) = (unbroken(&before[..before.len() - begun], &said), unbroken(&after[begun..], &said));
    let missing = to - begun - (from + before.len());
    println!("{host}: {missing} frames are missing, and a silence of {gap} stands for them, {} in", before.len());
    assert!(missing.abs_diff(gap) <= RATE as usize / 10, "a gap of {gap} frames for {missing}");
}

#[test]
fn over_the_pulse_host_what_a_source_lost_without_a_word_is_a_gap_of_its_length() {
    a_gap_has_its_length_over("pulse");
}

#[test]
fn over_the_alsa_host_what_a_source_lost_without_a_word_is_a_gap_of_its_length() {
    a_gap_has_its_length_over("alsa");
}
