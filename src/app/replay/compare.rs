//! The same question once more: the first take of it in all sessions, the newest, and the model answer.

use std::path::PathBuf;
use std::sync::Arc;

use super::behind::Behind;
use super::items::{Answer, Item, Session, Sound};
use crate::app::earlier::is_answer;
use crate::interview::{Bank, Text};
use crate::ports::{Clip, Utterance};
use crate::store::home::Home;
use crate::store::{ledger, recovery};
use crate::tui::plain::capital;
use crate::voice::{Chain, VoiceSettings};

/// The first and the newest take of a question; one, where there is but one.
pub type Takes = Vec<Answer>;

/// Which takes an answer is compared with. It looks through all sessions.
///
/// What follows a question up is compared within its own turn: it was asked because of what was said.
pub fn takes(home: &Home, answer: &Answer) -> Takes {
    let asked = answer.asked();
    let own = || ends_of(&answer.session, answer.turn);
    if asked.follow_up.is_some() {
        return own();
    }
    let here = &answer.session.manifest;
    let name = answer.session.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let all = ledger::read(home).map(|all| all.digests).unwrap_or_default();
    // The newest session first.
    let others = all.iter().filter(|digest| {
        let head = &digest.head;
        head.bank == here.bank && (head.kind != "demo" || head.name == name)
    });
    let mut places = others.flat_map(|digest| {
        let turns = digest.turns.iter().enumerate();
        let fits = turns.filter(|(_, turn)| turn.question == asked.question && !turn.follow_up && turn.takes > 0);
        fits.map(|(turn, _)| (home.recordings().join(&digest.head.name), turn)).rev().collect::<Vec<_>>()
    });
    let newest = places.next();
    let first = places.last().or(newest.clone());
    let open = |(path, turn): (PathBuf, usize)| {
        if path == answer.session.path {
            return Some(own());
        }
        let manifest = recovery::look(&path).ok()?;
        let fits = manifest.turns.get(turn).is_some_and(|turn| turn.question == asked.question);
        let bank: Option<Arc<Bank>> = answer.session.bank.clone();
        fits.then(|| ends_of(&Arc::new(Session { path, manifest, bank }), turn))
    };
    let first = first.and_then(open).unwrap_or_else(own).into_iter().next();
    let newest = newest.and_then(open).unwrap_or_else(own).pop();
    let mut found: Takes = first.into_iter().chain(newest).collect();
    found.dedup();
    found
}

/// The first and the last take of a turn, those that nothing broke off before the others.
fn ends_of(session: &Arc<Session>, turn: usize) -> Takes {
    let recorded = session.manifest.turns.get(turn).map(|turn| turn.recorded()).unwrap_or_default();
    let whole: Vec<_> = recorded.iter().filter(|take| is_answer(take)).collect();
    let of = if whole.is_empty() { recorded.iter().collect() } else { whole };
    let ends = of.first().into_iter().chain(of.last());
    let mut found: Takes = ends.map(|take| Answer::of(session, turn, take)).collect();
    found.dedup();
    found
}

/// A take as it is called in a comparison.
pub fn item(takes: &[Answer], place: usize) -> Item {
    let answer = takes[place].clone();
    let when = super::items::moment(&answer.session.manifest.started);
    let which = match (place, takes.len()) {
        (_, 1) => "the only take",
        (0, _) => "the first take",
        _ => "the newest take",
    };
    let number = answer.take;
    Item::answer(answer, capital(&format!("{which}: take {number} of {when}")))
}

/// Has a voice speak a text, beside the sound; gives a sentence about why it cannot be heard, where it cannot. What it
/// said is in no file, in which it could be left behind.
pub fn speak(settings: VoiceSettings, text: Text) -> Behind<Result<Arc<Clip>, String>> {
    Behind::begin(move || {
        let mut chain = Chain::choose(&settings).map_err(|error| error.to_string())?;
        match chain.utter(&text) {
            (Utterance::Clip(clip), _) => Ok(clip),
            (_, Some(notice)) => Err(notice),
            _ => Err("there is no voice whose sound can be played here".to_owned()),
        }
    })
}

/// The model answer to the question of an answer; without its sound it is to be read.
pub fn model(answer: &Answer, text: &Text, spoken: Option<Arc<Clip>>) -> Item {
    let question = Item::answer(answer.clone(), String::new());
    let what = if spoken.is_some() { "The model answer" } else { "The model answer, to be read" };
    Item {
        what: what.to_owned(),
        text: text.to_string(),
        sound: spoken.map_or(Sound::Nothing, Sound::Clip),
        answer: None,
        ..question
    }
}
