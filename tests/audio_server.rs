//! Real microphones and speakers, on a private sound server.

#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use greenroom::audio::resample::resample;
use greenroom::interview::SampleRate;
use support::rig::{RATE, Rig, find, load, noise, until, write_wav};
use support::scenario::{LONG, Scenario, TOLD, run_if_told};

/// What the tests below start in a process of its own; by itself there is nothing to do.
#[test]
fn a_scenario() {
    run_if_told();
}

fn what_is_said_is_captured_sample_for_sample(host: &str, busy: bool) {
    let rig = Rig::start();
    let said = noise(6 * RATE as usize, 1);
    let wav = rig.folder().join("said.wav");
    write_wav(&wav, &said, RATE);
    let scenario = Scenario::start(&rig, "capture", host, "");
    scenario.expect("open", LONG);
    let _load = busy.then(load);
    rig.say(&wav).wait();
    until("all of it is captured", LONG, || {
        let captured = scenario.captured();
        find(&captured, &said).is_some_and(|at| captured.len() >= at + said.len())
    });
    let captured = scenario.captured();
    let at = find(&captured, &said).expect("its beginning is there");
    let wrong = said.iter().zip(&captured[at..]).position(|(said, captured)| said != captured);
    let why = wrong.map(|wrong| what_went_wrong(&said, &captured[at..], wrong));
    assert_eq!(why, None, "of {} frames", said.len());
    let heard = fs::read_to_string(&scenario.stderr).expect("the file is there");
    assert_eq!(heard, "", "a sound library wrote into the terminal");
    scenario.end();
}

/// Tells frames that were lost from frames that came too late to be played, in a comparison that fails at `wrong`.
fn what_went_wrong(said: &[i16], captured: &[i16], wrong: usize) -> String {
    let zeros = captured[wrong..].iter().take_while(|&&sample| sample == 0).count();
    let after = &captured[wrong + zeros..];
    let goes_on = after.get(..64).and_then(|head| find(said, head));
    format!("at {wrong}: {zeros} zeros, then it goes on from {goes_on:?}")
}

#[test]
fn the_pulse_host_captures_sample_for_sample() {
    what_is_said_is_captured_sample_for_sample("pulse", false);
}

#[test]
fn the_pulse_host_captures_sample_for_sample_on_a_busy_machine() {
    what_is_said_is_captured_sample_for_sample("pulse", true);
}

#[test]
fn the_alsa_host_captures_sample_for_sample() {
    what_is_said_is_captured_sample_for_sample("alsa", false);
}

#[test]
fn the_alsa_host_captures_sample_for_sample_on_a_busy_machine() {
    what_is_said_is_captured_sample_for_sample("alsa", true);
}

fn told_in_time(told: (String, Duration)) {
    let (what, time) = told;
    println!("told after {time:?}: {what}");
    assert!(time <= TOLD, "told only after {time:?}: {what}");
}

/// Says something into the microphone and waits until the scenario has captured it.
fn captures_again(rig: &Rig, scenario: &Scenario, seed: u32) {
    let said = noise(RATE as usize, seed);
    let wav = rig.folder().join("again.wav");
    write_wav(&wav, &said, RATE);
    let mut saying = rig.say(&wav);
    until("what is said is captured", LONG, || find(&scenario.captured(), &said[1_000..2_000]).is_some());
    saying.wait();
}

fn a_removed_microphone_is_lost_and_found(host: &str) {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", host, "");
    scenario.expect("open", LONG);
    captures_again(&rig, &scenario, 2);
    rig.unplug_mic();
    told_in_time(scenario.expect("lost", LONG));
    let meanwhile = scenario.lines.recv_timeout(TOLD);
    assert_eq!(meanwhile, Err(RecvTimeoutError::Timeout), "the speaker's monitor is no microphone");
    rig.plug_mic();
    scenario.expect("back", LONG);
    captures_again(&rig, &scenario, 3);
    scenario.end();
}

#[test]
fn the_pulse_host_loses_and_finds_a_removed_microphone() {
    a_removed_microphone_is_lost_and_found("pulse");
}

#[test]
fn the_alsa_host_loses_and_finds_a_removed_microphone() {
    a_removed_microphone_is_lost_and_found("alsa");
}

fn a_killed_server_is_told_of_and_found_again(host: &str) {
    let mut rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", host, "");
    scenario.expect("open", LONG);
    captures_again(&rig, &scenario, 4);
    rig.kill_server();
    told_in_time(scenario.expect("lost", LONG));
    rig.start_server();
    scenario.expect("back", LONG);
    captures_again(&rig, &scenario, 5);
    scenario.end();
}

#[test]
fn the_pulse_host_survives_a_killed_server() {
    a_killed_server_is_told_of_and_found_again("pulse");
}

#[test]
fn the_alsa_host_survives_a_killed_server() {
    a_killed_server_is_told_of_and_found_again("alsa");
}

fn a_suspended_source_is_told_of_and_found_again(host: &str) {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", host, "");
    scenario.expect("open", LONG);
    captures_again(&rig, &scenario, 6);
    rig.suspend_mic(true);
    told_in_time(scenario.expect("lost", LONG));
    rig.suspend_mic(false);
    scenario.expect("back", LONG);
    captures_again(&rig, &scenario, 7);
    scenario.end();
}

#[test]
fn the_pulse_host_survives_a_suspended_source() {
    a_suspended_source_is_told_of_and_found_again("pulse");
}

#[test]
fn the_alsa_host_survives_a_suspended_source() {
    a_suspended_source_is_told_of_and_found_again("alsa");
}

fn a_server_that_hangs_is_told_of_and_found_again(host: &str) {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", host, "");
    scenario.expect("open", LONG);
    rig.freeze_server();
    told_in_time(scenario.expect("lost", LONG));
    rig.thaw_server();
    scenario.expect("back", 2 * LONG);
    captures_again(&rig, &scenario, 8);
    scenario.end();
}

#[test]
fn the_pulse_host_survives_a_server_that_hangs() {
    a_server_that_hangs_is_told_of_and_found_again("pulse");
}

#[test]
fn the_alsa_host_survives_a_server_that_hangs() {
    a_server_that_hangs_is_told_of_and_found_again("alsa");
}

#[test]
fn a_server_that_hangs_from_the_start_is_an_error_within_six_seconds() {
    let rig = Rig::start();
    rig.freeze_server();
    for (what, host) in [("capture", "pulse"), ("capture", "alsa"), ("playback", "alsa"), ("capture", "")] {
        let scenario = Scenario::start(&rig, what, host, "");
        let (error, _) = scenario.expect("error", Duration::from_secs(8));
        assert!(error.contains("Hung") || error.contains("HostUnavailable"), "{error}");
    }
}

#[test]
fn a_microphone_that_gives_no_frame_is_an_error_within_five_seconds() {
    let rig = Rig::start();
    rig.suspend_mic(true);
    for host in ["pulse", "alsa"] {
        let scenario = Scenario::start(&rig, "capture", host, "");
        let (error, _) = scenario.expect("error", Duration::from_secs(6));
        assert!(error.contains("Hung") && error.contains("starting the microphone"), "{error}");
    }
}

#[test]
fn without_a_server_there_is_no_microphone_and_nothing_on_standard_error() {
    let rig = Rig::without_server();
    for (what, error) in [("capture", "NoInputDevice"), ("playback", "NoOutputDevice")] {
        let scenario = Scenario::start(&rig, what, "", "");
        let (line, _) = scenario.expect("error", LONG);
        assert!(line.contains(error), "{line}");
        assert_eq!(fs::read_to_string(&scenario.stderr).expect("the file is there"), "");
    }
}

#[test]
fn digital_silence_is_told_of_once_and_within_three_seconds() {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", "pulse", "");
    scenario.expect("open", LONG);
    let (notice, time) = scenario.expect("notice", LONG);
    assert!(notice.contains("digital silence"), "{notice}");
    assert!(time <= TOLD, "{time:?}");
    captures_again(&rig, &scenario, 9);
}

#[test]
fn a_microphone_that_moves_to_another_one_goes_on_with_a_notice() {
    let rig = Rig::start();
    rig.plug_second_mic();
    let scenario = Scenario::start(&rig, "capture", "pulse", "mic");
    scenario.expect("open Microphone", LONG);
    captures_again(&rig, &scenario, 10);
    rig.ask(&["set-default-source", "mic2"]).expect("the server obeys");
    rig.move_newest_to("mic2");
    let (notice, _) = scenario.expect("notice the microphone Microphone is gone", TOLD);
    assert!(notice.contains("mic2") || notice.contains("Remapped"), "{notice}");
    captures_again(&rig, &scenario, 11);
    scenario.end();
}

#[test]
fn a_muted_microphone_is_told_of() {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", "pulse", "");
    scenario.expect("open", LONG);
    rig.mute_mic(true);
    let (notice, _) = scenario.expect("notice", TOLD);
    assert!(notice.contains("muted"), "{notice}");
}

#[test]
fn a_monitor_is_recorded_only_when_it_is_asked_for() {
    let rig = Rig::start();
    rig.unplug_mic();
    for host in ["pulse", "alsa"] {
        let scenario = Scenario::start(&rig, "capture", host, "");
        let (error, _) = scenario.expect("error", LONG);
        assert!(error.contains("NoInputDevice") || error.contains("Monitor"), "{error}");
    }
    let scenario = Scenario::start(&rig, "capture", "pulse", "speaker.monitor");
    scenario.expect("open", LONG);
}

#[test]
fn an_unknown_device_and_an_unknown_host_offer_what_there_is() {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "capture", "pulse", "mik");
    let (error, _) = scenario.expect("error", LONG);
    assert!(error.contains("did you mean `mic`"), "{error}");
    let scenario = Scenario::start(&rig, "capture", "puls", "");
    let (error, _) = scenario.expect("error", LONG);
    assert!(error.contains("`--host` takes pulse or alsa"), "{error}");
}

#[test]
fn looking_for_a_microphone_does_not_use_up_the_server() {
    let rig = Rig::start();
    let clients = || rig.ask(&["list", "short", "clients"]).expect("the server answers").lines().count();
    let scenario = Scenario::start(&rig, "capture", "pulse", "");
    scenario.expect("open", LONG);
    let before = clients();
    rig.unplug_mic();
    scenario.expect("lost", LONG);
    let (began, mut most) = (Instant::now(), 0);
    until("five seconds of attempts are over", LONG, || {
        most = most.max(clients());
        began.elapsed() >= Duration::from_secs(5)
    });
    assert!(most <= before + 3, "{most} clients, {before} before");
    rig.plug_mic();
    scenario.expect("back", LONG);
    scenario.end();
}

#[test]
fn the_survey_marks_the_default_and_the_monitor() {
    let rig = Rig::start();
    let scenario = Scenario::start(&rig, "survey", "", "");
    scenario.expect("chosen Some(\"pulse\")", LONG);
    let mut lines = Vec::new();
    while let Ok(line) = scenario.lines.recv_timeout(LONG)
        && line != "end"
    {
        lines.push(line);
    }
    for expected in [
        "input speaker.monitor `Monitor of Speaker` default=false monitor=true",
        "input mic `Microphone` default=true monitor=false",
        "output speaker `Speaker` default=true monitor=false",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("error")), "{lines:?}");
}

fn a_clip_is_heard_to_its_end(host: &str) {
    let rig = Rig::start();
    // Noise has more than a lower rate holds, so it is smoothed first, as speech is.
    let clip: Vec<i16> =
        noise(40_000, 12).windows(8).map(|few| (few.iter().map(|&s| i32::from(s)).sum::<i32>() / 8) as i16).collect();
    let wav = rig.folder().join("clip.wav");
    write_wav(&wav, &clip, 16_000);
    let mut scenario = Scenario::start(&rig, "playback", host, "");
    scenario.expect("open", LONG);
    let listening = rig.listen();
    scenario.order(&wav.display().to_string());
    let (_, began) = scenario.expect("sounding", TOLD);
    let (_, sounded) = scenario.expect("idle", LONG);
    println!("sounding after {began:?}, idle after {sounded:?}");
    let duration = Duration::from_secs_f64(clip.len() as f64 / 16_000.0);
    assert!(sounded >= duration && sounded < duration + Duration::from_secs(1), "{sounded:?} for {duration:?}");
    let expected = resample(&clip, SampleRate(16_000), SampleRate(RATE));
    // A busy machine may make the speaker pause in the middle, but what is played is the clip, piece for piece.
    let pieces = expected[480..].chunks_exact(1_200).collect::<Vec<_>>();
    until("the clip is heard", LONG, || find(&listening.heard(), pieces[pieces.len() - 1]).is_some());
    let heard = listening.heard();
    let (mut from, mut found) = (0, 0);
    for piece in &pieces {
        if let Some(at) = find(&heard[from..], piece).filter(|at| heard[from + at..].starts_with(piece)) {
            (from, found) = (from + at + piece.len(), found + 1);
        }
    }
    assert!(found + 5 >= pieces.len(), "{found} of {} pieces were heard as they are", pieces.len());
}

#[test]
fn a_clip_is_heard_to_its_end_over_the_pulse_host() {
    a_clip_is_heard_to_its_end("pulse");
}

#[test]
fn a_clip_is_heard_to_its_end_over_the_alsa_host() {
    a_clip_is_heard_to_its_end("alsa");
}

#[test]
fn a_stopped_clip_is_silent_soon_and_the_next_one_is_heard() {
    let rig = Rig::start();
    let (long, short) = (rig.folder().join("long.wav"), rig.folder().join("short.wav"));
    let (long_noise, short_noise) = (noise(20 * RATE as usize, 13), noise(RATE as usize / 2, 14));
    write_wav(&long, &long_noise, RATE);
    write_wav(&short, &short_noise, RATE);
    let mut scenario = Scenario::start(&rig, "playback", "pulse", "");
    scenario.expect("open", LONG);
    let listening = rig.listen();
    scenario.order(&long.display().to_string());
    scenario.expect("sounding", TOLD);
    until("it is heard", LONG, || find(&listening.heard(), &long_noise).is_some());
    let frames = listening.heard().len();
    scenario.order("stop");
    scenario.expect("idle", TOLD);
    until("it is silent", TOLD, || listening.heard()[frames..].windows(480).any(|few| few.iter().all(|&s| s == 0)));
    let heard = listening.heard();
    let silent = heard[frames..].windows(480).position(|few| few.iter().all(|&s| s == 0)).expect("it is silent");
    println!("silent {} ms after the stop", silent * 1_000 / RATE as usize);
    assert!(silent < RATE as usize / 3, "silent only after {silent} frames");
    scenario.order(&short.display().to_string());
    scenario.expect("idle", LONG);
    until("the next clip is heard", LONG, || find(&listening.heard(), &short_noise).is_some());
}

fn a_speaker_that_dies_fails_the_clip_and_plays_the_next_one(host: &str) {
    let mut rig = Rig::start();
    let (long, short) = (rig.folder().join("long.wav"), rig.folder().join("short.wav"));
    let short_noise = noise(RATE as usize, 16);
    write_wav(&long, &noise(20 * RATE as usize, 15), RATE);
    write_wav(&short, &short_noise, RATE);
    let mut scenario = Scenario::start(&rig, "playback", host, "");
    scenario.expect("open", LONG);
    scenario.order(&long.display().to_string());
    scenario.expect("sounding", TOLD);
    rig.kill_server();
    told_in_time(scenario.expect("failed", LONG));
    rig.start_server();
    let listening = rig.listen();
    scenario.order(&short.display().to_string());
    scenario.expect("sounding", TOLD);
    scenario.expect("idle", LONG);
    until("the next clip is heard", LONG, || find(&listening.heard(), &short_noise).is_some());
}

#[test]
fn the_pulse_host_plays_on_after_the_server_was_killed() {
    a_speaker_that_dies_fails_the_clip_and_plays_the_next_one("pulse");
}

#[test]
fn the_alsa_host_plays_on_after_the_server_was_killed() {
    a_speaker_that_dies_fails_the_clip_and_plays_the_next_one("alsa");
}
