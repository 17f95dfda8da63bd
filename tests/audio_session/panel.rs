//! A panel in real time: what the candidate hears of it, when, and what is kept of what they say.

use std::path::{Path, PathBuf};

use greenroom::audio::resample::resample;
use greenroom::interview::panel::Voicing;
use greenroom::interview::{SampleRate, Text};
use greenroom::voice::built_in::{Host, Renderer};
use greenroom::voice::timbre::Timbre;
use serde_json::Value;

use crate::program::{LONG, Program, greenroom, report, samples, session};
use crate::riff;
use crate::sound::{place, unbroken};
use crate::support::rig::{RATE, Rig, noise, write_wav};

/// Two panelists, three answers of some seconds; the chair's second question follows the first without a hand-over.
const PANEL: &str = r#"
schema = 1
id = "pair"
title = "A pair"
bank = "short"
format = "paced"
length = "3m"
shortest = "2s"
follow_ups = 0
[[panelist]]
id = "lead"
role = "lead"
chair = true
manner = "warm"
[[panelist]]
id = "peer"
role = "peer"
manner = "tough"
[[block]]
panelist = "lead"
questions = ["why", "how"]
count = 2
least = 2
[[block]]
panelist = "peer"
questions = ["story"]
count = 1
[opening]
welcome = "Welcome."
[closing]
time = "20s"
own_questions = false
farewell = "Goodbye then."
"#;

/// The ids of the panelists, in their order.
const SEATS: [&str; 2] = ["lead", "peer"];

/// Half a second of a clip is enough to know it by, in frames.
const HALF: usize = RATE as usize / 2;

struct Line {
    frame: u64,
    event: String,
    what: Value,
}

fn journal(folder: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(folder.join("journal.jsonl")).expect("the session has a journal");
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a line is JSON");
        let event = line[1].as_str().expect("an event is a word").to_owned();
        Line { frame: line[0].as_u64().expect("a frame is a number"), event, what: line[2].clone() }
    };
    text.lines().map(line).collect()
}

/// What is said in a session: when, and what is heard of it.
fn said(journal: &[Line], folder: &Path) -> Vec<(u64, String, Vec<i16>)> {
    let program: PathBuf = env!("CARGO_BIN_EXE_greenroom").into();
    let mut renderer = Renderer::new(Host { program, arguments: vec!["voice-host".into(), "built-in".into()] });
    let voicings = Voicing::seats(&[None, None]);
    let mut asker = String::new();
    let mut said = Vec::new();
    for line in journal {
        let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
        let (who, words) = match line.event.as_str() {
            "put" => {
                asker = text(&line.what["entry"]["panelist"]);
                continue;
            }
            "remark" => (text(&line.what["panelist"]), text(&line.what["text"])),
            "speak" => {
                let turns = report_of(folder);
                let turn = line.what["turn"].as_u64().expect("a number") as usize;
                (asker.clone(), text(&turns["turns"][turn]["prompt"]))
            }
            _ => continue,
        };
        let seat = SEATS.iter().position(|id| *id == who).expect("a panelist");
        let clip = renderer.render(Timbre::of(&voicings[seat]), &Text::clean(&words)).expect("the voice speaks");
        let heard = resample(&clip.samples, SampleRate(clip.rate), SampleRate(RATE));
        said.push((line.frame, words, heard));
    }
    said
}

fn report_of(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("session.json")).expect("it is described")).expect("JSON")
}

#[test]
fn a_panel_is_heard_word_for_word_and_every_answer_is_kept() {
    let rig = Rig::start();
    greenroom(&rig);
    let panels = rig.folder().join("home/questions/panels");
    std::fs::create_dir_all(&panels).expect("a folder in the rig's folder");
    std::fs::write(panels.join("pair.toml"), PANEL).expect("a file in the rig's folder");
    let talk = noise(70 * RATE as usize, 5);
    let wav = rig.folder().join("talk.wav");
    write_wav(&wav, &talk, RATE);

    let listening = rig.listen();
    let _talking = rig.say(&wav);
    let options = ["panel", "pair", "--seed", "4", "--plain", "--voice", "built-in", "--tape"];
    let mut program = Program::start(&rig, &options);
    program.expect("Goodbye then.", LONG * 4);
    program.succeeds(LONG);
    let heard = listening.heard();
    let folder = session(&rig);
    let journal = journal(&folder);
    let report = report(&rig);
    assert_eq!(report["outcome"], "finished");

    // Everything is heard, in its order, and as long after the first word as the journal says.
    let said = said(&journal, &folder);
    assert!(said.len() >= 11, "three questions, three interruptions, and what is said around them");
    let mut behind: Vec<f64> = Vec::new();
    let mut offset = None;
    for (frame, words, clip) in &said {
        let from = offset.map_or(0, |offset: usize| (offset + *frame as usize).saturating_sub(HALF));
        let until = from + if offset.is_some() { 2 * HALF } else { 16 * HALF };
        // A busy server may break off for a moment; then another piece of the clip is whole.
        let pieces = (0..clip.len().saturating_sub(HALF).clamp(1, 4 * HALF)).step_by(HALF);
        let found = pieces.map(|piece| {
            let known = &clip[piece..clip.len().min(piece + HALF)];
            let window = &heard[from + piece..(until + piece + known.len()).min(heard.len())];
            let (at, correlation) = place(window, known);
            (from + at, correlation)
        });
        let (at, correlation) = found.max_by(|one, other| one.1.total_cmp(&other.1)).expect("a clip has a piece");
        assert!(correlation > 0.9, "{words:?} is not heard near {from}: {correlation}");
        let offset = *offset.get_or_insert(at - *frame as usize);
        behind.push(at as f64 / f64::from(RATE) - (offset as f64 + *frame as f64) / f64::from(RATE));
    }
    let latest = behind.iter().copied().fold(f64::MIN, f64::max) - behind.iter().copied().fold(f64::MAX, f64::min);
    println!("{} sounds are heard, each within {:.0} ms of where the journal has it", said.len(), latest * 1_000.0);
    assert!(latest < 0.5, "{behind:?}");

    // Who talks into the limit is interrupted at once, and has all that was said until then.
    let mut interruptions = Vec::new();
    let mut gaps = Vec::new();
    for (at, line) in journal.iter().enumerate().filter(|(_, line)| line.event == "close-take") {
        assert_eq!(line.what["end"], "time-up");
        let next = &journal[at + 1];
        assert_eq!(next.event, "remark", "somebody says so");
        interruptions.push((next.frame - line.frame) as f64 / f64::from(RATE));
        let ended = journal[at..].iter().find(|line| line.event == "end-turn").expect("the turn ends");
        let words = said.iter().find(|(frame, ..)| *frame == next.frame).expect("it is said");
        gaps.push(ended.frame - next.frame - words.2.len() as u64);
    }
    println!("interrupted after {interruptions:?} s, then pauses of {gaps:?} frames");
    assert!(interruptions.len() == 3 && interruptions.iter().all(|after| *after < 0.5), "{interruptions:?}");
    assert!(gaps.iter().max() > gaps.iter().min().map(|least| least + u64::from(RATE) / 20).as_ref(), "{gaps:?}");
    let tape = riff::read(&folder.join("tape.wav"));
    let finish = journal.last().expect("it has lines");
    assert_eq!((tape.rate, tape.samples.len() as u64), (RATE, finish.frame));
    let mut marks = journal.iter().filter(|line| ["speak", "open-take"].contains(&&*line.event));
    for (at, label) in &tape.marks {
        let line = marks.next().expect("each mark has a line");
        assert_eq!(u64::from(*at), line.frame, "{label}");
    }
    assert!(marks.next().is_none(), "each line has a mark");
    // Who is tough is so after three quarters of the time.
    for (turn, seconds) in [3.0, 3.0, 2.25].into_iter().enumerate() {
        let take = &report["turns"][turn]["takes"][0];
        let kept = samples(&folder.join(take["file"].as_str().expect("a file")));
        assert_eq!(kept.len() as f64, seconds * f64::from(RATE), "the limit is kept to the frame");
        assert_eq!((&take["end"], &take["dropped"]), (&"time-up".into(), &0.into()));
        unbroken(&kept, &talk);
        // What was said is on the tape too, once the cue has sounded.
        let began = tape.marks.iter().find(|(_, label)| *label == format!("{}. Answer", turn + 1)).expect("a mark").0;
        let quiet = RATE as usize..3 * RATE as usize / 2;
        assert!(tape.samples[began as usize..][quiet.clone()] == kept[quiet], "answer {turn}");
    }
}
