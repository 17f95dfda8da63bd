//! Carrying out what the engine commands: speaking, cues, takes, and the turns that a panel puts.

use std::sync::Arc;

use anyhow::Result;

use super::{Edge, Loop, Saying};
use crate::app::asking::News;
use crate::app::prompter::Spoken;
use crate::audio::cue;
use crate::interview::panel::Led;
use crate::interview::{Command, Cue, Engine, Event, Frame, Phase, Turn};
use crate::ports::Clip;
use crate::store::event::Happening;
use crate::store::manifest::ManifestTurn;
use crate::tui::screen::Line;

impl Loop<'_> {
    pub(super) fn carry_out(&mut self, engine: &Engine, command: Command, now: Frame) -> Result<()> {
        match command {
            Command::Speak { turn } => {
                self.teller.put(turn, engine.panel().map(|led| self.rate.duration(led.left(now))));
                self.say(engine, Saying::Question(turn), self.questions.get(turn), now);
                Ok(())
            }
            Command::Put { turn } => self.put(engine, turn, now),
            Command::Remark { remark } => {
                let Some((led, line)) = engine.panel().and_then(|led| Some((led, led.remark(remark)?))) else {
                    return Ok(());
                };
                // After a pause it is said once more, and told once.
                let again = self.remarks > remark;
                self.remarks = self.remarks.max(remark + 1);
                if !again {
                    self.teller.remark(led.role(line.panelist), &line.text);
                }
                let what = Spoken { speaker: line.panelist, text: line.text.clone() };
                self.say(engine, Saying::Remark { remark, again }, what, now);
                Ok(())
            }
            Command::Hush => {
                self.beside.stop();
                self.asking.hush();
                Ok(())
            }
            Command::Cue(sound) => {
                if let (Cue::Warning, Phase::Answering { until: Some(until), .. }) = (sound, engine.phase()) {
                    self.teller.say(Line::Warning(self.rate.duration(until.since(now))));
                }
                self.beside.play(&cue::sound(sound));
                self.asking.cue(sound);
                Ok(())
            }
            Command::OpenTake { turn, take } => {
                if let Some(clip) = self.candidate.get(turn) {
                    self.asking.answer(clip);
                }
                self.edges.push(Edge::Opened(turn));
                self.beside.open(turn + 1, take);
                self.ear.open(turn, take);
                self.teller.opened(turn, take);
                self.foresee(engine, now);
                self.keeper.open_take(now, turn, take)
            }
            Command::CloseTake { turn, end, .. } => {
                self.take_ended(turn, end);
                self.edges.push(Edge::Closed);
                self.ear.close();
                self.measured = Some(Event::Measured { silence: self.beside.close() });
                if !self.candidate.is_empty() {
                    self.asking.stop();
                }
                self.teller.closing(end, engine.may_retake());
                for report in self.keeper.close_take(now, end)? {
                    self.take_report(report);
                }
                Ok(())
            }
            Command::EndTurn { turn, skipped } => {
                if skipped {
                    self.teller.skipped();
                }
                self.keeper.note(now, Happening::EndTurn { turn, skipped })
            }
            Command::Finish(outcome) => {
                self.outcome = Some(outcome);
                Ok(())
            }
        }
    }

    /// Takes in what became of a prompt; what the engine must know is given back.
    pub(super) fn take_news(&mut self, engine: &Engine, news: News, now: Frame) -> Option<Event> {
        match news {
            News::Begun { voice, clip, .. } => {
                if let Some(clip) = &clip {
                    self.beside.play(clip);
                }
                let noted = self.note_begun(engine, voice, clip, now);
                self.hold_on_to(noted);
                None
            }
            News::Notice(notice) => {
                let who = engine.panel().and_then(|led| Some(led.role(self.speaker(led)?)));
                let notice = who.map_or(notice.clone(), |who| format!("the {who}: {notice}"));
                self.teller.say(Line::Notice(&notice));
                None
            }
            News::Ended(event) => Some(event),
        }
    }

    /// Begins to say something, and has rendered what may follow it.
    fn say(&mut self, engine: &Engine, saying: Saying, what: Spoken, now: Frame) {
        self.saying = saying;
        for news in self.asking.say(what, now) {
            self.take_news(engine, news, now);
        }
        self.foresee(engine, now);
    }

    fn foresee(&mut self, engine: &Engine, now: Frame) {
        let soon = self.questions.soon(engine, now);
        if !soon.is_empty() {
            self.asking.foresee(&soon);
        }
    }

    /// Takes in a turn that the panel has put.
    fn put(&mut self, engine: &Engine, turn: usize, now: Frame) -> Result<()> {
        let Some((led, ask)) = engine.panel().and_then(|led| Some((led, led.ask(turn)?))) else { return Ok(()) };
        let section = self.panel.as_ref().map(|panel| panel.section(&ask.section)).unwrap_or_default();
        let put = Turn {
            question: ask.question.clone(),
            section: ask.section.clone(),
            prompt: ask.prompt.clone(),
            timing: ask.timing,
        };
        self.questions.add(Spoken { speaker: ask.panelist, text: ask.prompt.clone() });
        let who = (led.role(ask.panelist).to_owned(), ask.follow_up.is_some());
        self.teller.add(put, section, who);
        let panelist = &led.moderator().panel().panelists[ask.panelist].id;
        let clock_s = self.rate.duration(led.clock(now)).as_secs_f64();
        let entry = Box::new(ManifestTurn::put(ask, panelist, clock_s));
        self.keeper.note(now, Happening::Put { turn, entry })
    }

    /// Who of a panel speaks.
    fn speaker(&self, led: &Led) -> Option<usize> {
        match self.saying {
            Saying::Question(turn) => led.ask(turn).map(|ask| ask.panelist),
            Saying::Remark { remark, .. } => led.remark(remark).map(|line| line.panelist),
        }
    }

    /// Notes what has begun to be heard, or to be read.
    fn note_begun(&mut self, engine: &Engine, voice: String, clip: Option<Arc<Clip>>, now: Frame) -> Result<()> {
        let led = engine.panel();
        match self.saying {
            Saying::Question(turn) => {
                let who = led.and_then(|led| Some(led.role(led.ask(turn)?.panelist)));
                self.beside.ask(turn + 1, who, self.questions.get(turn).text.as_str());
                self.keeper.asked(now, turn, voice, clip)
            }
            Saying::Remark { again: true, .. } => Ok(()),
            Saying::Remark { remark, .. } => match led.and_then(|led| Some((led, led.remark(remark)?))) {
                Some((led, line)) => {
                    let panelist = led.moderator().panel().panelists[line.panelist].id.clone();
                    let text = line.text.to_string();
                    self.keeper.note(now, Happening::Remark { panelist, voice, text })
                }
                None => Ok(()),
            },
        }
    }
}
