//! The recording of a whole session: everything in it is where the journal says, and nothing else is.

use greenroom::audio::cue;
use greenroom::audio::resample::resample;
use greenroom::interview::panel::Voicing;
use greenroom::interview::{Cue, SampleRate, Text};
use greenroom::voice::built_in::{Host, Renderer};
use greenroom::voice::timbre::Timbre;

use crate::place::{Place, RATE, noise};
use crate::riff;
use crate::session::{Session, text};

/// A clip as it sounds at the rate of a session.
fn played(samples: &[i16], rate: u32, session: &Session) -> Vec<i16> {
    resample(samples, SampleRate(rate), SampleRate(session.rate() as u32))
}

/// Where each question is asked and each answer begins, and what the marks there say.
fn marks(session: &Session, roles: &[(&str, &str)]) -> Vec<(u32, String)> {
    let mut marks = Vec::new();
    for entry in &session.journal {
        let turn = || &session.turns()[entry.what["turn"].as_u64().expect("a number") as usize];
        let number = || entry.what["turn"].as_u64().expect("a number") + 1;
        let role = || {
            let who = roles.iter().find(|(id, _)| turn()["panelist"] == *id);
            who.map(|(_, role)| format!("{role}: ")).unwrap_or_default()
        };
        match entry.event.as_str() {
            "speak" => marks.push((entry.frame as u32, format!("{}. {}{}", number(), role(), text(&turn()["prompt"])))),
            "open-take" => marks.push((entry.frame as u32, format!("{}. Answer", number()))),
            _ => {}
        }
    }
    marks
}

const ROLES: [(&str, &str); 2] = [("host", "host"), ("guest", "treasurer")];

#[test]
fn the_tape_of_a_panel_has_every_word_at_its_frame_and_nothing_else() {
    let place = Place::new();
    let session = place.holds("duo", &["--seed", "3", "--voice", "built-in", "--tape"]);
    session.is_in_order();
    let tape = riff::read(&session.path.join("tape.wav"));
    assert_eq!((tape.rate, tape.samples.len() as u64, tape.behind), (RATE, session.ends_at(), 0));
    assert_eq!(tape.marks, marks(&session, &ROLES));

    // What the tape must be, put together from the files and from what the voices say.
    let mut whole = vec![0i32; tape.samples.len()];
    let mut sounds = |at: u64, samples: &[i16]| {
        let end = (at as usize + samples.len()).min(whole.len());
        whole[at as usize..end].iter_mut().zip(samples).for_each(|(sum, sample)| *sum += i32::from(*sample));
    };
    let host = Host {
        program: env!("CARGO_BIN_EXE_greenroom").into(),
        arguments: vec!["voice-host".into(), "built-in".into()],
    };
    let mut renderer = Renderer::new(host);
    let voicings = Voicing::seats(&[None, None]);
    let cue = |which| {
        let clip = cue::sound(which);
        played(&clip.samples, clip.rate, &session)
    };
    for entry in &session.journal {
        match entry.event.as_str() {
            "speak" => {
                let prompt = session.path.join(text(&entry.what["file"]));
                let rate = hound::WavReader::open(&prompt).expect("the prompt is kept").spec().sample_rate;
                sounds(entry.frame, &played(&crate::place::samples(&prompt), rate, &session));
            }
            "remark" => {
                let seat = ROLES.iter().position(|(id, _)| entry.what["panelist"] == *id).expect("a panelist");
                let words = Text::clean(&text(&entry.what["text"]));
                let clip = renderer.render(Timbre::of(&voicings[seat]), &words).expect("the built-in voice speaks");
                sounds(entry.frame, &played(&clip.samples, clip.rate, &session));
            }
            "open-take" => {
                let turn = entry.what["turn"].as_u64().expect("a number") as usize;
                let take = session.said(turn);
                let limit = take.len() as u64;
                let warn =
                    (session.turns()[turn]["warn_s"].as_f64().expect("a number") * f64::from(RATE)).round() as u64;
                sounds(entry.frame, &take);
                sounds(entry.frame, &cue(Cue::Begin));
                sounds(entry.frame + limit - warn.min(limit / 3), &cue(Cue::Warning));
            }
            _ => {}
        }
    }
    let wrong = tape.samples.iter().zip(&whole).position(|(heard, wanted)| i32::from(*heard) != *wanted);
    let near = wrong.map(|at| session.journal.iter().rfind(|entry| entry.frame <= at as u64));
    assert_eq!(wrong, None, "after {near:?}");
}

/// An answer of whole frames at 48 kHz, which begin with the session and break off.
fn breaks_off(place: &Place, seconds: u64) {
    let bytes: Vec<u8> = noise(seconds as usize * 48_000).iter().flat_map(|sample| sample.to_le_bytes()).collect();
    std::fs::write(place.path("mic.pcm"), bytes).expect("a file can be written");
}

#[test]
fn a_session_that_goes_on_has_a_second_tape_from_there_on() {
    let place = Place::new();
    breaks_off(&place, 40);
    let silent = ["--no-voice", "--output", "none", "--fast", "--tape"];
    let broken = place.run(&[&["panel", "duo", "--seed", "3", "--input", "pcm:mic.pcm"], &silent[..]].concat());
    assert_eq!(broken.status.code(), Some(130), "{}", crate::place::said(&broken));
    place.prints(&[&["resume", "--input", "wav:talk.wav"], &silent[..]].concat());
    let folders: Vec<_> = std::fs::read_dir(place.path("home/recordings")).expect("it is there").flatten().collect();
    let [folder] = &folders[..] else { panic!("{folders:?}") };
    let session = Session::read(&folder.path());
    let resumed = session.journal.iter().position(|entry| entry.event == "resumed").expect("it was gone on with");
    let all = marks(&session, &ROLES);
    let before = session.journal[..resumed].iter().filter(|entry| ["speak", "open-take"].contains(&&*entry.event));
    let (first, second) = all.split_at(before.count());
    for (name, marks, rate, frames) in
        [("tape.wav", first, 48_000, 40 * 48_000), ("tape-2.wav", second, RATE, session.ends_at())]
    {
        let tape = riff::read(&session.path.join(name));
        assert_eq!((tape.rate, tape.samples.len() as u64), (rate, frames), "{name}");
        let answered = |marks: &[(u32, String)]| -> Vec<(u32, String)> {
            // An answer that is given once more says so.
            marks.iter().map(|(at, label)| (*at, label.split(", take").next().unwrap_or_default().to_owned())).collect()
        };
        assert_eq!(answered(&tape.marks), marks, "{name}");
    }
}

#[test]
fn a_rehearsal_has_a_tape_where_it_is_wanted_and_none_where_it_is_not() {
    let place = Place::new();
    let options = ["rehearse", "--bank", "tiny", "--order", "listed", "--count", "3", "--input", "wav:talk.wav"];
    let more = ["--no-voice", "--output", "none", "--fast", "--json"];
    let report = place.json(&[&options[..], &["--tape"], &more].concat());
    let session = place.session(&report);
    let tape = riff::read(&session.path.join("tape.wav"));
    assert_eq!((tape.rate, tape.samples.len() as u64), (RATE, session.ends_at()));
    assert_eq!(tape.marks, marks(&session, &[]));
    for turn in 0..3 {
        let (take, began) =
            (session.said(turn), session.take(turn)["started_frame"].as_u64().expect("a number") as usize);
        // Where no cue sounds, the tape is what was said.
        let quiet = RATE as usize..3 * RATE as usize;
        assert!(tape.samples[began..][quiet.clone()] == take[quiet], "turn {turn}");
    }
    let report = place.json(&[&options[..], &more].concat());
    assert!(!place.session(&report).path.join("tape.wav").exists());
}
