//! Who speaks: lines of a talk that was written down, "Interviewer: …" and "Me: …".

use std::collections::HashMap;

use super::asks::{Asks, asks};
use super::mark::{Label, Mark, Style};
use super::piece::Piece;

/// What a line between questions is called that asks nothing.
const BETWEEN: &str = "what is said between the questions";

/// Names of whoever asks.
const ASKERS: [&str; 12] = [
    "interviewer",
    "interviewer 1",
    "interviewer 2",
    "recruiter",
    "hiring manager",
    "panel",
    "host",
    "hr",
    "examiner",
    "entrevistador",
    "intervieweur",
    "moderator",
];

/// The name before a line, and what is said.
fn said(text: &str) -> Option<(&str, &str)> {
    let (name, words) = text.split_once(':')?;
    let words = words.trim_matches(['*', ' ']);
    let name = name.trim_matches(['*', ' ']);
    let named = name.len() <= 30
        && name.split(' ').count() <= 3
        && name.starts_with(char::is_uppercase)
        && name.chars().all(|c| c.is_alphanumeric() || " .'-".contains(c));
    (named && !words.is_empty()).then_some((name, words))
}

/// Makes questions of what one of two speakers asks, and answers of what the others say to it.
pub(super) fn speakers(pieces: &mut [Piece]) {
    // How often each speaks, and how often it asks.
    let mut spoken: HashMap<&str, (usize, usize)> = HashMap::new();
    let open = |piece: &&Piece| piece.mark.is_none() && piece.label.is_none() && piece.furniture.is_none();
    for piece in pieces.iter().filter(open) {
        if let Some((name, words)) = said(&piece.text) {
            let (all, asked) = spoken.entry(name).or_default();
            *all += 1;
            *asked += usize::from(asks(words) != Asks::No);
        }
    }
    spoken.retain(|_, (all, _)| *all >= 2);
    let lines: usize = spoken.values().map(|(all, _)| all).sum();
    // Whoever asks is named so, or asks nearly always, and the others hardly.
    let is_asker = |name: &str, all: usize, asked: usize| {
        let named = ASKERS.contains(&name.to_lowercase().as_str());
        named && asked > 0 || asked >= 2 && asked * 4 >= all * 3
    };
    let mut askers: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for (name, (all, asked)) in &spoken {
        let side = if is_asker(name, *all, *asked) { &mut askers } else { &mut others };
        side.push((*name).to_owned());
    }
    let quiet = others.iter().all(|name| spoken.get(name.as_str()).is_none_or(|(all, asked)| asked * 2 <= *all));
    if askers.is_empty() || others.is_empty() || !quiet || lines * 2 < pieces.len() {
        return;
    }
    for piece in pieces.iter_mut().filter(|piece| open(&&**piece)) {
        let Some((name, words)) = said(&piece.text) else { continue };
        let (asker, other) = (askers.iter().any(|one| one == name), others.iter().any(|one| one == name));
        if !asker && !other {
            continue;
        }
        let words = words.to_owned();
        piece.asks = asks(&words);
        if !asker {
            piece.label = Some(Label::Answer);
        } else if piece.asks == Asks::No {
            piece.furniture = Some(BETWEEN);
        } else {
            piece.mark = Some(Mark { style: Style::Label, number: 0 });
        }
        piece.whole.clone_from(&words);
        piece.text = words;
    }
}
