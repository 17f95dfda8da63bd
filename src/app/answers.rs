//! The answers of a session for people: each as a strip, in words, and beside the earlier answers to the same question.

use std::path::Path;

use super::earlier::Earlier;
use super::measures::roughly;
use super::{coach, earlier, measure};
use crate::speech::guidance::{Facts, Guidance, MOST_EARLIER, Remark};
use crate::store::analysis::{Analysis, Times};
use crate::store::home::Home;
use crate::store::manifest::{Manifest, ManifestTurn};
use crate::tui::strip::{self, Marks, Strip};
use crate::tui::wrap;

/// The widest strip, in cells: one in two seconds of a long answer.
const WIDEST: usize = 60;

/// A session's answers as they were measured.
#[derive(Default)]
pub struct Answers {
    measured: Vec<Answer>,
    /// The longest time that a strip shows.
    whole_s: f64,
}

/// A take that was measured.
struct Answer {
    turn: usize,
    take: u32,
    analysis: Analysis,
    strip: Strip,
    /// The earlier answers to the same question, the oldest first.
    before: Vec<Earlier>,
    /// The candidate's own answers before this one, to any question, the oldest first.
    own: Vec<Facts>,
}

impl Answers {
    /// Measures the takes of a session that answer their questions, where that was not done before; a take that cannot
    /// be read is passed over.
    pub fn of(home: &Home, session: &Path, manifest: &Manifest) -> Answers {
        let mut before = earlier::takes(home, manifest);
        let mut own = earlier::facts(home, Some(&manifest.started));
        let mut measured: Vec<Answer> = Vec::new();
        for (turn, asked) in manifest.turns.iter().enumerate() {
            let known = before.entry(asked.question.clone()).or_default();
            for take in asked.recorded().iter().filter(|take| earlier::is_answer(take)) {
                let Ok(analysis) = measure::take(session, turn, take) else { continue };
                let strip = strip(&analysis, asked);
                let skipped = known.len().saturating_sub(earlier::MOST_TAKES);
                let before = if asked.follow_up.is_none() { known[skipped..].to_vec() } else { Vec::new() };
                if asked.follow_up.is_none() {
                    let (session, started) = (manifest.session.clone(), manifest.started.clone());
                    known.push(Earlier { session, started, take: take.number, analysis: analysis.clone() });
                }
                let facts = coach::facts(&analysis, true);
                measured.push(Answer { turn, take: take.number, analysis, strip, before, own: own.clone() });
                own.push(facts);
                own.drain(..own.len().saturating_sub(MOST_EARLIER));
            }
        }
        let whole_s = Strip::whole_s(measured.iter().map(|answer| &answer.strip));
        Answers { measured, whole_s }
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.measured.is_empty()
    }

    /// Of which turns there are answers, each from 0, and its newest take.
    pub fn newest(&self) -> Vec<(usize, u32)> {
        let mut found: Vec<(usize, u32)> = Vec::new();
        for answer in &self.measured {
            match found.last_mut() {
                Some(last) if last.0 == answer.turn => last.1 = answer.take,
                _ => found.push((answer.turn, answer.take)),
            }
        }
        found
    }

    /// The strip of a take, `indent` cells from the left; `None` where it was not measured.
    pub fn strip(&self, turn: usize, take: u32, indent: usize) -> Option<String> {
        let width = wrap::columns().saturating_sub(indent + 1).clamp(8, WIDEST);
        Some(self.find(turn, take)?.strip.draw(width, self.whole_s, Marks::Unicode))
    }

    /// A take in words, and what it is beside the earlier ones: a line or two.
    pub fn told(&self, turn: usize, take: u32) -> Vec<String> {
        let Some(answer) = self.find(turn, take) else { return Vec::new() };
        let mut lines = vec![in_words(&answer.analysis, &answer.strip)];
        lines.extend(beside(&answer.before, &answer.analysis));
        lines
    }

    /// What was said of a take when it ended.
    pub fn remarks(&self, turn: usize, take: u32, guidance: &Guidance) -> Vec<Remark> {
        let Some(answer) = self.find(turn, take) else { return Vec::new() };
        guidance.remarks(&coach::facts(&answer.analysis, true), &answer.own)
    }

    /// What was measured of a take.
    pub fn analysis(&self, turn: usize, take: u32) -> Option<&Analysis> {
        self.find(turn, take).map(|answer| &answer.analysis)
    }

    /// The earlier answers to the question of a take, the oldest first.
    pub fn before(&self, turn: usize, take: u32) -> &[Earlier] {
        self.find(turn, take).map_or(&[], |answer| &answer.before)
    }

    fn find(&self, turn: usize, take: u32) -> Option<&Answer> {
        self.measured.iter().find(|answer| (answer.turn, answer.take) == (turn, take))
    }
}

/// What the marks of strips mean.
pub fn legend() -> String {
    strip::legend(Marks::Unicode)
}

fn strip(of: &Analysis, asked: &ManifestTurn) -> Strip {
    let pairs = |times: &Option<Vec<Times>>| times.iter().flatten().map(|[start, end]| (*start, *end)).collect();
    Strip {
        length_s: of.duration_s,
        limit_s: asked.limit_s,
        speech: pairs(&of.speech),
        fillers: pairs(&of.filled_pauses),
    }
}

/// An answer in words.
fn in_words(of: &Analysis, strip: &Strip) -> String {
    if let (None, Some(reason)) = (&of.speech, of.not_measured.get("speech")) {
        return format!("not measured: {reason}");
    }
    let pace = of
        .words_a_minute_estimate
        .map(|words| format!(", about {} words a minute", roughly(words)))
        .unwrap_or_default();
    format!("{}{pace}", strip.sentence())
}

/// A single answer in words, where there is speech in it.
pub fn in_a_line(of: &Analysis) -> Option<String> {
    of.speech.as_ref()?;
    let pairs = |times: &Option<Vec<Times>>| times.iter().flatten().map(|[start, end]| (*start, *end)).collect();
    let (speech, fillers) = (pairs(&of.speech), pairs(&of.filled_pauses));
    Some(in_words(of, &Strip { length_s: of.duration_s, limit_s: None, speech, fillers }))
}

/// An answer beside the earlier ones to the same question, the oldest first. What an earlier one does not have is a dash,
/// so that each stands in its place.
fn beside(before: &[Earlier], now: &Analysis) -> Option<String> {
    type Value = fn(&Analysis) -> Option<f64>;
    let longest: Value = |of| of.speech.as_ref().map(|_| of.longest_pause.map_or(0.0, |[start, end]| end - start));
    let measures: [(&str, &str, usize, Value); 4] = [
        ("", " words a minute", 0, |of| of.words_a_minute_estimate.map(|words| (words / 5.0).round() * 5.0)),
        ("", " likely fillers a minute", 1, |of| of.filled_pauses_a_minute),
        ("longest pause ", " s", 1, longest),
        ("first word after ", " s", 1, |of| of.first_word_s),
    ];
    let series = measures.iter().filter_map(|(name, unit, decimals, value)| {
        let now = value(now)?;
        let before: Vec<Option<f64>> = before.iter().map(|before| value(&before.analysis)).collect();
        let form = |value: &Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.decimals$}"));
        let told: Vec<String> = before.iter().map(form).collect();
        before.iter().any(Option::is_some).then(|| format!("{name}{}, now {now:.decimals$}{unit}", told.join(", ")))
    });
    let series: Vec<String> = series.collect();
    let since = before.first().and_then(|first| first.started.get(..10)).unwrap_or_default();
    let count = match before.len() {
        1 => format!("the take before ({since})"),
        count => format!("the {count} takes before (since {since})"),
    };
    (!series.is_empty()).then(|| format!("beside {count}: {}", series.join("; ")))
}

/// A line, `indent` cells from the left; on a terminal broken between words, so that all of it is.
pub fn indented(line: &str, indent: usize, seen: bool) -> Vec<String> {
    let width = wrap::columns().saturating_sub(indent + 1).max(20);
    let parts = if seen { wrap::wrap(line, width) } else { vec![line.to_owned()] };
    parts.into_iter().map(|part| format!("{:indent$}{part}", "")).collect()
}
