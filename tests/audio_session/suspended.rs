//! The program is suspended in the middle of an answer, as by a machine that has no time for it at all.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{LONG, Program, report, samples, session};
use crate::sound::{peak, unbroken};
use crate::support::rig::{RATE, Rig, noise, rest, until, write_wav};

const SUSPENDED: Duration = Duration::from_secs(4);

/// How many frames a new stream of a busy server may take until it has what is said now.
const BEGINS: usize = RATE as usize / 10;

/// What is in an answer in whose middle the program was suspended.
struct Answer {
    rig: Rig,
    /// Its only take, as it is told of.
    told: Value,
    take: Vec<i16>,
    said: Vec<i16>,
    heard: String,
}

/// An answer of 9 s in whose middle the program is suspended.
fn suspended_in_an_answer(host: &str) -> Answer {
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
    assert_eq!(takes.len(), 1, "the microphone was never gone: {report}; {}", program.heard());
    assert_eq!(takes[0]["end"], "time-up", "{report}");
    let take = samples(&file);
    assert_eq!(take.len(), 9 * RATE as usize);
    assert!(took < Duration::from_secs(9) + SUSPENDED, "the time in which it was suspended is a part of the answer");
    Answer { told: takes[0].clone(), take, said, heard: program.heard(), rig }
}

/// The gaps that the journal tells of, each with its place and its length in frames.
fn gaps(rig: &Rig) -> Vec<(u64, u64)> {
    let journal = std::fs::read_to_string(session(rig).join("journal.jsonl")).expect("there is a journal");
    let lines = journal.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let gaps = lines.filter(|line| line[1] == "gap");
    gaps.map(|line| (line[2]["at"].as_u64().expect("a number"), line[2]["frames"].as_u64().expect("a number")))
        .collect()
}

/// The server's stream does not survive it, unless its reader happened to be awake: what was said meanwhile is a gap of
/// its length, or is there.
#[test]
fn over_the_pulse_host_what_is_said_while_the_program_is_suspended_is_a_gap_of_its_length() {
    let Answer { rig, told, take, said, heard } = suspended_in_an_answer("pulse");
    let gaps = gaps(&rig);
    if gaps.is_empty() {
        assert_eq!(told["dropped"], 0);
        unbroken(&take, &said);
        return;
    }
    let [(at, frames)] = gaps[..] else { panic!("{gaps:?}; {heard}") };
    assert_eq!(told["dropped"], frames);
    let (at, frames) = (at as usize, frames as usize);
    let (before, after) = (&take[..at], &take[at + frames + BEGINS..]);
    assert_eq!(peak(&take[at..at + frames]), 0);
    // The clock of the take is that of what was said.
    let missing = unbroken(after, &said) - BEGINS - (unbroken(before, &said) + at);
    println!("{missing} frames are missing, and a silence of {frames} stands for them, {at} in");
    assert!(missing.abs_diff(frames) <= RATE as usize / 10, "a gap of {frames} frames for {missing}");
    assert!(frames >= (SUSPENDED.as_millis() as usize - 200) * RATE as usize / 1_000, "{frames} frames are the gap");
    assert!(heard.contains("were lost on the way"), "{heard}");
    assert!(!heard.contains("Held") && !heard.contains("microphone is back"), "{heard}");
}

/// ALSA's library keeps its stream, and the server keeps the frames for it.
#[test]
fn over_the_alsa_host_a_program_that_was_suspended_has_every_sample() {
    let Answer { rig, told, take, said, heard } = suspended_in_an_answer("alsa");
    assert_eq!((gaps(&rig), &told["dropped"]), (vec![], &0.into()), "{heard}");
    unbroken(&take, &said);
}

#[test]
fn over_the_pulse_host_a_program_may_be_suspended_again_and_again() {
    let rig = Rig::start();
    let said = noise(40 * RATE as usize, 43);
    let wav = rig.folder().join("talk.wav");
    write_wav(&wav, &said, RATE);
    let _talking = rig.say(&wav);
    let mut program = Program::rehearse(&rig, "1", &["--host", "pulse", "--limit", "9s"]);
    program.expect("Answer now", LONG);
    let file = session(&rig).join("takes/01-why-1.wav");
    until("something is said", LONG, || std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE) * 3));
    for (suspended, awake) in [(500, 60), (400, 20), (600, 150), (300, 0)] {
        program.suspend();
        rest(Duration::from_millis(suspended));
        program.wake();
        rest(Duration::from_millis(awake));
    }
    program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let report = report(&rig);
    assert_eq!(report["turns"][0]["takes"].as_array().map(Vec::len), Some(1), "{report}; {}", program.heard());
    let (take, gaps) = (samples(&file), gaps(&rig));
    assert_eq!(take.len(), 9 * RATE as usize);
    let (Some(first), Some(last)) = (gaps.first(), gaps.last()) else {
        unbroken(&take, &said);
        return;
    };
    let (first, after) = (first.0 as usize, (last.0 + last.1) as usize + BEGINS);
    let begins = unbroken(&take[..first], &said);
    let ahead = unbroken(&take[after..], &said) - begins;
    println!("the gaps {gaps:?} put {after} where {ahead} was said");
    assert!(ahead.abs_diff(after) <= RATE as usize / 10, "{after} for {ahead}: {gaps:?}");
}

/// The microphone holds frames back after the program woke, until their place is certain.
#[test]
fn over_the_pulse_host_an_answer_that_is_ended_just_after_waking_has_what_was_said() {
    for awake in [700, 1_200] {
        let rig = Rig::start();
        let said = noise(40 * RATE as usize, 44);
        let wav = rig.folder().join("talk.wav");
        write_wav(&wav, &said, RATE);
        let _talking = rig.say(&wav);
        let mut program = Program::rehearse(&rig, "1", &["--host", "pulse", "--limit", "20s"]);
        program.expect("Answer now", LONG);
        let file = session(&rig).join("takes/01-why-1.wav");
        until("something is said", LONG, || {
            std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE) * 5)
        });
        program.suspend();
        rest(Duration::from_secs(3));
        program.wake();
        let woke = Instant::now();
        rest(Duration::from_millis(awake));
        program.terminate();
        let ended = woke.elapsed();
        program.end(LONG);

        let (take, gaps) = (samples(&file), gaps(&rig));
        let whole = (Duration::from_secs(3) + ended).as_millis() as usize * RATE as usize / 1_000;
        if gaps.is_empty() {
            unbroken(&take, &said);
            assert!(take.len() >= whole, "{} frames with {whole} since it was suspended", take.len());
            continue;
        }
        let [(at, frames)] = gaps[..] else { panic!("{gaps:?}; {}", program.heard()) };
        let (at, frames) = (at as usize, frames as usize);
        let after = &take[at + frames + BEGINS..];
        let missing = unbroken(after, &said) - BEGINS - (unbroken(&take[..at], &said) + at);
        println!("{ended:?} after waking: a gap of {frames} for {missing}, then {} frames", after.len());
        assert!(missing.abs_diff(frames) <= RATE as usize / 10, "a gap of {frames} frames for {missing}");
        // What was said before the end, from the waking on, is in the gap or after it.
        assert!(take.len() - at >= whole - RATE as usize / 10, "{} of {whole} frames from {at} on", take.len() - at);
    }
}

#[test]
fn a_microphone_that_is_gone_when_the_program_wakes_is_lost() {
    let rig = Rig::start();
    let mut program = Program::rehearse(&rig, "1", &["--host", "pulse"]);
    program.expect("Answer now", LONG);
    let file = session(&rig).join("takes/01-why-1.wav");
    until("something is heard", LONG, || std::fs::metadata(&file).is_ok_and(|file| file.len() > u64::from(RATE)));
    program.suspend();
    rig.unplug_mic();
    rest(Duration::from_secs(1));
    program.wake();
    program.expect("Held:", LONG);
    rig.plug_mic();
    program.expect("The microphone is back", LONG);
    program.expect("Time is up", LONG);
    program.succeeds(LONG);
    let report = report(&rig);
    let ends: Vec<_> = (0..2).map(|take| report["turns"][0]["takes"][take]["end"].clone()).collect();
    assert_eq!(ends, ["capture-lost", "time-up"], "{report}");
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
    // A block that was begun before the source stood still comes whole after it, on a busy machine a further one.
    let begun = RATE as usize / 4;
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
