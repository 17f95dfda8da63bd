//! Reference points that are proposed for a question: the terms by which its answer differs from the others of its bank.
//!
//! They are a beginning for a person, who knows what a strong answer covers; so each is marked as proposed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::grammar::{Part, follows_a_verb, leads_to_a_noun, leads_to_a_verb, names_a_thing, part, singular};
use super::names;
use super::words::{stem, words};
use crate::interview::{Point, Text};

/// The most points that are proposed for an answer.
const MOST: usize = 5;
/// The fewest, where the answer has as many terms.
const LEAST: usize = 3;
/// One more point for each so many words of an answer.
const WORDS_A_POINT: usize = 25;
/// A word that nothing else shows to be telling has so many letters.
const LONG_ENOUGH: usize = 6;
/// The longest term, in words.
const LONGEST: usize = 3;
/// An answer is looked through so far, in words: longer ones are not kept in a bank.
const FAR: usize = 2_000;

/// A word of an answer.
struct Token<'t> {
    text: &'t str,
    stem: u32,
    /// Whether it goes on with the word before it.
    joined: bool,
    part: Part,
    acronym: bool,
    /// Whether it is written as names are, and not because a sentence begins.
    named: bool,
}

impl Token<'_> {
    fn is_named(&self) -> bool {
        self.named
    }

    fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    /// Whether it goes on with the phrase that `before` belongs to; where a small word is followed by a capital, a
    /// list may have ended and begun.
    fn goes_on(&self, before: &Token) -> bool {
        self.joined && self.part != Part::Stop && (!self.named || self.acronym || before.named)
    }
}

/// The answers of a bank, read once, so that what is common in them is known.
pub struct Answers<'t> {
    stems: HashMap<String, u32>,
    /// Each word, read once, however often it comes.
    kinds: HashMap<&'t str, Kind>,
    /// How much each stem tells: the more, the fewer answers have it.
    weights: Vec<f64>,
    /// The words of each answer.
    tokens: Vec<Vec<Token<'t>>>,
}

impl<'t> Answers<'t> {
    /// Reads the answers of a bank.
    pub fn read(answers: impl Iterator<Item = &'t str>) -> Answers<'t> {
        let mut read =
            Answers { stems: HashMap::new(), kinds: HashMap::new(), weights: Vec::new(), tokens: Vec::new() };
        // In how many answers each stem is, and in which it was last.
        let mut spread: Vec<u32> = Vec::new();
        let mut last_in: Vec<u32> = Vec::new();
        for (answer, number) in answers.zip(1..) {
            let (stems, kinds) = (&mut read.stems, &mut read.kinds);
            let tokens = tokens(answer, |word| {
                *kinds.entry(word).or_insert_with(|| {
                    Kind::of(word, |stem| {
                        let next = stems.len() as u32;
                        *stems.entry(stem.to_owned()).or_insert(next)
                    })
                })
            });
            spread.resize(read.stems.len(), 0);
            last_in.resize(read.stems.len(), 0);
            for token in &tokens {
                let id = token.stem as usize;
                if last_in[id] != number {
                    last_in[id] = number;
                    spread[id] += 1;
                }
            }
            read.tokens.push(tokens);
        }
        let all = read.tokens.len() as f64 + 1.0;
        read.weights = spread.iter().map(|spread| (all / (f64::from(*spread) + 0.5)).ln().max(0.1)).collect();
        read
    }

    /// The points that an answer, counted from 0, proposes for its question, in the order in which it comes to them.
    ///
    /// Names and phrases that name something come before single words, and none is better than one that says nothing.
    pub fn propose(&self, prompt: &str, answer: usize) -> Vec<Point> {
        let Some(tokens) = self.tokens.get(answer) else { return Vec::new() };
        let read = |word: &str| Kind::of(word, |stem| self.stems.get(stem).copied().unwrap_or(u32::MAX));
        let known = |word: &str| self.kinds.get(word).copied().unwrap_or_else(|| read(word));
        let asked: Vec<u32> = self::tokens(prompt, known)
            .iter()
            .filter(|token| token.part != Part::Stop)
            .map(|token| token.stem)
            .collect();
        let runs = runs(tokens);
        let mut often: HashMap<u64, u32> = HashMap::new();
        for run in &runs {
            *often.entry(key(&tokens[run.clone()])).or_default() += 1;
        }
        let mut ranked: Vec<(f64, Range<usize>)> = Vec::new();
        for range in runs {
            let run = &tokens[range.clone()];
            let often = often.remove(&key(run)).unwrap_or(0);
            let long = run.len() as f64;
            let Some(kind) = worth(tokens, &range, often).filter(|_| often > 0) else { continue };
            let mean = run.iter().filter_map(|token| self.weights.get(token.stem as usize)).sum::<f64>() / long;
            let new = run.iter().filter(|token| !asked.contains(&token.stem)).count() as f64 / long;
            if new > 0.0 {
                ranked.push((kind * mean * (1.0 + f64::from(often).ln()) * (0.4 + 0.6 * new), range));
            }
        }
        ranked.sort_by(|(one, at), (other, there)| other.total_cmp(one).then(at.start.cmp(&there.start)));
        let wanted = (tokens.len() / WORDS_A_POINT).clamp(LEAST, MOST);
        let mut used: HashSet<u32> = HashSet::new();
        let mut chosen: Vec<Range<usize>> = Vec::new();
        for (_, range) in ranked {
            if chosen.len() == wanted {
                break;
            }
            let run = &tokens[range.clone()];
            // A word alone only fills up what phrases leave open.
            let lone = run.len() == 1 && !run[0].is_named();
            if (!lone || chosen.len() < LEAST) && run.iter().all(|token| !used.contains(&token.stem)) {
                used.extend(run.iter().map(|token| token.stem));
                chosen.push(range);
            }
        }
        chosen.sort_unstable_by_key(|range| range.start);
        let mut taken = HashSet::new();
        chosen.into_iter().filter_map(|range| point(&tokens[range], &mut taken)).collect()
    }
}

/// The stems of a run as one number; what is alike in it and yet another only costs a proposal.
fn key(run: &[Token]) -> u64 {
    run.iter().fold(0, |key, token| (key << 21) ^ u64::from(token.stem))
}

/// The longest runs of words that name something together.
fn runs(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].part == Part::Stop {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < tokens.len() && tokens[end].goes_on(&tokens[end - 1]) {
            end += 1;
        }
        let (mut start, mut last) = (at, end);
        at = end;
        // "we measure progress": the first word is done. "the team tests the release": the last one is.
        let before = start.checked_sub(1).filter(|_| tokens[start].joined).map(|before| tokens[before].lower());
        if before.is_some_and(|word| leads_to_a_verb(&word)) && !tokens[start].is_named() {
            start += 1;
        }
        let behind = tokens.get(last).filter(|next| next.joined).map(Token::lower);
        if last - start.min(last) >= 2
            && behind.is_some_and(|word| follows_a_verb(&word))
            && !tokens[last - 1].is_named()
        {
            last -= 1;
        }
        while last > start && tokens[last - 1].part == Part::Adjective && !tokens[last - 1].is_named() {
            last -= 1;
        }
        // What a long name is a name of stands at its end.
        if last > start {
            runs.push(start.max(last.saturating_sub(LONGEST))..last);
        }
    }
    runs
}

/// How much a run is worth as a reminder; `None` where it is none.
fn worth(tokens: &[Token], range: &Range<usize>, often: u32) -> Option<f64> {
    let run = &tokens[range.clone()];
    let named = run.iter().any(Token::is_named);
    let before = range.start.checked_sub(1).filter(|_| run[0].joined).map(|before| tokens[before].lower());
    let introduced = before.is_some_and(|word| leads_to_a_noun(&word));
    let general = run.iter().filter(|token| matches!(token.part, Part::General | Part::Adjective)).count();
    if run.len() > 1 {
        // "whole team" and "different problems" remind of nothing.
        let fine = named || general < run.len();
        return fine.then_some(1.3 * if introduced { 1.15 } else { 1.0 } * if named { 1.4 } else { 1.0 });
    }
    let one = &run[0];
    let lower = one.lower();
    if one.acronym {
        Some(1.4)
    } else if one.is_named() {
        Some(1.0)
    } else if one.part == Part::Noun && lower.contains('-') {
        Some(0.9)
    } else if one.part == Part::Noun && (names_a_thing(&lower) || often > 1 && lower.len() > 4) {
        Some(0.7)
    } else if one.part == Part::Noun && introduced && lower.chars().count() >= LONG_ENOUGH {
        Some(0.5)
    } else {
        None
    }
}

/// The words of a text; `read` says of each what it is.
fn tokens<'t>(text: &'t str, mut read: impl FnMut(&'t str) -> Kind) -> Vec<Token<'t>> {
    let token = |word: super::words::Word<'t>| {
        let Kind { stem, part, acronym } = read(word.text);
        let capital = word.text.chars().next().is_some_and(char::is_uppercase);
        let named = acronym || capital && !word.first;
        let part = if named && part != Part::Stop || acronym { Part::Noun } else { part };
        Token { text: word.text, stem, joined: word.joined, part, acronym, named }
    };
    words(text).take(FAR).map(token).collect()
}

/// What a word is by itself.
#[derive(Clone, Copy)]
struct Kind {
    stem: u32,
    part: Part,
    acronym: bool,
}

impl Kind {
    /// Reads a word; `number` is the number of its stem.
    fn of(text: &str, number: impl FnOnce(&str) -> u32) -> Kind {
        let mut lower = String::new();
        small_letters(text, &mut lower);
        let acronym = text.chars().count() <= 8 && text.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let part = if lower.chars().any(char::is_alphabetic) { part(&lower) } else { Part::Stop };
        Kind { stem: number(stem(&lower)), part, acronym }
    }
}

fn small_letters(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The point that says that a term is to come up.
fn point(run: &[Token], taken: &mut HashSet<String>) -> Option<Point> {
    let words: Vec<String> = run
        .iter()
        .map(|token| if is_name(token) { token.text.to_owned() } else { token.text.to_lowercase() })
        .collect();
    let term = words.join(" ");
    let lower = term.to_lowercase();
    let id = names::short(&lower, names::LONGEST);
    let id = names::free(if id.is_empty() { "point" } else { &id }, taken);
    let text = Text::clean(&format!("Brings up {term}"));
    let mut any = vec![lower.clone()];
    if let Some((last, before)) = run.split_last()
        && let Some(one) = singular(last.text)
    {
        let before: String = before.iter().map(|token| format!("{} ", token.lower())).collect();
        any.push(before + &one);
    }
    let any: Vec<String> =
        any.iter().map(|term| Text::clean(term).to_string()).filter(|term| !term.is_empty()).collect();
    (!text.is_empty() && !any.is_empty()).then_some(Point { id, text, any, proposed: true })
}

/// Whether a word keeps its capitals: it has some behind its first letter.
fn is_name(token: &Token) -> bool {
    token.named || token.text.chars().skip(1).any(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEA: &str = "I warm the pot first, because cold clay takes the heat out of the water. Then loose leaves, never dust, and a \
        timer: the RHS guide says three minutes for black tea. Loose leaves can be used twice.";
    const TRAINS: &str = "I check the signal box log first, because a wrong signal stops everything. Then I call the dispatcher and \
        write down the time. The signal box has the last word.";

    fn terms(prompt: &str, answer: &str) -> Vec<String> {
        let answers = Answers::read([TEA, TRAINS, answer].into_iter());
        answers.propose(prompt, 2).into_iter().map(|point| point.any[0].clone()).collect()
    }

    #[test]
    fn what_distinguishes_an_answer_is_proposed() {
        let tea = terms("How do you make tea?", TEA);
        assert!((3..=5).contains(&tea.len()), "{tea:?}");
        assert!(tea.iter().any(|term| term == "loose leaves"), "{tea:?}");
        assert!(tea.iter().any(|term| term.contains("rhs")), "{tea:?}");
        let trains = terms("Why are trains late?", TRAINS);
        assert!(trains.iter().any(|term| term.starts_with("signal box")), "{trains:?}");
        assert!(!trains.iter().any(|term| term.contains("first") || term == "the"), "{trains:?}");
    }

    #[test]
    fn a_point_keeps_the_capitals_of_names_and_says_that_it_is_proposed() {
        let answers = Answers::read([TEA, TRAINS].into_iter());
        let points = answers.propose("How?", 0);
        assert!(points.iter().all(|point| point.proposed && names::is_id(&point.id)));
        assert!(points.iter().any(|point| point.text.as_str().contains("RHS")), "{points:?}");
        assert!(points.iter().flat_map(|point| &point.any).all(|term| *term == term.to_lowercase()));
    }

    #[test]
    fn what_is_done_and_how_is_no_point() {
        let found = terms(
            "Why?",
            "I showed it today, and honestly it matters: we learn. Becoming better takes time. We measure it.",
        );
        assert!(found.is_empty(), "{found:?}");
        let found = terms("How?", "We hold key ceremonies with ad-hoc briefs, and the baker tests the ACLS plan.");
        assert_eq!(found, ["key ceremonies", "ad-hoc briefs", "acls plan"]);
        // No phrase goes over the end of a sentence or of an item.
        let found = terms(
            "How?",
            "With a proofing basket. Rye flour, then salted butter Fresh yeast in the warm kitchen cupboard",
        );
        assert!(found.iter().all(|term| !term.contains("basket rye") && !term.contains("butter fresh")), "{found:?}");
    }

    #[test]
    fn a_point_that_names_several_is_met_by_one_of_them() {
        let answers = Answers::read(["We keep error budgets, SLOs and weekly ceremonies for the bakers."].into_iter());
        let any: Vec<Vec<String>> = answers.propose("How?", 0).into_iter().map(|point| point.any).collect();
        assert!(any.contains(&vec!["error budgets".to_owned(), "error budget".to_owned()]), "{any:?}");
        assert!(any.contains(&vec!["slos".to_owned(), "slo".to_owned()]), "{any:?}");
        assert!(any.contains(&vec!["weekly ceremonies".to_owned(), "weekly ceremony".to_owned()]), "{any:?}");
    }

    #[test]
    fn an_answer_without_terms_has_no_points() {
        assert!(terms("Why?", "It is what it is.").is_empty());
        assert!(terms("なぜ？", "—").is_empty());
    }
}
