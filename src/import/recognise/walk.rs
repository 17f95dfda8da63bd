//! From the first piece of a document to its last: what belongs to which question, and what to none.

use super::asks::{Asks, words_up_to};
use super::choice::{Choice, dashed, split};
use super::doubt::shown;
use super::furniture::{CONTENTS, THREAD, furniture, is_around};
use super::join::Answer;
use super::mark::Label;
use super::piece::Piece;
use super::title;
use crate::import::block::Kind;
use crate::import::outline::{Heading, Item, Outline, Remark};

const INTRODUCTION: &str = "the introduction";
const LEAD: &str = "the introduction of a section";
const CLOSING: &str = "the conclusion";
const EMPTY_HEADING: &str = "a heading without questions of its own";
const REPEATED: &str = "the title, repeated";

/// Where the walk is.
enum Mode {
    /// Nothing has been asked yet.
    Before,
    /// Below the heading of a section.
    Lead,
    /// Below a question.
    Question,
    /// Below something that is left out.
    Aside(&'static str),
}

/// What a piece that is no question and no furniture is.
enum Role {
    Section,
    Aside(&'static str),
    Repeated,
    Body,
}

struct Walk<'p> {
    pieces: &'p [Piece],
    choice: &'p Choice,
    /// The place of the next question, for each place.
    next: Vec<usize>,
    title: Option<usize>,
    /// The title, in small letters.
    title_text: String,
    /// How many questions have an answer in this section, and how many have none.
    outline: Outline,
    pending: Option<(usize, String)>,
    item: Option<Item>,
    answer: Answer,
    /// Whether what stands right below a question is its answer, in most of the document.
    answered: bool,
    /// Whether the answer was begun by a label.
    labelled: bool,
    /// Follow-ups are being listed.
    following: bool,
}

/// Goes through all pieces once.
pub(super) fn walk(pieces: &[Piece], choice: &Choice) -> Outline {
    let mut next = vec![pieces.len(); pieces.len() + 1];
    for place in (0..pieces.len()).rev() {
        next[place] = if choice.is_question[place] { place } else { next[place + 1] };
    }
    let mut walk = Walk {
        pieces,
        choice,
        next,
        title: None,
        title_text: String::new(),
        outline: Outline { unsure: choice.unsure.clone(), ..Outline::default() },
        pending: None,
        item: None,
        answer: Answer::default(),
        answered: false,
        labelled: false,
        following: false,
    };
    walk.answered = walk.is_answered();
    walk.find_title();
    walk.run();
    walk.outline
}

impl Walk<'_> {
    /// The title: the first heading of the first level, or the first line if it looks like one and is none of a section.
    fn find_title(&mut self) {
        let first_question = self.next[0];
        let before = &self.pieces[..first_question.min(self.pieces.len())];
        let marked = before.iter().position(|piece| piece.level() == Some(1) && piece.furniture.is_none());
        let by_form = marked.or_else(|| {
            let first = before.iter().position(|piece| piece.furniture.is_none() && !piece.text.contains(" ago "))?;
            let piece = &before[first];
            // A form that has headings has its title in one.
            let titled = piece.level().is_some() && self.next[first + 1] > first + 1;
            let short = words_up_to(&piece.text, 21) <= 20
                && !piece.text.ends_with(['.', ':', ';', ','])
                && piece.text.len() <= 160;
            let plain = piece.kind == Kind::Paragraph && piece.mark.is_none() && short && piece.asks != Asks::Request;
            let alone = self.next[first + 1] > first + 1 || !self.has_sections(first + 1);
            (titled
                || plain
                    && alone
                    && !(title::names_section(&piece.text)
                        && self.next[first + 1] == first + 1
                        && self.has_sections(first + 1)))
            .then_some(first)
        });
        self.title = by_form;
        if let Some(place) = by_form {
            let text = self.pieces[place].whole.clone();
            self.title_text = text.to_lowercase();
            self.outline.title = Some(title::title(&text));
        }
    }

    /// Whether there are headings of sections from a place on.
    fn has_sections(&self, from: usize) -> bool {
        (from..self.pieces.len())
            .filter(|place| !self.choice.is_question[*place])
            .any(|place| matches!(self.role(place), Role::Section))
    }

    fn run(&mut self) {
        let mut mode = Mode::Before;
        for place in 0..self.pieces.len() {
            let piece = &self.pieces[place];
            if self.choice.is_question[place] {
                self.close();
                self.open(piece);
                mode = Mode::Question;
                continue;
            }
            if Some(place) == self.title {
                continue;
            }
            if let Some(what) = piece.furniture {
                self.leave_out(piece, what);
                // What stands below such a heading belongs to it, and to no question; nor does, below the last question,
                // what follows the buttons of a thread or links.
                let heads = piece.level().is_some_and(|level| self.choice.level.is_some_and(|asked| level <= asked));
                let ends = self.next[place] == self.pieces.len()
                    && matches!(mode, Mode::Question)
                    && (what == THREAD || title::is_aside(&piece.text));
                if heads || ends {
                    self.close();
                    mode = Mode::Aside(what);
                }
                continue;
            }
            match self.role(place) {
                Role::Section => {
                    self.close();
                    if let Some((line, _)) = self.pending.take() {
                        self.outline.left_out.push(Remark { line, text: EMPTY_HEADING.to_owned() });
                    }
                    self.pending = Some((piece.line, piece.text.clone()));
                    mode = Mode::Lead;
                    continue;
                }
                Role::Aside(what) => {
                    self.close();
                    self.leave_out(piece, what);
                    mode = Mode::Aside(what);
                    continue;
                }
                Role::Repeated => {
                    self.leave_out(piece, REPEATED);
                    continue;
                }
                Role::Body => {}
            }
            match mode {
                Mode::Before => self.leave_out(piece, INTRODUCTION),
                Mode::Lead => self.leave_out(piece, LEAD),
                Mode::Aside(what) => self.leave_out(piece, what),
                Mode::Question => {
                    if self.next[place] == self.pieces.len()
                        && piece.label.is_none()
                        && (title::is_closing(&piece.text) && self.may_end()
                            || title::is_farewell(&piece.text) && self.pieces.len() - place <= LONGEST_FAREWELL)
                    {
                        self.close();
                        self.leave_out(piece, CLOSING);
                        mode = Mode::Aside(CLOSING);
                    } else {
                        self.take(piece);
                    }
                }
            }
        }
        self.close();
        if let Some((line, _)) = self.pending.take() {
            self.outline.left_out.push(Remark { line, text: EMPTY_HEADING.to_owned() });
        }
        self.doubt_the_last();
        let subject = self.outline.title.as_deref().map(title::subject).unwrap_or_default();
        for heading in &mut self.outline.sections {
            heading.title = title::section(&heading.title, &subject);
        }
    }

    /// Whether the last question may be over: it has its answer, or those before it have none.
    fn may_end(&self) -> bool {
        !self.answer.text().is_empty() || self.outline.items.last().is_some_and(|item| item.answer.is_none())
    }

    fn leave_out(&mut self, piece: &Piece, what: &str) {
        self.outline.left_out.push(Remark { line: piece.line, text: what.to_owned() });
    }

    /// What a piece is that is no question.
    fn role(&self, place: usize) -> Role {
        let piece = &self.pieces[place];
        if !self.title_text.is_empty()
            && Some(place) != self.title
            && piece.whole.len() == self.title_text.len()
            && piece.whole.to_lowercase() == self.title_text
        {
            return Role::Repeated;
        }
        if piece.label.is_some() || piece.kind == Kind::Link {
            return if piece.kind == Kind::Link { Role::Aside(CONTENTS) } else { Role::Body };
        }
        let next = self.next[place];
        let is_last = next == self.pieces.len();
        if let Some(level) = piece.level() {
            if self.choice.level.is_some_and(|asked| level > asked) {
                return Role::Body;
            }
            if title::is_aside(&piece.text) {
                return Role::Aside(if is_last { CLOSING } else { "what stands aside" });
            }
            // A section has a question before another heading of its level, or a higher one, begins.
            let reach = self.pieces[place + 1..next.min(self.pieces.len())].iter();
            let cut = reach.take(LOOK_AHEAD).any(|other| other.level().is_some_and(|other| other <= level));
            return match (is_last, cut) {
                (true, _) => Role::Aside("what stands below the last question"),
                (false, true) if self.choice.level.is_none() && self.item_goes_on(place, level) => Role::Body,
                (false, true) => Role::Aside(EMPTY_HEADING),
                (false, false) => Role::Section,
            };
        }
        if !matches!(piece.kind, Kind::Paragraph) || piece.folded {
            return Role::Body;
        }
        if title::is_aside(&piece.text) {
            return Role::Aside(if is_last { CLOSING } else { "what stands aside" });
        }
        if is_around(&piece.text) || self.goes_on_a_list(place) || self.answers_the_one_above(place) {
            return Role::Body;
        }
        if is_last || !title::is_heading(&piece.text) {
            return Role::Body;
        }
        // Below a heading of its form, a paragraph before the first question leads to it and is no other heading.
        let above = (0..place)
            .rev()
            .take(LOOK_AHEAD)
            .find(|at| self.choice.is_question[*at] || self.pieces[*at].level().is_some() && Some(*at) != self.title);
        if above.is_some_and(|at| !self.choice.is_question[at] && self.pieces[at].level() > Some(1)) {
            return Role::Body;
        }
        // Headings that no form marks stand right before a question; with words of their own between, they must show
        // more of what they are.
        let between = &self.pieces[place + 1..next];
        let words = between.iter().take(4).filter(|other| other.furniture.is_none()).count();
        let strong = piece.bold || title::is_strong(&piece.text);
        let first = self.next[0] == next;
        let again = self.pieces[next].mark.is_some_and(|mark| mark.number == 1);
        let near = match words {
            0 => strong || first || again,
            1 | 2 => {
                (title::names_section(&piece.text) || piece.bold || strong && again)
                    && between.iter().all(|other| other.label.is_none())
            }
            _ => false,
        };
        if near && between.iter().all(|other| !is_weak_heading(other)) { Role::Section } else { Role::Body }
    }

    /// Whether a heading stands within the answer of a question that is itself none.
    fn item_goes_on(&self, place: usize, level: u8) -> bool {
        // The headings of the sections are higher than those within answers.
        let before = self.pieces[..place].iter().rev().take(LOOK_AHEAD);
        self.outline.items.len() + usize::from(self.item.is_some()) > 0
            && before.filter_map(Piece::level).any(|other| other < level)
    }

    /// Whether a numbered line follows the one with the number before, in a list.
    fn goes_on_a_list(&self, place: usize) -> bool {
        let (Some(mark), Some(before)) = (self.pieces[place].mark, place.checked_sub(1)) else { return false };
        let before = self.pieces[before].mark.filter(|_| !self.choice.is_question[before]);
        before.is_some_and(|before| before.style == mark.style && before.number + 1 == mark.number)
    }

    /// Whether a short line between two questions answers the first rather than being a heading above the second: it
    /// stands nearer to it, or as near, in a document whose questions have answers.
    fn answers_the_one_above(&self, place: usize) -> bool {
        let (piece, next) = (&self.pieces[place], self.next[place]);
        let Some(before) = place.checked_sub(1).filter(|before| self.choice.is_question[*before]) else { return false };
        let shouted = piece.text.contains(' ') && !piece.text.chars().any(char::is_lowercase);
        // What is numbered otherwise than the questions is a heading.
        let numbered = piece.mark.is_some();
        if next != place + 1
            || next == self.pieces.len()
            || piece.bold
            || shouted
            || numbered
            || title::names_section(&piece.text)
        {
            return false;
        }
        let above = piece.line.saturating_sub(self.pieces[before].line);
        let below = self.pieces[next].line.saturating_sub(piece.line);
        above < below || above == below && self.answered
    }

    /// Whether more of the questions have something below them that cannot be a heading than have nothing; and no
    /// heading stands above the first, or the answers are as short as headings.
    fn is_answered(&self) -> bool {
        let (mut with, mut without, mut short, mut either) = (0, 0, 0, 0);
        for place in (0..self.pieces.len()).filter(|place| self.choice.is_question[*place]) {
            let next = self.next[place + 1];
            let below = &self.pieces[place + 1..next];
            let last = next == self.pieces.len();
            match below {
                [] => without += usize::from(!last),
                [one] if !last && is_weak_heading(one) => either += 1,
                [one] if words_up_to(&one.text, 5) <= 4 && !one.text.ends_with('.') => {
                    with += 1;
                    short += 1;
                }
                _ => with += 1,
            }
        }
        let first = self.next[0].checked_sub(1).map(|before| &self.pieces[before]);
        let headed = first.is_some_and(|piece| piece.level().is_none() && is_weak_heading(piece));
        with > without && (!headed || either + short > with - short)
    }

    /// Begins a question.
    fn open(&mut self, piece: &Piece) {
        if let Some((line, title)) = self.pending.take() {
            self.outline.sections.push(Heading { line, title, id: None });
        }
        let section = self.outline.sections.len().checked_sub(1);
        let mut prompt = piece.text.as_str();
        self.answer.take();
        (self.labelled, self.following) = (false, false);
        let apart = piece.asks == Asks::No || piece.text.contains(" Answer:") || piece.text.contains(" A:");
        if let Some((asked, answer)) = dashed(&piece.text).or_else(|| boxed(piece)) {
            prompt = asked;
            self.answer.begin(answer);
        } else if let Some((asked, answer)) = split(&piece.text).filter(|_| apart) {
            prompt = asked;
            self.answer.begin(answer);
            if !piece.text.contains("A:") && !piece.text.to_lowercase().contains("answer:") {
                let text = format!("the answer is taken to begin behind the question mark: {}", shown(asked));
                self.outline.unsure.push(Remark { line: piece.line, text });
            }
        }
        let prompt = prompt.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_').to_owned();
        self.item = Some(Item { line: piece.line, section, prompt, ..Item::default() });
    }

    /// Ends a question.
    fn close(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        let answer = self.answer.take();
        item.answer = Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty());
        self.outline.items.push(item);
    }

    /// Takes a piece into the answer of the question that is open.
    fn take(&mut self, piece: &Piece) {
        let Some(item) = &mut self.item else { return };
        match piece.label {
            Some(Label::Answer) => {
                if !self.labelled && !self.answer.text().is_empty() {
                    let text = format!(
                        "what stands between the question and its answer is left out: {}",
                        shown(self.answer.text())
                    );
                    self.outline.unsure.push(Remark { line: item.line, text });
                    self.answer.take();
                }
                (self.labelled, self.following) = (true, false);
                self.answer.add(piece, &piece.text);
            }
            Some(Label::FollowUp) => {
                self.following = true;
                if !piece.text.is_empty() {
                    item.follow_ups.push(piece.text.clone());
                }
            }
            Some(Label::Tags) => {
                item.tags.extend(
                    piece.text.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned),
                );
            }
            None if self.following && piece.asks == Asks::Question => item.follow_ups.push(piece.text.clone()),
            None => {
                self.following = false;
                self.answer.add(piece, &piece.whole);
            }
        }
    }

    /// The last question of a list without answers may have got what closes the document.
    fn doubt_the_last(&mut self) {
        let items = &self.outline.items;
        let Some((last, before)) = items.split_last() else { return };
        let same = |item: &&Item| item.section == last.section;
        let near = before.iter().rev().take_while(same).take(5);
        let (count, bare) =
            near.fold((0, 0), |(count, bare), item| (count + 1, bare + usize::from(item.answer.is_none())));
        if count >= 2 && bare == count && last.answer.is_some() {
            let text =
                "this question alone of its section has an answer: what follows it may close the document".to_owned();
            self.outline.unsure.push(Remark { line: last.line, text });
        }
    }
}

/// A question in a box of its own, with the answer below it in the same box.
fn boxed(piece: &Piece) -> Option<(&str, &str)> {
    let end = piece.text.find("? ").filter(|_| piece.whole.starts_with("[!"))? + 1;
    Some((&piece.text[..end], piece.text[end..].trim_start()))
}

/// How many pieces are looked at before a heading is believed: far more than stand between two headings.
const LOOK_AHEAD: usize = 64;

/// A farewell has no more pieces than this, with the name below it.
const LONGEST_FAREWELL: usize = 8;

fn is_weak_heading(piece: &Piece) -> bool {
    piece.kind == Kind::Paragraph
        && piece.label.is_none()
        && furniture(&piece.text).is_none()
        && title::is_heading(&piece.text)
        && title::is_strong(&piece.text)
}
