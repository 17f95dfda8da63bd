//! What is heard of a replay: at any speed, without silences, over and over, and from wherever one goes.

use std::path::PathBuf;
use std::time::Instant;

use crate::pitch;
use crate::sound::peak;
use crate::support::rig::{Listening, RATE, Rig, find, load, noise, until, write_wav};
use crate::support::scenario::{LONG, Scenario};

/// How many frames of a join are heard with another place in them: 5 ms.
const FADE: usize = 240;

/// So many frames know a place in noise that never repeats.
const SOME: usize = 2_000;

fn started(rig: &Rig) -> Scenario {
    let scenario = Scenario::start(rig, "deck", "pulse", "");
    scenario.expect("open", LONG);
    scenario
}

fn recording(rig: &Rig, samples: &[i16], rate: u32) -> PathBuf {
    let path = rig.folder().join("take.wav");
    write_wav(&path, samples, rate);
    path
}

fn loaded(rig: &Rig, path: &std::path::Path) -> Scenario {
    let mut scenario = started(rig);
    scenario.order(&format!("load {}", path.display()));
    scenario
}

/// Waits until this much of the recording is heard; returns where.
fn heard(listening: &Listening, what: &[i16]) -> usize {
    let mut found = None;
    until("it is heard", LONG, || {
        let heard = listening.heard();
        found = find(&heard, what).filter(|at| heard.len() >= at + what.len());
        found.is_some()
    });
    found.expect("it was found")
}

#[test]
fn a_recording_of_two_parts_is_heard_sample_for_sample_on_a_busy_machine_too() {
    let rig = Rig::start();
    let sound = noise(5 * RATE as usize, 1);
    let (one, other) = (rig.folder().join("1.wav"), rig.folder().join("2.wav"));
    write_wav(&one, &sound[..100_001], RATE);
    write_wav(&other, &sound[100_001..], RATE);
    let mut scenario = started(&rig);
    let listening = rig.listen();
    scenario.order(&format!("load {} {}", one.display(), other.display()));
    let _load = load();
    scenario.order("play");
    scenario.expect("Playing", LONG);
    let (over, _) = scenario.expect("Over", LONG);
    assert_eq!(over, "Over at 5000000");
    until("all of it is heard", LONG, || {
        let heard = listening.heard();
        find(&heard, &sound).is_some_and(|at| heard.len() >= at + sound.len() + 4_800)
    });
    let heard = listening.heard();
    let at = find(&heard, &sound).expect("it was found");
    let wrong = sound.iter().zip(&heard[at..]).position(|(played, heard)| played != heard);
    assert_eq!(wrong, None, "of {} frames", sound.len());
    assert_eq!(peak(&heard[..at]), 0, "nothing before it");
    assert_eq!(peak(&heard[at + sound.len()..]), 0, "nothing after it");
    scenario.end();
}

/// Three seconds of a voice: harmonics of a fundamental that moves, in syllables.
fn voice(rate: u32, seconds: f64) -> Vec<i16> {
    let mut phase = 0.0f64;
    (0..(f64::from(rate) * seconds) as usize)
        .map(|n| {
            let time = n as f64 / f64::from(rate);
            phase += 140.0 * 2f64.powf(0.15 * (2.0 * time).sin()) / f64::from(rate);
            let syllable = 0.3 + 0.7 * (std::f64::consts::PI * 4.0 * time).sin().powi(2);
            let sum: f64 = (1..12).map(|k| (std::f64::consts::TAU * phase * f64::from(k)).sin() / f64::from(k)).sum();
            (6_000.0 * syllable * sum) as i16
        })
        .collect()
}

#[test]
fn the_pitch_stays_within_a_percent_at_any_speed() {
    let rig = Rig::start();
    for (rate, seconds) in [(48_000, 4.0), (44_100, 4.0), (8_000, 4.0)] {
        let sound = voice(rate, seconds);
        let own = pitch::median([(rate, &sound[..])]).expect("it is voiced");
        let path = recording(&rig, &sound, rate);
        for speed in [0.75, 1.5, 3.0] {
            let mut scenario = loaded(&rig, &path);
            let listening = rig.listen();
            scenario.order(&format!("speed {speed}"));
            scenario.order("play");
            scenario.expect("Over", LONG);
            let heard = listening.heard();
            let begins = heard.iter().position(|sample| *sample != 0).expect("it is heard");
            let ends = heard.iter().rposition(|sample| *sample != 0).expect("it is heard");
            let length = (ends - begins) as f64 / f64::from(RATE);
            assert!((length - seconds / speed).abs() < 0.02, "{length} s are heard of {seconds} s at {speed}");
            let got = pitch::median([(RATE, &heard[begins..ends])]).expect("it is voiced");
            println!("{rate} Hz at {speed}: {own:.2} Hz became {got:.2} Hz, {:+.2} %", (got / own - 1.0) * 100.0);
            assert!((got / own - 1.0).abs() < 0.01, "{own} Hz became {got} Hz at {speed}");
            scenario.end();
        }
    }
}

#[test]
fn silence_is_left_out_and_all_else_is_heard() {
    let rig = Rig::start();
    let second = RATE as usize;
    let (one, two, three) = (noise(second, 2), noise(second, 3), noise(second, 4));
    let silence = vec![0; 3 * second];
    let path = recording(&rig, &[&one[..], &silence, &two, &silence, &three].concat(), RATE);
    let mut scenario = loaded(&rig, &path);
    let listening = rig.listen();
    scenario.order("skip 1.0 4.0 5.0 8.0");
    scenario.order("play");
    let (over, _) = scenario.expect("Over", LONG);
    assert_eq!(over, "Over at 9000000");
    let heard = listening.heard();
    let places: Vec<usize> =
        [&one, &two, &three].map(|part| find(&heard, part).expect("its beginning is heard")).to_vec();
    for (place, part) in places.iter().zip([&one, &two, &three]) {
        assert_eq!(&heard[*place..*place + second], &part[..], "all of it is heard");
    }
    // A quarter of a second is left of each silence.
    assert_eq!((places[1] - places[0], places[2] - places[1]), (second * 5 / 4, second * 5 / 4));
    scenario.end();
}

#[test]
fn a_loop_is_exact_to_the_frame() {
    let rig = Rig::start();
    let sound = noise(6 * RATE as usize, 5);
    let path = recording(&rig, &sound, RATE);
    let mut scenario = loaded(&rig, &path);
    let listening = rig.listen();
    // 28,801 frames, from the 48,007th on.
    let (begin, end) = (48_007usize, 48_007usize + 28_801);
    let place = |frame: usize| frame as f64 / f64::from(RATE);
    scenario.order(&format!("loop {} {}", place(begin), place(end)));
    scenario.order(&format!("seek {}", place(begin)));
    scenario.order("play");
    let enough = 8 * (end - begin);
    until("it is heard often enough", LONG, || {
        let heard = listening.heard();
        let loud = heard.iter().position(|sample| *sample != 0).unwrap_or(heard.len());
        heard.len() - loud > enough
    });
    let heard = listening.heard();
    let middle = &sound[begin + 1_000..begin + 1_000 + SOME];
    let first = find(&heard, middle).expect("it is heard");
    // The best of all periods around, by autocorrelation, is that of the loop.
    let alike = |lag: usize| -> f64 {
        let pairs = heard[first..].iter().zip(&heard[first + lag..first + lag + 20_000]);
        pairs.map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
    };
    let best = (28_601..29_001).max_by(|one, other| alike(*one).total_cmp(&alike(*other)));
    assert_eq!(best, Some(end - begin));
    for turn in 1..7 {
        let at = first - 1_000 + turn * (end - begin);
        assert_eq!(&heard[at + FADE..at + end - begin], &sound[begin + FADE..end], "turn {turn}");
    }
    scenario.order("where");
    let (told, _) = scenario.expect("at ", LONG);
    let told: f64 = told.trim_start_matches("at ").parse().expect("a number");
    assert!((place(begin)..place(end)).contains(&(told / 1e6)), "{told}");
    scenario.end();
}

#[test]
fn a_seek_lands_where_it_should_and_is_heard_at_once() {
    let rig = Rig::start();
    let sound = noise(60 * RATE as usize, 6);
    let path = recording(&rig, &sound, RATE);
    let mut scenario = loaded(&rig, &path);
    let listening = rig.listen();
    scenario.order("play");
    scenario.expect("Playing", LONG);
    heard(&listening, &sound[4_000..4_000 + SOME]);
    for second in [30usize, 59, 3, 45, 12] {
        let from = second * RATE as usize;
        let before = listening.heard().len();
        let ordered = Instant::now();
        scenario.order(&format!("seek {second}"));
        let at = heard(&listening, &sound[from + FADE..from + FADE + SOME]) - FADE;
        let waited = ordered.elapsed();
        let now = listening.heard();
        let old = at.saturating_sub(before) * 1_000 / RATE as usize;
        println!("to {second} s: the new sound begins {old} ms after the order, and is found {waited:?} after it");
        // Where what waits were not dropped, half a second of it would be heard first.
        assert!(old < 300, "{old} ms");
        // What was heard before it is one unbroken part of the recording, up to its fade.
        let old = at.saturating_sub(FADE + SOME);
        assert!(find(&sound, &now[old..old + SOME]).is_some(), "what was heard before was something else");
    }
    scenario.end();
}

#[test]
fn the_position_is_that_of_what_is_heard() {
    let rig = Rig::start();
    let sound = noise(30 * RATE as usize, 7);
    let path = recording(&rig, &sound, RATE);
    let mut scenario = loaded(&rig, &path);
    let listening = rig.listen();
    scenario.order("seek 10");
    scenario.order("play");
    let from = 10 * RATE as usize;
    let begins = heard(&listening, &sound[from + FADE..from + FADE + SOME]) - FADE;
    for _ in 0..10 {
        scenario.order("where");
        let (told, _) = scenario.expect("at ", LONG);
        let now = listening.heard().len();
        let told: f64 = told.trim_start_matches("at ").parse().expect("a number");
        let heard = 10.0 + (now - begins) as f64 / f64::from(RATE);
        println!("told {:.3} s, {heard:.3} s heard", told / 1e6);
        // The recorder of the test is behind what is heard by its own buffer.
        assert!((told / 1e6 - heard).abs() < 0.25, "{told} {heard}");
    }
    scenario.order("pause");
    let (paused, _) = scenario.expect("Paused at ", LONG);
    let paused: f64 = paused.trim_start_matches("Paused at ").parse().expect("a number");
    let frame = (paused / 1e6 * f64::from(RATE)).round() as usize;
    scenario.order("play");
    heard(&listening, &sound[frame + FADE..frame + FADE + SOME]);
    scenario.end();
}

#[test]
fn a_speaker_that_is_lost_is_told_of_and_what_was_played_goes_on_when_it_is_back() {
    let mut rig = Rig::start();
    let sound = noise(60 * RATE as usize, 8);
    let path = recording(&rig, &sound, RATE);
    let mut scenario = loaded(&rig, &path);
    scenario.order("play");
    scenario.expect("Playing", LONG);
    let listening = rig.listen();
    heard(&listening, &sound[48_000..48_000 + SOME]);
    drop(listening);
    rig.kill_server();
    let (failed, after) = scenario.expect("Failed", LONG);
    println!("after {after:?}: {failed}");
    let (_, place) = failed.rsplit_once(" at ").expect("it says where");
    let place: f64 = place.parse().expect("a number");
    assert!((1.0e6..9.0e6).contains(&place), "{failed}");
    rig.start_server();
    let listening = rig.listen();
    scenario.order("play");
    let frame = (place / 1e6 * f64::from(RATE)).round() as usize;
    heard(&listening, &sound[frame + FADE..frame + FADE + SOME]);
    scenario.end();
}
