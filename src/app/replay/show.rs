//! The moment of somebody who listens, as the screen shows it.

use std::sync::Arc;

use super::items::Sound;
use super::listening::Listening;
use crate::interview::Grade;
use crate::tui::replay::{After, Mark, Page, Point, Rated, Sign};

impl Listening {
    /// What is on, as it is shown now. Of an answer that was not rated nothing is given away but where nobody speaks, and
    /// that where it is left out: it can be heard then.
    pub fn page(&mut self) -> Page {
        let item = self.item().clone();
        let position = self.position();
        let length = self.length();
        let sign = match () {
            () if self.over || self.deck.is_over() => Sign::Over,
            () if self.deck.is_paused() => Sign::Paused,
            () => Sign::Playing,
        };
        let mut page = Page {
            session: item.session.clone(),
            heading: item.heading.clone(),
            text: item.text.clone(),
            what: item.what.clone(),
            sign,
            position_s: position.as_secs_f64(),
            length_s: length.as_secs_f64(),
            speed: self.deck.speed(),
            skips: self.skips,
            looped: self.looped,
            peaks: self.peaks.clone(),
            sounds: !matches!(item.sound, Sound::Nothing) && !self.silent,
            ..Page::default()
        };
        page.asked = self.asked_with_model();
        let veiled = self.is_veiled();
        let mut reveals = item.answer.is_none();
        if let Some(answer) = &item.answer {
            page.warn_s = answer.warn_s().filter(|warn| *warn < page.length_s);
            let said = self.reviews.of(answer);
            let mark = |(at, text): &(std::time::Duration, _)| Mark {
                at_s: at.as_secs_f64(),
                text: ToString::to_string(text),
            };
            page.marks = Arc::new(said.marks.iter().map(mark).collect::<Vec<Mark>>());
            let mut taps: Vec<f64> = said.taps.iter().map(|tap| tap.at.as_secs_f64()).collect();
            taps.sort_by(f64::total_cmp);
            page.taps = Arc::new(taps);
            let debrief = said.debrief.clone();
            let point =
                |point: &crate::app::debrief::Tickable| Point { text: point.text.to_string(), ticked: point.ticked };
            page.after = match debrief.grade() {
                None if self.silent => After::Nothing,
                None => After::Unrated,
                Some(_) if veiled => After::Nothing,
                Some(grade) => After::Rated(Rated {
                    grade: grade.word().to_owned(),
                    measured: self.measured.told(answer),
                    points: debrief.points().iter().map(point).collect(),
                }),
            };
            reveals = debrief.grade().is_some() && !veiled;
        }
        if (reveals || self.skips) && page.sounds {
            page.silences = self.silences().and_then(Result::ok).unwrap_or_default();
        }
        page
    }

    /// The keys that matter now, the most important first.
    pub fn keys(&mut self) -> Vec<String> {
        let answer = self.answer().ok();
        let grade: Option<Grade> = answer.as_ref().and_then(|answer| self.reviews.of(answer).debrief.grade());
        let veiled = self.is_veiled();
        let points =
            answer.as_ref().filter(|_| !veiled).map_or(0, |answer| self.reviews.of(answer).debrief.points().len());
        let mut keys: Vec<String> = Vec::new();
        let mut add = |key: &str| keys.push(key.to_owned());
        if self.comparison.is_some() {
            add("c compare on");
            add("esc back");
        } else if self.over || self.silent {
            add("n next");
        }
        add(if self.over { "space again" } else { "space pause" });
        match (&answer, grade, points) {
            (Some(_), None, _) => add("1–4 rate"),
            (Some(_), Some(_), 1) => add("1 I said this"),
            (Some(_), Some(_), 2..) => add(&format!("1–{points} I said this")),
            _ => {}
        }
        if self.looped.is_some_and(|(_, to)| to.is_none()) {
            add("b loop ends");
        }
        add("q quit");
        if !self.over {
            add("n/p next, previous");
        }
        add("←/→ 1 s");
        add("↓/↑ 5 s");
        if answer.is_some() {
            add("m mark");
            add("f filler");
        }
        add("s silence");
        add("+/- speed");
        if self.comparison.is_none() {
            add("c compare");
        }
        add("l list");
        add("a/b loop");
        add("[/] pauses");
        keys
    }
}
