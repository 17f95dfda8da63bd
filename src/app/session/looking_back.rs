//! Between the questions: the candidate rates the answer, and is then shown what it was measured to be and what a
//! strong one covers.

use std::path::PathBuf;
use std::time::Duration;

use super::Loop;
use crate::app::debrief::{Debrief, Mark, likeliest};
use crate::app::marks::Marks;
use crate::app::refusal::TWICE;
use crate::interview::{Frame, Question, Story, TakeEnd};
use crate::tui::keys::Key;
use crate::tui::screen::Line;

/// That the rating is kept, and what was measured, come first; the points of a strong answer wait for them no longer
/// than this.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a session needs so that its answers can be rated in it.
#[derive(Debug, Clone, Default)]
pub struct Rating {
    /// The question of each turn, where its bank still has it.
    pub questions: Vec<Option<Question>>,
    /// The candidate's stories.
    pub stories: Vec<Story>,
    /// The story that is practised: an answer is taken to tell it, unless the candidate says otherwise.
    pub practised: Option<Story>,
    /// Somebody is there to press keys: answers are asked about.
    pub asks: bool,
}

/// The answers of a session, as the candidate looks back on them one by one.
pub(super) struct LookingBack {
    rating: Rating,
    marks: Marks,
    /// The turn of the take that ended, and how.
    ended: Option<(usize, TakeEnd)>,
    answer: Option<Answer>,
}

struct Answer {
    question: String,
    take: String,
    debrief: Debrief,
    /// When the candidate was asked how it went.
    since: Option<Frame>,
    /// It was rated then, and what follows is not shown yet.
    rated: Option<Frame>,
    /// The rating is on the disk, or it is told that it is not.
    kept: bool,
}

impl LookingBack {
    /// The marks are kept in the session's folder.
    pub(super) fn begin(rating: Rating, folder: PathBuf) -> LookingBack {
        LookingBack { rating, marks: Marks::begin(folder), ended: None, answer: None }
    }

    fn answer_of(&self, turn: usize, question: &str, file: &str) -> Answer {
        let known = self.rating.questions.get(turn).and_then(Option::as_ref);
        let points = known.map(|question| question.points.as_slice()).unwrap_or_default();
        let mut stories = likeliest(&self.rating.stories, known);
        if let Some(practised) = &self.rating.practised {
            stories.retain(|story| story.id != practised.id);
            stories.insert(0, practised.clone());
        }
        let practised = self.rating.practised.as_ref().map(|story| story.id.as_str());
        let debrief = Debrief::new(points, &stories).known(None, &[], practised);
        Answer { question: question.to_owned(), take: file.to_owned(), debrief, since: None, rated: None, kept: false }
    }

    /// What is still to be said when all is kept.
    pub(super) fn finish(self) -> Vec<String> {
        self.marks.finish()
    }
}

impl Loop<'_> {
    /// A take has ended.
    pub(super) fn take_ended(&mut self, turn: usize, end: TakeEnd) {
        if let Some(looking) = &mut self.looking {
            looking.ended = Some((turn, end));
        }
    }

    /// The take that ended is kept: where it answers its question, the candidate is asked how it went.
    pub(super) fn look_back_on(&mut self, file: &str) {
        let Some(looking) = &mut self.looking else { return };
        let Some((turn, TakeEnd::Done | TakeEnd::TimeUp | TakeEnd::Silence)) = looking.ended.take() else { return };
        let question = self.keeper.plan().turns.get(turn).map(|turn| turn.question.as_str()).unwrap_or_default();
        let answer = looking.answer_of(turn, question, file);
        if let Some(told) = answer.debrief.told() {
            looking.marks.keep(question, file, Mark::Told(Some(told.id.clone())));
        }
        if looking.rating.asks {
            looking.answer = Some(answer);
            self.teller.ask_rating();
        }
    }

    /// The session goes on.
    pub(super) fn leave_answer(&mut self) {
        if self.looking.as_mut().is_some_and(|looking| looking.answer.take().is_some()) {
            self.teller.leave_answer();
        }
    }

    /// A key that says something of the answer; whether it was one.
    pub(super) fn mark(&mut self, key: Key, now: Frame) -> bool {
        let Some(looking) = &mut self.looking else { return false };
        let Some(answer) = &mut looking.answer else { return false };
        let was_rated = answer.debrief.grade().is_some();
        let mark = match key {
            // What follows the rating is on its way to the screen: a second press is one too many.
            // Enter ended the answer, and was pressed twice.
            Key::Done => {
                let twice = self.rate.frames(TWICE);
                return !was_rated && answer.since.is_none_or(|since| now.since(since) < twice);
            }
            Key::Digit(_) if answer.rated.is_some() => return true,
            Key::Digit(number) => answer.debrief.digit(number),
            Key::Letter(letter) => answer.debrief.letter(letter),
            Key::Back => {
                if answer.debrief.take_back() {
                    answer.rated = None;
                    self.teller.ask_rating();
                }
                return true;
            }
            _ => return false,
        };
        let Some(mark) = mark else { return false };
        if matches!(mark, Mark::Rated(_)) && !was_rated {
            (answer.rated, answer.kept) = (Some(now), false);
        }
        if let (Mark::Ticked(_), Key::Digit(number)) = (&mark, key) {
            let place = usize::from(number) - 1;
            if let Some(point) = answer.debrief.points().get(place) {
                self.teller.say(Line::Point { number: place + 1, text: &point.text, ticked: point.ticked });
            }
        }
        looking.marks.keep(&answer.question, &answer.take, mark);
        true
    }

    /// Says what became of marks, and shows what was waiting for a rating.
    pub(super) fn look_back(&mut self, now: Frame) {
        let Some(looking) = &mut self.looking else { return };
        let mut kept = false;
        for line in looking.marks.news() {
            self.teller.say(Line::Kept(&line));
            kept = true;
        }
        let Some(answer) = &mut looking.answer else { return };
        answer.since.get_or_insert(now);
        let Some(rated) = answer.rated else { return };
        answer.kept |= kept;
        let ready = answer.kept && self.teller.has_measured();
        if ready || now.since(rated) > self.rate.frames(PATIENCE) {
            answer.rated = None;
            self.teller.unveil(&answer.debrief);
        }
    }
}
