//! Leads a panel: what comes next, decided from the clock and from how the last answer went.
//!
//! The questions were drawn before; how many of them are asked, which follow-ups, and for how long the candidate may
//! answer, is decided here, one step after the other. The same agenda and the same answers at the same times give the
//! same session.
//!
//! The clock is the time of the panel: what is spent on hold, or on an answer that the microphone lost, does not count.

mod budget;
mod step;

use std::sync::Arc;
use std::time::Duration;

use super::agenda::{Agenda, Condition, Pursuit, Topic};
use super::phrases::{Decks, INVITATIONS, Purpose, welcome};
use super::{DropFirst, OWN_QUESTIONS, Panel, estimate};
use crate::interview::draw::Lots;
use crate::interview::events::TakeEnd;
use crate::interview::format::Timing;
use crate::interview::text::Text;

pub use step::{Answer, Ask, Past, Remark, Step};

/// Follow-ups are given this part of the limit of their question, in percent.
const FOLLOW_UP_LIMIT: u32 = 60;

/// How often, in a hundred, something is said between two questions of the same panelist.
const BRIDGES: u64 = 60;

/// An answer is short that takes less than this part of its limit: one third.
const SHORT: u32 = 3;

/// A share of silence, in percent.
const NOTHING_BUT_SILENCE: u32 = 100;

/// The shortest time that is left to the candidate's own questions.
const LEAST_OWN: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Block(usize),
    Own,
    Farewell,
    Over,
}

/// The question that was asked last, and what is left to be asked about it.
#[derive(Debug, Clone)]
struct Current {
    block: usize,
    place: usize,
    /// How the first answer to it went; follow-ups are decided by it.
    answer: Option<Answer>,
    /// Which follow-ups were asked, by their places.
    followed: Vec<usize>,
}

/// Leads a session through its agenda.
#[derive(Debug, Clone)]
pub struct Moderator {
    agenda: Arc<Agenda>,
    lots: Lots,
    decks: Decks,
    stage: Stage,
    /// Which questions of each block were asked, by their places.
    asked: Vec<Vec<usize>>,
    /// When the block ends.
    until: Duration,
    /// How many questions of the block fit where every answer takes its full time.
    planned: usize,
    current: Option<Current>,
    /// Who has introduced themselves.
    known: Vec<bool>,
    /// The session goes on from before its first question.
    unopened: bool,
}

impl Moderator {
    /// Leads a new session.
    pub fn new(agenda: Arc<Agenda>) -> Moderator {
        Moderator::going_on(agenda, &Past::default())
    }

    /// Leads a session on from where it was interrupted.
    pub fn going_on(agenda: Arc<Agenda>, past: &Past) -> Moderator {
        let mut lots = Lots::new(agenda.seed);
        // A stream of their own, so that what is said changes nothing of what is asked.
        let deck_lots = Lots::new(crate::interview::draw::Seed(lots.draw()));
        let panel = &agenda.panel;
        let mut known = vec![false; panel.panelists.len()];
        known[panel.chair] = true;
        let mut moderator = Moderator {
            decks: Decks::shuffled(deck_lots, past.said.iter().cloned()),
            lots,
            stage: Stage::Opening,
            asked: vec![Vec::new(); panel.blocks.len()],
            until: Duration::ZERO,
            planned: 0,
            current: None,
            known,
            unopened: past.unopened,
            agenda,
        };
        moderator.remember(past);
        moderator
    }

    fn remember(&mut self, past: &Past) {
        for (question, follow_up, panelist) in &past.asked {
            if let Some(at) = self.panel().panelists.iter().position(|one| one.id == *panelist && !past.unopened) {
                self.known[at] = true;
            }
            if question == OWN_QUESTIONS {
                self.stage = Stage::Farewell;
                continue;
            }
            let find = |topics: &Vec<Topic>| topics.iter().position(|topic| topic.question == *question);
            let places = self.agenda.slates.iter().map(find).collect::<Vec<_>>();
            let Some((block, place)) = places.iter().enumerate().find_map(|(block, place)| Some((block, (*place)?)))
            else {
                continue;
            };
            // A question that is answered only now may be followed up; after a follow-up nobody knows any more how the
            // answer went that it was asked for.
            self.current = None;
            if follow_up.is_none() && !self.asked[block].contains(&place) {
                self.asked[block].push(place);
                self.stage = Stage::Block(block);
                self.current = Some(Current { block, place, answer: None, followed: Vec::new() });
            }
        }
        if let Stage::Block(block) = self.stage {
            self.plan_block(block, past.clock);
        }
    }

    /// The panel that it leads.
    pub fn panel(&self) -> &Panel {
        &self.agenda.panel
    }

    /// What it leads through.
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// How long the session is.
    pub fn length(&self) -> Duration {
        self.panel().length
    }

    /// Whether nothing more will be asked.
    pub fn has_asked_all(&self) -> bool {
        matches!(self.stage, Stage::Farewell | Stage::Over)
    }

    /// What comes next, at `clock`; `answer` is how the last answer went, where there was one.
    pub fn next(&mut self, clock: Duration, answer: Option<Answer>) -> Step {
        let mut step = Step::default();
        loop {
            let now = clock + spoken(&step.remarks);
            match self.stage {
                Stage::Opening => {
                    step.remarks.extend(self.open());
                    self.enter(0, clock + spoken(&step.remarks), &mut step);
                }
                Stage::Block(block) => {
                    if self.follow_up(block, now, answer, &mut step) || self.question(block, now, answer, &mut step) {
                        return step;
                    }
                    self.leave(block, now, &mut step);
                }
                Stage::Own => {
                    self.invite(now, &mut step);
                    return step;
                }
                Stage::Farewell => {
                    self.part(&mut step);
                    return step;
                }
                Stage::Over => return step,
            }
        }
    }

    /// What `panelist` says when an answer has reached its limit.
    ///
    /// Where nothing was heard in it, nobody is told that they talked too long.
    pub fn interrupt(&mut self, panelist: usize, spoke: bool) -> Option<Remark> {
        let manner = self.panel().panelists[panelist].manner;
        let purpose = if spoke { Purpose::Interrupt(manner) } else { Purpose::Relieve };
        self.say(panelist, purpose, |first, second| format!("{first} {second}"))
    }

    fn say(&mut self, panelist: usize, purpose: Purpose, put: impl Fn(&str, &str) -> String) -> Option<Remark> {
        self.decks.deal(purpose, put).map(|text| Remark { panelist, text })
    }

    /// What is said when a session goes on; the opening, where that was not heard to its end.
    pub fn welcome_back(&mut self) -> Vec<Remark> {
        let mut step = Step::default();
        if std::mem::take(&mut self.unopened) {
            step.remarks.extend(self.open());
            self.introduce(0, &mut step);
        } else {
            step.remarks.extend(self.say(self.panel().chair, Purpose::WelcomeBack, |back, on| format!("{back} {on}")));
        }
        step.remarks
    }

    fn open(&mut self) -> Option<Remark> {
        let agenda = Arc::clone(&self.agenda);
        let panelist = agenda.panel.chair;
        if let Some(text) = agenda.panel.welcome.clone() {
            return Some(Remark { panelist, text });
        }
        let purpose = if agenda.panel.panelists.len() == 1 { Purpose::WelcomeAlone } else { Purpose::Welcome };
        self.say(panelist, purpose, |greeting, advice| welcome(&agenda.panel, greeting, advice))
    }

    /// Goes over to a block: one hands over, the next begins.
    fn enter(&mut self, block: usize, now: Duration, step: &mut Step) {
        self.plan_block(block, now);
        self.stage = Stage::Block(block);
        self.current = None;
        self.introduce(block, step);
    }

    /// Who asks in a block: one hands over, the next begins.
    fn introduce(&mut self, block: usize, step: &mut Step) {
        let agenda = Arc::clone(&self.agenda);
        let panel = &agenda.panel;
        let next = panel.blocks[block].panelist;
        let before = block.checked_sub(1).map(|before| panel.blocks[before].panelist);
        let role = &panel.panelists[next].role;
        if before == Some(next) || panel.panelists.len() == 1 {
            return;
        }
        if next != panel.chair {
            let line = self.say(panel.chair, Purpose::Handover, |thanks, hand| match before {
                // Nobody has said anything yet that thanks would be due for.
                None => format!("{hand} our {role}."),
                Some(_) => format!("{thanks} {hand} our {role}."),
            });
            step.remarks.extend(line);
        }
        let line = if block == 0 && next == panel.chair {
            self.say(next, Purpose::Begin, |myself, first| format!("{myself} {first}"))
        } else if std::mem::replace(&mut self.known[next], true) {
            self.say(next, Purpose::Again, |mine, first| format!("{mine} {first}"))
        } else {
            self.say(next, Purpose::Introduction, |hello, field| format!("{hello} I am the {role}, {field}"))
        };
        step.remarks.extend(line);
    }

    fn leave(&mut self, block: usize, now: Duration, step: &mut Step) {
        self.current = None;
        if block + 1 < self.panel().blocks.len() {
            self.enter(block + 1, now, step);
        } else {
            self.stage = if self.panel().closing.own_questions { Stage::Own } else { Stage::Farewell };
        }
    }

    /// Asks the most important question of the block that was not asked, where there is time for it.
    fn question(&mut self, block: usize, now: Duration, last: Option<Answer>, step: &mut Step) -> bool {
        let agenda = Arc::clone(&self.agenda);
        let panel = &agenda.panel;
        let rules = &panel.blocks[block];
        let count = self.asked[block].len();
        let next = (0..agenda.slates[block].len()).find(|place| !self.asked[block].contains(place));
        let Some(place) = next.filter(|_| count < rules.most.unwrap_or(usize::MAX)) else { return false };
        let topic = &agenda.slates[block][place];
        // What was said on the way here has cost its time already.
        let least = now + estimate::question(panel, &topic.prompt, false, panel.shortest);
        if least > self.until && count >= rules.least {
            return false;
        }
        self.asked[block].push(place);
        self.current = Some(Current { block, place, answer: None, followed: Vec::new() });
        let (manner, said) = (panel.panelists[rules.panelist].manner, step.remarks.len());
        let has_room = least + estimate::BRIDGE + self.owed(block, 0) <= self.until;
        if has_room && count > 0 && step.remarks.is_empty() && self.lots.below(100) < BRIDGES {
            // Nobody nods to an answer that was not given.
            let answered = last.is_some_and(|answer| answer.end.answers() && answer.spoke);
            let put = |nod: &str, on: &str| if answered { format!("{nod} {on}") } else { on.to_owned() };
            let line = self.say(rules.panelist, Purpose::Bridge(manner), put);
            step.remarks.extend(line);
        }
        let limit = panel.limit(rules.panelist);
        self.put(rules.panelist, topic, None, limit, now + spoken(&step.remarks[said..]), step);
        true
    }

    /// Asks a follow-up to the last answer, where it calls for one and there is time.
    fn follow_up(&mut self, block: usize, now: Duration, answer: Option<Answer>, step: &mut Step) -> bool {
        let agenda = Arc::clone(&self.agenda);
        let panel = &agenda.panel;
        let Some(current) = self.current.as_mut().filter(|current| current.block == block) else { return false };
        // A question, or a follow-up, that was passed over is not insisted on.
        let Some(latest) = answer.filter(|answer| answer.end.answers()) else { return false };
        let first = *current.answer.get_or_insert(latest);
        if current.followed.len() >= panel.follow_ups as usize {
            return false;
        }
        let topic = &agenda.slates[block][current.place];
        let calls = |(place, pursuit): &(usize, &Pursuit)| {
            !current.followed.contains(place) && holds(pursuit.condition, first, panel.hesitant)
        };
        let Some((place, pursuit)) = topic.pursuits.iter().enumerate().find(calls) else { return false };
        let limit = (panel.limit(pursuit.panelist) * FOLLOW_UP_LIMIT / 100).max(panel.shortest);
        let asker = pursuit.panelist;
        let joins_in = asker != panel.blocks[block].panelist;
        let lead = if joins_in { estimate::joining(panel, asker) } else { estimate::BRIDGE };
        let cost = |answer: Duration| lead + estimate::question(panel, &pursuit.prompt, false, answer);
        let fits = match panel.drop_first {
            DropFirst::FollowUps => now + cost(limit) + self.owed(block, self.planned) <= self.until,
            DropFirst::Questions => now + cost(panel.shortest) + self.owed(block, 0) <= self.until,
        };
        if !fits {
            return false;
        }
        if let Some(current) = self.current.as_mut() {
            current.followed.push(place);
        }
        let said = step.remarks.len();
        let line = if joins_in {
            let is_known = std::mem::replace(&mut self.known[asker], true);
            let role = &panel.panelists[asker].role;
            // A voice that was not heard yet says whose it is.
            let who = if is_known { String::new() } else { format!("I am the {role}. ") };
            self.say(asker, Purpose::JoinIn, |may, side| format!("{who}{may} {side}"))
        } else {
            (self.lots.below(100) < BRIDGES)
                .then(|| self.say(asker, Purpose::Pursue, |pick, brief| format!("{pick} {brief}")))
                .flatten()
        };
        step.remarks.extend(line);
        self.put(asker, topic, Some(pursuit), limit, now + spoken(&step.remarks[said..]), step);
        true
    }

    /// Puts a question, or a follow-up to it, which is spoken from `now` on; its limit is what the clock will allow, so
    /// that the candidate is told the truth.
    fn put(
        &mut self,
        panelist: usize,
        topic: &Topic,
        pursuit: Option<&Pursuit>,
        limit: Duration,
        now: Duration,
        step: &mut Step,
    ) {
        let prompt = pursuit.map_or(&topic.prompt, |pursuit| &pursuit.prompt);
        let mut ask = Ask {
            panelist,
            question: topic.question.clone(),
            section: topic.section.clone(),
            follow_up: pursuit.map(|pursuit| pursuit.id.clone()),
            prompt: prompt.clone(),
            timing: self.timing(limit),
        };
        let opens = now + estimate::spoken(prompt) + ask.timing.prep.unwrap_or_default();
        let granted = self.grant(&ask, opens);
        // What is cut short is cut to whole seconds, which can be said.
        let whole = Duration::from_secs(granted.as_secs()).max(self.panel().shortest.min(granted));
        let shown = if granted < limit { whole } else { granted };
        ask.timing = Timing { warn: ask.timing.warn.map(|warn| warn.min(shown / 3)), limit: Some(shown), ..ask.timing };
        step.ask = Some(ask);
    }

    /// The times of an answer; the pause after it is drawn.
    fn timing(&mut self, limit: Duration) -> Timing {
        let base = self.panel().timing;
        let (least, most) = (estimate::shortest_gap(self.panel()), estimate::longest_gap(self.panel()));
        let gap = least + Duration::from_millis(self.lots.below((most - least).as_millis() as u64 + 1));
        let warn = base.warn.map(|warn| warn.min(limit / 3)).filter(|warn| !warn.is_zero());
        Timing { prep: base.prep, limit: Some(limit), warn, retakes: Some(0), gap }
    }

    /// Asks the candidate for questions of their own.
    fn invite(&mut self, now: Duration, step: &mut Step) {
        self.stage = Stage::Farewell;
        let chair = self.panel().chair;
        step.remarks.extend(self.say(chair, Purpose::NearlyOver, |end, yours| format!("{end} {yours}")));
        let which = self.lots.below(INVITATIONS.len() as u64) as usize;
        let prompt = Text::clean(INVITATIONS[which]);
        let panel = self.panel();
        let around = estimate::INVITATION
            + estimate::spoken(&prompt)
            + panel.timing.prep.unwrap_or_default()
            + estimate::tail(panel)
            + estimate::farewell(panel);
        // What the blocks left over is the candidate's, up to twice the time of the closing.
        let left = panel.length.saturating_sub(now).min(panel.closing.time * 2);
        let limit = left.saturating_sub(around).max(LEAST_OWN);
        step.ask = Some(Ask {
            panelist: chair,
            question: OWN_QUESTIONS.to_owned(),
            section: String::new(),
            follow_up: None,
            prompt,
            timing: self.timing(limit),
        });
    }

    fn part(&mut self, step: &mut Step) {
        self.stage = Stage::Over;
        let chair = self.panel().chair;
        let own = self.panel().closing.farewell.clone().map(|text| Remark { panelist: chair, text });
        let purpose = if self.panel().panelists.len() == 1 { Purpose::FarewellAlone } else { Purpose::Farewell };
        let last = own.or_else(|| self.say(chair, purpose, |thanks, last| format!("{thanks} {last}")));
        step.remarks.extend(last);
    }
}

fn holds(condition: Condition, answer: Answer, hesitant: u32) -> bool {
    match condition {
        Condition::Short => answer.end != TakeEnd::TimeUp && answer.lasted * SHORT < answer.limit,
        // Who was heard to say nothing did not talk too long.
        Condition::Long => answer.end == TakeEnd::TimeUp && answer.silence != Some(NOTHING_BUT_SILENCE),
        Condition::Hesitant => answer.spoke && answer.silence.is_some_and(|silence| silence > hesitant),
        Condition::Always => true,
    }
}

/// How long remarks take.
fn spoken(remarks: &[Remark]) -> Duration {
    remarks.iter().map(|remark| estimate::spoken(&remark.text)).sum()
}

#[cfg(test)]
mod tests;
