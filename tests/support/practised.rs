//! Sessions as a candidate leaves them behind who practises for months: finished, measured, rated.
#![allow(dead_code, reason = "each test uses some of it")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use greenroom::interview::{Frame, Grade};
use greenroom::store::analysis::Analysis;
use greenroom::store::event::{Happening, TakePart};
use greenroom::store::home::Home;
use greenroom::store::manifest::{Manifest, ManifestTurn};
use greenroom::store::session::SessionFolder;
use greenroom::store::{analyses, review};
use serde_json::json;

/// Frames a second: few, so that files are small.
pub const RATE: u32 = 4_000;

/// An answer: to which question, how long, how it was rated and how fast it was spoken.
#[derive(Debug, Clone)]
pub struct Answer {
    pub question: String,
    pub section: String,
    pub seconds: u32,
    pub grade: Option<Grade>,
    /// Words a minute, where the answer was measured.
    pub words: Option<f64>,
    pub follow_up: bool,
}

pub fn answer(question: &str, section: &str) -> Answer {
    let (question, section) = (question.to_owned(), section.to_owned());
    Answer { question, section, seconds: 60, grade: None, words: None, follow_up: false }
}

/// A session of answers in the bank that began then; its folder.
pub fn practised(home: &Home, kind: &str, bank: &str, began: DateTime<Utc>, answers: &[Answer]) -> PathBuf {
    let folder = SessionFolder::create(home, bank, began).expect("a folder");
    let path = folder.path().to_owned();
    let word = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut manifest = Manifest {
        schema: 1,
        session: folder.name().to_owned(),
        kind: kind.to_owned(),
        bank: bank.to_owned(),
        title: format!("Title of {bank}"),
        seed: 7,
        order: "due".to_owned(),
        started: word(began),
        ended: None,
        outcome: "in-progress".to_owned(),
        rate: RATE,
        voice: "none".to_owned(),
        input: "wav".to_owned(),
        output: "none".to_owned(),
        boot: None,
        panel: None,
        turns: answers.iter().map(planned).collect(),
    };
    let mut journal = folder.journal().expect("a journal");
    let mut note = |manifest: &mut Manifest, what: Happening| {
        journal.append(Frame(0), &what).expect("a line");
        manifest.apply(Frame(0), &what);
    };
    let plan = Happening::Planned(Box::new(manifest.clone()));
    note(&mut manifest, plan);
    for (turn, answer) in answers.iter().enumerate() {
        let file = format!("takes/{:02}-{}-1.wav", turn + 1, answer.question);
        let frames = u64::from(answer.seconds * RATE);
        note(&mut manifest, Happening::OpenTake { turn, take: 1, file: file.clone(), rate: RATE });
        wav(&path.join(&file), frames as u32);
        let files = vec![TakePart { file: file.clone(), frames }];
        let end = "done".to_owned();
        note(&mut manifest, Happening::CloseTake { turn, take: 1, end, dropped: 0, peak_db: Some(-9.0), files });
        if let Some(words) = answer.words {
            analyses::write(&path, turn, 1, &analysis(&file, frames, words)).expect("an analysis");
        }
    }
    let ended = Some(word(began + Duration::from_secs(600)));
    note(&mut manifest, Happening::Finish { outcome: "finished".to_owned(), ended });
    folder.save(&manifest).expect("a manifest");
    for (turn, answer) in answers.iter().enumerate() {
        if let Some(grade) = answer.grade {
            let file = format!("takes/{:02}-{}-1.wav", turn + 1, answer.question);
            review::add_rating(&path, &answer.question, &file, grade, began).expect("a rating");
        }
    }
    path
}

fn planned(answer: &Answer) -> ManifestTurn {
    ManifestTurn {
        question: answer.question.clone(),
        section: answer.section.clone(),
        prompt: format!("What of {}?", answer.question),
        panelist: None,
        follow_up: answer.follow_up.then(|| "more".to_owned()),
        clock_s: None,
        prompt_file: None,
        state: "planned".to_owned(),
        prep_s: Some(20.0),
        limit_s: Some(600.0),
        warn_s: Some(30.0),
        retakes: Some(1),
        gap_s: 3.0,
        takes: Vec::new(),
    }
}

fn wav(path: &Path, frames: u32) {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec).expect("a take");
    (0..frames).for_each(|frame| writer.write_sample((frame % 100) as i16).expect("a sample"));
    writer.finalize().expect("a take");
}

/// What was measured of a take.
pub fn analysis(file: &str, frames: u64, words: f64) -> Analysis {
    let length = frames as f64 / f64::from(RATE);
    let speech: Vec<[f64; 2]> =
        (0..60).map(|nth| [f64::from(nth) * length / 61.0, (f64::from(nth) + 0.9) * length / 61.0]).collect();
    let form = json!({
        "schema": 1, "method": 1, "file": file, "duration_s": length, "rate_hz": RATE, "frames": frames, "channels": 1,
        "first_word_s": 0.8, "speech": speech, "pauses_share": 0.125, "filled_pauses": [[1.0, 1.3]],
        "filled_pauses_a_minute": 1.5, "articulation_rate": 4.25, "words_a_minute_estimate": words,
        "pitch_median_hz": 118.4, "pitch_sd_st": 2.75, "lufs": -23.1, "clipped_samples": 0, "dc_offset": 0.0,
        "all_zero": false, "strange_samples": 0, "not_measured": {},
    });
    serde_json::from_value(form).expect("it is an analysis")
}

/// Makes everything below a folder, and the folder itself, as old as this.
pub fn age(path: &Path, since: Duration) {
    let then = SystemTime::now() - since;
    for entry in fs::read_dir(path).expect("a folder").flatten() {
        match entry.file_type().expect("a kind").is_dir() {
            true => age(&entry.path(), since),
            false => {
                File::options().append(true).open(entry.path()).expect("a file").set_modified(then).expect("a time")
            }
        }
    }
    File::open(path).expect("a folder").set_modified(then).expect("a time");
}
