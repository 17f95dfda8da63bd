//! What the candidate hears.

use std::time::{Duration, Instant};

use greenroom::audio::resample::resample;
use greenroom::interview::SampleRate;

use crate::program::{LONG, Program, samples, session};
use crate::sound::{peak, place, utterance};
use crate::support::rig::{Listening, RATE, Rig, until};

/// The moment of the first frame that was heard, or up to 50 ms later.
fn listening_since(listening: &Listening) -> Instant {
    let began = Instant::now();
    let mut since = None;
    until("the speaker was listened to for a while", LONG, || {
        let frames = listening.heard().len() as u32;
        let before = Instant::now() - Duration::from_secs(1) * frames / RATE;
        since = since.min(Some(before)).or(Some(before));
        began.elapsed() > Duration::from_millis(300)
    });
    since.expect("it was looked at")
}

#[test]
fn a_question_is_spoken_into_the_speaker_as_it_is_kept() {
    let rig = Rig::start();
    let listening = rig.listen();
    let since = listening_since(&listening);
    let options = ["--question", "story", "--prep", "2s", "--limit", "1s"];
    let mut program = Program::rehearse(&rig, "1", &options);
    let (opened, _) = program.expect("Voice: built-in", LONG);
    program.expect("Answer now", LONG);
    program.succeeds(LONG);

    let prompt = session(&rig).join("prompts/01.wav");
    let rate = hound::WavReader::open(&prompt).expect("the question is kept").spec().sample_rate;
    let clip = resample(&samples(&prompt), SampleRate(rate), SampleRate(RATE));
    let heard = listening.heard();
    let spoken = utterance(&heard, 0).expect("something is heard");
    let asked = utterance(&clip, 0).expect("something is kept");
    assert!(peak(&heard[spoken.clone()]) > 3_000, "it is loud enough: {}", peak(&heard[spoken.clone()]));
    let (length, expected) = (spoken.len() as f64, asked.len() as f64);
    assert!((length / expected - 1.0).abs() < 0.1, "{length} frames are heard, {expected} are kept");
    let (at, correlation) = place(&heard[..spoken.end + 4_800], &clip[..asked.end]);
    assert!(correlation > 0.9, "{correlation} at {at}");
    let first = since + Duration::from_secs(1) * at as u32 / RATE;
    let (after_opening, after_start) =
        (first.saturating_duration_since(opened), first.saturating_duration_since(program.started));
    println!(
        "correlation {correlation:.4}; first frame of the question {} ms after the session's first line, {} ms after \
         the program's start; its first loud frame {} ms later",
        after_opening.as_millis(),
        after_start.as_millis(),
        asked.start * 1_000 / RATE as usize
    );
    assert!(after_opening < Duration::from_secs(1), "{after_opening:?}");
}
