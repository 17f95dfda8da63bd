//! A session of a panel as it would run: led by the same moderator, with a candidate who takes all the time there is.

use std::sync::Arc;
use std::time::Duration;

use super::agenda::Agenda;
use super::moderator::{Answer, Ask, Moderator};
use super::{OWN_QUESTIONS, estimate};
use crate::interview::events::TakeEnd;

/// A turn as it would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// What is asked, and by whom.
    pub ask: Ask,
    /// When it is put, about, from the start of the session.
    pub starts: Duration,
    /// How long the answer may be.
    pub limit: Duration,
    /// The follow-ups that the answer may call for, by their ids.
    pub follow_ups: Vec<String>,
}

/// A session as it would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The turns, the candidate's own questions last where there are any.
    pub turns: Vec<Expected>,
    /// When it would be over, about.
    pub ends: Duration,
}

/// Runs through an agenda: every answer takes its full time, and none is followed up.
pub fn preview(agenda: &Agenda) -> Preview {
    let mut alone = agenda.clone();
    alone.panel.follow_ups = 0;
    let mut moderator = Moderator::new(Arc::new(alone));
    let (mut clock, mut answer, mut turns) = (Duration::ZERO, None, Vec::new());
    loop {
        let step = moderator.next(clock, answer);
        clock += step.remarks.iter().map(|remark| estimate::likely(&remark.text)).sum();
        let Some(ask) = step.ask else { return Preview { turns, ends: clock } };
        let starts = clock;
        clock += estimate::likely(&ask.prompt) + ask.timing.prep.unwrap_or_default();
        let limit = moderator.grant(&ask, clock);
        clock += limit + ask.timing.gap;
        let stopped = moderator.interrupt(ask.panelist, true);
        clock += stopped.map(|line| estimate::likely(&line.text)).unwrap_or_default();
        answer = Some(Answer { lasted: limit, limit, end: TakeEnd::TimeUp, spoke: true, silence: None });
        turns.push(Expected { follow_ups: follow_ups(agenda, &ask), ask, starts, limit });
    }
}

fn follow_ups(agenda: &Agenda, ask: &Ask) -> Vec<String> {
    let topic = agenda.slates.iter().flatten().find(|topic| topic.question == ask.question);
    let topic = topic.filter(|_| agenda.panel.follow_ups > 0 && ask.question != OWN_QUESTIONS);
    topic.map(|topic| topic.pursuits.iter().map(|pursuit| pursuit.id.clone()).collect()).unwrap_or_default()
}
