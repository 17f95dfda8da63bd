//! A recorded session as it lies on the disk, read by what docs/format.md says and by nothing of the program.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place::samples;

/// The ends that answer a question.
const ANSWERED: [&str; 3] = ["done", "time-up", "silence"];

/// A line of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub frame: u64,
    pub event: String,
    pub what: Value,
}

/// A session.
pub struct Session {
    pub path: PathBuf,
    pub manifest: Value,
    pub journal: Vec<Entry>,
}

impl Session {
    /// Reads a session whose journal is whole.
    #[track_caller]
    pub fn read(path: &Path) -> Session {
        let text = fs::read(path.join("session.json")).expect("the session is described");
        let manifest = serde_json::from_slice(&text).expect("the description is JSON");
        let text = fs::read_to_string(path.join("journal.jsonl")).expect("the session has a journal");
        assert!(text.ends_with('\n'), "the last line is whole");
        let journal = text.lines().enumerate().map(|(number, line)| entry(number as u64, line)).collect();
        Session { path: path.to_owned(), manifest, journal }
    }

    pub fn turns(&self) -> &[Value] {
        self.manifest["turns"].as_array().expect("a session has turns")
    }

    pub fn remarks(&self) -> &[Value] {
        self.manifest["panel"]["remarks"].as_array().expect("a panel's session has remarks")
    }

    /// Who asked what, follow-ups with a slash.
    pub fn asked(&self) -> Vec<(String, String)> {
        self.turns().iter().map(|turn| (text(&turn["panelist"]), question(turn))).collect()
    }

    /// The questions alone.
    pub fn questions(&self) -> Vec<String> {
        self.turns().iter().map(question).collect()
    }

    /// The events of a kind.
    pub fn events(&self, event: &str) -> Vec<&Entry> {
        self.journal.iter().filter(|entry| entry.event == event).collect()
    }

    /// The frame at which a turn was put.
    pub fn put_at(&self, turn: usize) -> u64 {
        let put = self.events("put").into_iter().find(|entry| entry.what["turn"] == turn);
        put.expect("a turn is put").frame
    }

    /// The frame after the last.
    pub fn ends_at(&self) -> u64 {
        self.journal.last().expect("a journal has lines").frame
    }

    /// How many frames a second there are.
    pub fn rate(&self) -> u64 {
        self.manifest["rate"].as_u64().expect("a rate is a number")
    }

    /// How many frames the session may have.
    pub fn length(&self) -> u64 {
        (self.manifest["panel"]["length_s"].as_f64().expect("a length is a number") * self.rate() as f64) as u64
    }

    /// The only take of a turn.
    #[track_caller]
    pub fn take(&self, turn: usize) -> &Value {
        let takes = self.turns()[turn]["takes"].as_array().expect("a turn has takes");
        assert_eq!(takes.len(), 1, "turn {turn}: {takes:?}");
        &takes[0]
    }

    /// What is said in the only take of a turn.
    #[track_caller]
    pub fn said(&self, turn: usize) -> Vec<i16> {
        samples(&self.path.join(text(&self.take(turn)["file"])))
    }

    /// Checks all that must hold of any panel's session that was finished in one go.
    #[track_caller]
    pub fn is_in_order(&self) {
        assert_eq!((&self.manifest["outcome"], &self.manifest["kind"]), (&"finished".into(), &"panel".into()));
        assert_eq!(self.journal[0].event, "planned");
        assert_eq!(self.journal.last().expect("it has lines").event, "finish");
        assert!(self.journal.is_sorted_by_key(|entry| entry.frame), "time goes on");
        self.says_nothing_twice();
        self.lets_everybody_speak();
        self.has_whole_takes();
        self.ends_in_time();
        let put: Vec<Value> = self.events("put").iter().map(|entry| entry.what["turn"].clone()).collect();
        assert_eq!(put, (0..self.turns().len()).map(Value::from).collect::<Vec<_>>(), "turns are put in their order");
        let told: Vec<_> = self.events("remark").iter().map(|entry| entry.what["text"].clone()).collect();
        let kept: Vec<_> = self.remarks().iter().map(|remark| remark["text"].clone()).collect();
        assert_eq!(told, kept, "what the journal tells of, the manifest has");
    }

    #[track_caller]
    fn says_nothing_twice(&self) {
        let mut asked = HashSet::new();
        for turn in self.turns() {
            assert!(asked.insert(question(turn)), "{} is asked twice: {:?}", question(turn), self.asked());
        }
        let mut said = HashSet::new();
        for remark in self.remarks() {
            assert!(said.insert(text(&remark["text"])), "{remark} is said twice");
        }
    }

    #[track_caller]
    fn lets_everybody_speak(&self) {
        let speakers: HashSet<String> =
            self.turns().iter().chain(self.remarks()).map(|entry| text(&entry["panelist"])).collect();
        let panelists = self.manifest["panel"]["panelists"].as_array().expect("a panel has panelists");
        let seated: HashSet<String> = panelists.iter().map(|one| text(&one["id"])).collect();
        assert_eq!(speakers, seated, "everybody on the panel speaks, and nobody else");
    }

    /// Each take is in its file, begins and ends where the journal says, and is no longer than it may be.
    #[track_caller]
    fn has_whole_takes(&self) {
        for (place, turn) in self.turns().iter().enumerate() {
            let (take, rate) = (self.take(place), self.rate());
            assert_eq!(turn["state"], "answered", "{turn}");
            assert!(ANSWERED.contains(&take["end"].as_str().expect("an end is a word")), "{take}");
            let frames = take["frames"].as_u64().expect("a length is a number");
            assert_eq!(self.said(place).len() as u64, frames, "{take}");
            let seconds = |key: &str| turn[key].as_f64().unwrap_or_else(|| panic!("{key} is a number: {turn}"));
            assert!(frames <= (seconds("limit_s") * rate as f64).round() as u64, "it keeps to its limit: {turn}");
            let of = |event: &str| {
                let mut events = self.events(event).into_iter();
                events.find(|entry| entry.what["turn"] == place).unwrap_or_else(|| panic!("no {event} of {place}"))
            };
            let (asked, opened, closed) = (of("speak"), of("open-take"), of("close-take"));
            assert_eq!(opened.what["file"], take["file"]);
            assert_eq!(take["started_frame"], opened.frame);
            assert_eq!(closed.frame - opened.frame, frames, "time is frames");
            assert!(opened.frame - asked.frame >= (seconds("prep_s") * rate as f64) as u64, "there is time to think");
        }
    }

    /// Nothing but the last take, and the words after it, may reach beyond the length.
    #[track_caller]
    fn ends_in_time(&self) {
        let (length, rate) = (self.length(), self.rate() as f64);
        assert!(self.ends_at() <= length, "{} s of {} s", self.ends_at() as f64 / rate, length as f64 / rate);
        for (place, turn) in self.turns().iter().enumerate() {
            let clock = turn["clock_s"].as_f64().expect("a turn has the panel's time");
            let put = self.put_at(place) as f64 / rate;
            assert!((clock - put).abs() < 0.01, "nothing was held, and the clocks agree: {clock} and {put}");
        }
    }
}

/// The question of a turn, a follow-up behind a slash.
fn question(turn: &Value) -> String {
    let follow_up = turn["follow_up"].as_str().map(|id| format!("/{id}")).unwrap_or_default();
    text(&turn["question"]) + &follow_up
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text")).to_owned()
}

/// A line of a journal, whose number and checksum are as they must be.
fn entry(number: u64, line: &str) -> Entry {
    let (body, sum) = line.rsplit_once(",\"").expect("a line has a checksum");
    assert_eq!(sum, format!("{:08x}\"]", crc32fast::hash(body.as_bytes())), "{line}");
    let Value::Array(parts) = serde_json::from_str(line).expect("a line is JSON") else { panic!("{line}") };
    let [frame, event, what, counted, _] = <[Value; 5]>::try_from(parts).expect("a line has five parts");
    assert_eq!(counted, number, "{line}");
    Entry { frame: frame.as_u64().expect("a frame is a number"), event: text(&event), what }
}
