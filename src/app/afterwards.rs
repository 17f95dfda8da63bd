//! What a replay asks of an answer and shows of it: the rating first, then what was measured, then what a strong answer
//! covers.

use std::collections::HashMap;
use std::path::PathBuf;

use super::answers::Answers;
use super::coach;
use super::debrief::{Debrief, Mark};
use super::library::Library;
use super::marks;
use super::player::Answer;
use crate::interview::Bank;
use crate::store::home::Home;
use crate::store::manifest::Manifest;
use crate::store::review;
use crate::tui::plain::capital;

/// Looks back on the answers of a session that is over.
pub struct Afterwards {
    home: Home,
    session: PathBuf,
    manifest: Manifest,
    bank: Option<Bank>,
    /// By the file of the take.
    known: HashMap<String, Debrief>,
    /// What was measured, once it was asked for.
    answers: Option<Answers>,
}

impl Afterwards {
    /// Looks back on the session in this folder; where its bank is gone, no points can be ticked.
    pub fn of(library: Library, session: PathBuf, manifest: Manifest) -> Afterwards {
        let bank = library.banks.get(&manifest.bank).ok();
        Afterwards { home: library.home, session, manifest, bank, known: HashMap::new(), answers: None }
    }

    /// Whether the answer is still to be rated.
    pub fn is_unrated(&mut self, answer: &Answer) -> bool {
        self.debrief(answer).grade().is_none()
    }

    /// What is said when an answer begins: what it was rated before, and with that its points. Of one that was not rated
    /// nothing is given away.
    pub fn opening(&mut self, answer: &Answer) -> Vec<String> {
        let Some(grade) = self.debrief(answer).grade() else { return Vec::new() };
        let mut lines = vec![format!("Rated {} before; backspace rates it again.", grade.word())];
        lines.extend(self.points_told(answer));
        lines
    }

    /// How many points can be ticked, once it is rated.
    pub fn points(&mut self, answer: &Answer) -> usize {
        self.debrief(answer).points().len()
    }

    /// A number was pressed while an answer is played; gives what is to be said.
    pub fn digit(&mut self, answer: &Answer, number: u8) -> Vec<String> {
        let Some(mark) = self.debrief(answer).digit(number) else { return Vec::new() };
        // On the disk before it is said.
        let mut lines: Vec<String> =
            marks::keep(&self.session, &answer.question, &answer.take, &mark).into_iter().collect();
        match mark {
            Mark::Rated(_) => lines.extend(self.shown(answer)),
            Mark::Ticked(_) => lines.extend(self.point(answer, usize::from(number) - 1)),
            Mark::Told(_) => {}
        }
        lines
    }

    /// The rating is taken back: the next number is another.
    pub fn take_back(&mut self, answer: &Answer) -> Vec<String> {
        let taken = self.debrief(answer).take_back();
        if taken { vec!["Rate it again: 1 again · 2 hard · 3 good · 4 easy".to_owned()] } else { Vec::new() }
    }

    fn debrief(&mut self, answer: &Answer) -> &mut Debrief {
        let Afterwards { bank, session, known, .. } = self;
        known.entry(answer.take.clone()).or_insert_with(|| {
            let question = bank.as_ref().and_then(|bank| bank.question(&answer.question));
            let points = question.map(|question| question.points.as_slice()).unwrap_or_default();
            // One that cannot be read says nothing; what is said now is told to have moved it.
            let review = review::read(session).unwrap_or_default();
            let (grade, ticked) = (review.rating(&answer.take), review.ticked(&answer.take));
            Debrief::new(points, &[]).known(grade, ticked, None)
        })
    }

    /// What is shown of an answer once it is rated.
    fn shown(&mut self, answer: &Answer) -> Vec<String> {
        let Afterwards { home, session, manifest, answers, .. } = self;
        let answers = answers.get_or_insert_with(|| Answers::of(home, session, manifest));
        let mut lines = Vec::new();
        if let Some((turn, take)) = place(manifest, &answer.take) {
            lines.extend(answers.told(turn, take).iter().map(|line| measured(line)));
            if let Some(analysis) = answers.analysis(turn, take) {
                let remarks = answers.remarks(turn, take, &coach::guidance());
                lines.extend(remarks.iter().map(|remark| coach::marked(remark, analysis)));
            }
        }
        lines.extend(self.points_told(answer));
        lines
    }

    fn points_told(&mut self, answer: &Answer) -> Vec<String> {
        let points = self.debrief(answer).points().len();
        let head = "A strong answer covers these; press the number of each that you said:";
        let mut lines = Vec::from_iter((points > 0).then(|| head.to_owned()));
        lines.extend((0..points).flat_map(|place| self.point(answer, place)));
        lines
    }

    fn point(&mut self, answer: &Answer, place: usize) -> Option<String> {
        let point = self.debrief(answer).points().get(place)?;
        let mark = if point.ticked { '✓' } else { ' ' };
        Some(format!("{mark} {} {}", place + 1, point.text))
    }
}

/// What was measured, as a sentence.
fn measured(line: &str) -> String {
    if line.starts_with("not measured") { format!("{}.", capital(line)) } else { format!("Measured: {line}.") }
}

/// The turn of a take, from 0, and its number.
fn place(manifest: &Manifest, file: &str) -> Option<(usize, u32)> {
    let takes = manifest
        .turns
        .iter()
        .enumerate()
        .flat_map(|(turn, asked)| asked.recorded().into_iter().map(move |take| (turn, take)));
    let mut takes = takes.filter(|(_, take)| take.parts.first().is_some_and(|part| part.file == file));
    takes.next().map(|(turn, take)| (turn, take.number))
}
