//! What is asked in each turn, and what will be asked next where the turns are known from the start.

use super::prompter::Spoken;
use crate::interview::{Engine, Frame, Phase, Turn};

/// How many questions are rendered ahead: enough for any gap, little enough to leave the processor to the recording.
const AHEAD: usize = 2;

/// The questions of a session, in the order of its turns, all asked by the first speaker.
pub struct Questions {
    /// With whether the turn is over.
    turns: Vec<(Spoken, bool)>,
}

impl Questions {
    /// The questions of `turns`; `over` says which of them were dealt with before.
    pub fn of(turns: &[Turn], over: impl Fn(usize) -> bool) -> Questions {
        let spoken = |turn: &Turn| Spoken { speaker: 0, text: turn.prompt.clone() };
        Questions { turns: turns.iter().enumerate().map(|(place, turn)| (spoken(turn), over(place))).collect() }
    }

    /// A further turn.
    pub fn add(&mut self, question: Spoken) {
        self.turns.push((question, false));
    }

    /// What may be said soon, while `engine` says something at `now`.
    pub fn soon(&self, engine: &Engine, now: Frame) -> Vec<Spoken> {
        let (remark, turn, is_asked) = match engine.phase() {
            Phase::Talking { remark, turn, .. } => (Some(remark), turn, false),
            Phase::Prompting { turn, .. } | Phase::Preparing { turn, .. } | Phase::Answering { turn, .. } => {
                (None, turn, true)
            }
            _ => return Vec::new(),
        };
        match engine.panel() {
            None => self.from(turn + 1),
            Some(led) => {
                let soon = led.foresee(now, remark, turn, is_asked).into_iter();
                soon.map(|(speaker, text)| Spoken { speaker, text }).collect()
            }
        }
    }

    /// What is asked in a turn.
    pub fn get(&self, turn: usize) -> Spoken {
        self.turns[turn].0.clone()
    }

    /// The next that are asked from a turn on.
    pub fn from(&self, turn: usize) -> Vec<Spoken> {
        let left = self.turns.iter().skip(turn).filter(|(_, over)| !over);
        left.take(AHEAD).map(|(spoken, _)| spoken.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::Text;
    use crate::interview::format::Timing;
    use std::time::Duration;

    #[test]
    fn the_next_two_questions_that_are_still_open_are_foreseen() {
        let turn = |place: usize| Turn {
            question: format!("question-{place}"),
            section: "section".to_owned(),
            prompt: Text::clean(&format!("{place}?")),
            timing: Timing { prep: None, limit: None, warn: None, retakes: None, gap: Duration::ZERO },
        };
        let turns: Vec<Turn> = (0..6).map(turn).collect();
        let questions = Questions::of(&turns, |turn| turn == 0 || turn == 2);
        let texts = |turn| questions.from(turn).iter().map(|each| each.text.to_string()).collect::<Vec<_>>();
        assert_eq!(texts(0), ["1?", "3?"]);
        assert_eq!(texts(4), ["4?", "5?"]);
        assert_eq!(texts(5), ["5?"]);
        assert!(texts(6).is_empty());
        assert_eq!(questions.get(3).text.as_str(), "3?");
    }
}
