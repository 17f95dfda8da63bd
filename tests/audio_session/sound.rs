//! Comparing what was played with what was heard.

use std::ops::Range;
use std::process::Command;
use std::sync::OnceLock;

use crate::program::samples;
use crate::support::rig::{RATE, find, noise, write_wav};

/// How much coarser the first look for a place is than the samples.
const COARSE: usize = 16;

/// Two and a half seconds of speech, spoken by the built-in voice, at 48 kHz.
pub fn speech() -> &'static [i16] {
    static SPEECH: OnceLock<Vec<i16>> = OnceLock::new();
    SPEECH.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_wav(&folder.path().join("nothing.wav"), &[0; 480], RATE);
        let mut session = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        session.env_clear().env("GREENROOM_HOME", folder.path()).current_dir(folder.path());
        session.args(["rehearse", "--question", "okr-alignment", "--limit", "1s", "--voice", "built-in"]);
        let output = session.args(["--input", "wav:nothing.wav", "--output", "wav:heard.wav", "--fast"]).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let spoken = samples(&folder.path().join("heard.wav"));
        let begins = spoken.iter().position(|sample| sample.unsigned_abs() > 500).expect("it is spoken");
        spoken[begins..begins + 5 * RATE as usize / 2].to_vec()
    })
}

/// The peak.
pub fn peak(sound: &[i16]) -> u16 {
    sound.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
}

/// The frames from the first loud one to the last before a second of quiet.
pub fn utterance(sound: &[i16], from: usize) -> Option<Range<usize>> {
    let loud = |sample: &i16| sample.unsigned_abs() > 100;
    let begin = from + sound[from..].iter().position(loud)?;
    let mut end = begin;
    for (at, _) in sound.iter().enumerate().skip(begin).filter(|(_, sample)| loud(sample)) {
        if at > end + 48_000 {
            break;
        }
        end = at;
    }
    Some(begin..end)
}

/// Where `clip` lies in `heard`, and how well it correlates there.
pub fn place(heard: &[i16], clip: &[i16]) -> (usize, f64) {
    let (hay, needle) = (coarse(heard), coarse(clip));
    let best = |range: Range<usize>, hay: &[f32], needle: &[f32]| {
        range.map(|at| (at, correlation(&hay[at..], needle))).max_by(|one, other| one.1.total_cmp(&other.1))
    };
    assert!(hay.len() >= needle.len(), "{} frames were heard of a clip of {}", heard.len(), clip.len());
    let (near, _) = best(0..hay.len() - needle.len() + 1, &hay, &needle).expect("there is a place");
    let last = heard.len().saturating_sub(clip.len());
    let range = (near * COARSE).saturating_sub(2 * COARSE).min(last)..((near + 2) * COARSE).min(last) + 1;
    best(range, &floats(heard), &floats(clip)).expect("there is a place")
}

fn floats(sound: &[i16]) -> Vec<f32> {
    sound.iter().map(|&sample| f32::from(sample)).collect()
}

fn coarse(sound: &[i16]) -> Vec<f32> {
    sound.chunks_exact(COARSE).map(|few| few.iter().map(|&sample| f32::from(sample)).sum()).collect()
}

/// The correlation of `needle` with the beginning of `hay`.
fn correlation(hay: &[f32], needle: &[f32]) -> f64 {
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for (a, b) in hay.iter().zip(needle) {
        both += a * b;
        one += a * a;
        other += b * b;
    }
    f64::from(both) / (f64::from(one) * f64::from(other)).sqrt().max(1.0)
}

/// Checks that a take is one unbroken part of what was played; returns where it begins.
#[track_caller]
pub fn unbroken(take: &[i16], played: &[i16]) -> usize {
    let at = find(played, take).unwrap_or_else(|| panic!("the take begins with what was never played"));
    let wrong = take.iter().zip(&played[at..]).position(|(heard, played)| heard != played);
    let why = wrong.map(|wrong| what_went_wrong(take, played, wrong));
    assert_eq!(why, None, "of {} frames, from {at} of what was played", take.len());
    assert!(played.len() >= at + take.len(), "the take is longer than what was played");
    at
}

/// Checks that a take is what was played and nothing else, with digital silence around it; returns where it begins.
#[track_caller]
pub fn exactly(take: &[i16], played: &[i16]) -> usize {
    let at = find(take, played).unwrap_or_else(|| panic!("the beginning is not in the take, of peak {}", peak(take)));
    assert!(take.len() >= at + played.len(), "the take ends {at} frames after the beginning");
    let wrong = played.iter().zip(&take[at..]).position(|(played, heard)| played != heard);
    let why = wrong.map(|wrong| what_went_wrong(&take[at..], played, wrong));
    assert_eq!(why, None, "of {} frames", played.len());
    assert_eq!(peak(&take[..at]), 0, "nothing was played before");
    assert_eq!(peak(&take[at + played.len()..]), 0, "nothing was played after it");
    at
}

/// Tells frames that were lost from frames that came too late to be played, in a comparison that fails at `wrong`.
fn what_went_wrong(take: &[i16], played: &[i16], wrong: usize) -> String {
    let zeros = take[wrong..].iter().take_while(|&&sample| sample == 0).count();
    let after = &take[wrong + zeros..];
    let goes_on = after.get(..64).and_then(|head| find(played, head));
    format!("at {wrong}: {zeros} zeros, then {} frames, found at {goes_on:?} of what was played", after.len())
}

#[test]
#[should_panic(expected = "at 700")]
fn one_wrong_frame_is_found() {
    let played = noise(1_000, 1);
    let mut take = played.clone();
    take[700] ^= 1;
    exactly(&take, &played);
}

#[test]
#[should_panic(expected = "at 500: 0 zeros, then 400 frames, found at Some(600) of what was played")]
fn lost_frames_are_found() {
    let played = noise(1_000, 1);
    unbroken(&[&played[..500], &played[600..]].concat(), &played);
}

#[test]
#[should_panic(expected = "at 800")]
fn another_sound_at_the_end_is_found() {
    let played = noise(1_000, 1);
    unbroken(&[&played[..800], &noise(100, 2)].concat(), &played);
}
