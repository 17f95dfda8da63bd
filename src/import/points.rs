//! Reference points that are proposed for a question: the terms by which its answer differs from the others of its bank.
//!
//! They are a beginning for a person, who knows what a strong answer covers; so each is marked as proposed.

use std::collections::{HashMap, HashSet};

use super::names;
use super::words::{is_small, stem, words};
use crate::interview::{Point, Text};

/// The most points that are proposed for an answer.
const MOST: usize = 6;
/// The fewest, where the answer has as many terms.
const LEAST: usize = 3;
/// One more point for each so many words of an answer.
const WORDS_A_POINT: usize = 25;
/// The longest term, in words.
const LONGEST: usize = 3;
/// How many of the best terms are looked at for those that have no word in common.
const CONSIDERED: usize = 80;
/// So many bits number a stem: a file has room for no more of them.
const STEM_BITS: u32 = 21;
/// The largest number of a stem.
const STEM: u64 = (1 << STEM_BITS) - 1;
/// An answer is looked through so far, in words: longer ones are not kept in a bank.
const FAR: usize = 2_000;

/// A word of an answer.
struct Token<'t> {
    text: &'t str,
    stem: u32,
    /// Whether it goes on with the word before it.
    joined: bool,
    telling: bool,
    acronym: bool,
}

/// The answers of a bank, read once, so that what is common in them is known.
pub struct Answers<'t> {
    stems: HashMap<String, u32>,
    /// How much each stem tells: the more, the fewer answers have it.
    weights: Vec<f64>,
    /// The words of each answer.
    tokens: Vec<Vec<Token<'t>>>,
}

impl<'t> Answers<'t> {
    /// Reads the answers of a bank.
    pub fn read(answers: impl Iterator<Item = &'t str>) -> Answers<'t> {
        let mut read = Answers { stems: HashMap::new(), weights: Vec::new(), tokens: Vec::new() };
        // In how many answers each stem is, and in which it was last.
        let mut spread: Vec<u32> = Vec::new();
        let mut last_in: Vec<u32> = Vec::new();
        // A word is read once, however often it comes.
        let mut kinds: HashMap<&str, Kind> = HashMap::new();
        for (answer, number) in answers.zip(1..) {
            let stems = &mut read.stems;
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
    pub fn propose(&self, prompt: &str, answer: usize) -> Vec<Point> {
        let Some(tokens) = self.tokens.get(answer) else { return Vec::new() };
        let known = |word: &str| Kind::of(word, |stem| self.stems.get(stem).copied().unwrap_or(u32::MAX));
        let asked: Vec<u32> =
            self::tokens(prompt, known).iter().filter(|token| token.telling).map(|token| token.stem).collect();
        // Each run of up to three telling words, with where it is; then how often, and where first.
        let mut runs: Vec<(u64, u32)> = Vec::with_capacity(tokens.len() * 2);
        for start in 0..tokens.len() {
            let mut key = 0;
            for (place, token) in tokens[start..].iter().take(LONGEST).enumerate() {
                if !token.telling || place > 0 && !token.joined {
                    break;
                }
                key |= (u64::from(token.stem) + 1).min(STEM) << (STEM_BITS * place as u32);
                runs.push((key, start as u32));
            }
        }
        runs.sort_unstable();
        let value = |alike: &[(u64, u32)]| {
            let (key, start) = (alike[0].0, alike[0].1 as usize);
            let long = 1 + usize::from(key >> STEM_BITS > 0) + usize::from(key >> (2 * STEM_BITS) > 0);
            let run = &tokens[start..start + long];
            let mean = run.iter().filter_map(|token| self.weights.get(token.stem as usize)).sum::<f64>() / long as f64;
            let new = run.iter().filter(|token| !asked.contains(&token.stem)).count() as f64 / long as f64;
            // A single rare word says little; a pair is what people call a thing by.
            let named = run.iter().any(|token| token.acronym);
            let length = [0.6, 1.3, 1.2][long - 1] * if named { 1.4 } else { 1.0 };
            let often = if alike.len() > 1 { 1.0 + (alike.len() as f64).ln() } else { 1.0 };
            (mean * length * often * (0.4 + 0.6 * new), start, long)
        };
        let mut ranked: Vec<(f64, usize, usize)> = runs.chunk_by(|one, other| one.0 == other.0).map(value).collect();
        let order = |(one, at, long): &(f64, usize, usize), (other, there, wide): &(f64, usize, usize)| {
            other.total_cmp(one).then(at.cmp(there)).then(wide.cmp(long))
        };
        if ranked.len() > CONSIDERED {
            ranked.select_nth_unstable_by(CONSIDERED, order);
            ranked.truncate(CONSIDERED);
        }
        ranked.sort_unstable_by(order);
        let wanted = (tokens.len() / WORDS_A_POINT).clamp(LEAST, MOST);
        let mut used: HashSet<u32> = HashSet::new();
        let mut chosen: Vec<(usize, usize)> = Vec::new();
        for (_, start, long) in ranked {
            if chosen.len() == wanted {
                break;
            }
            let run = &tokens[start..start + long];
            if run.iter().all(|token| !used.contains(&token.stem)) {
                used.extend(run.iter().map(|token| token.stem));
                chosen.push((start, long));
            }
        }
        chosen.sort_unstable();
        let mut taken = HashSet::new();
        chosen.into_iter().filter_map(|(start, long)| point(&tokens[start..start + long], &mut taken)).collect()
    }
}

/// The words of a text; `read` says of each what it is.
fn tokens<'t>(text: &'t str, mut read: impl FnMut(&'t str) -> Kind) -> Vec<Token<'t>> {
    let token = |word: super::words::Word<'t>| {
        let Kind { stem, telling, acronym } = read(word.text);
        Token { text: word.text, stem, joined: word.joined, telling, acronym }
    };
    words(text).take(FAR).map(token).collect()
}

/// What a word is by itself.
#[derive(Clone, Copy)]
struct Kind {
    stem: u32,
    telling: bool,
    acronym: bool,
}

impl Kind {
    /// Reads a word; `number` is the number of its stem.
    fn of(text: &str, number: impl FnOnce(&str) -> u32) -> Kind {
        let mut lower = String::new();
        small_letters(text, &mut lower);
        let acronym = text.chars().count() <= 8 && text.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let plain = lower.len() > 2 && lower.chars().any(char::is_alphabetic) && !lower.ends_with("ly");
        let telling = acronym || plain && !is_small(&lower.replace(['\'', '’'], ""));
        Kind { stem: number(stem(&lower)), telling, acronym }
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
    let one = lower.strip_suffix('s').filter(|one| one.len() > 3 && !one.ends_with(['s', 'u', 'i']) && one.is_ascii());
    any.extend(one.map(str::to_owned));
    let any: Vec<String> =
        any.iter().map(|term| Text::clean(term).to_string()).filter(|term| !term.is_empty()).collect();
    (!text.is_empty() && !any.is_empty()).then_some(Point { id, text, any, proposed: true })
}

/// Whether a word keeps its capitals: it has some behind its first letter.
fn is_name(token: &Token) -> bool {
    token.acronym || token.text.chars().skip(1).any(char::is_uppercase)
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
        assert!((3..=6).contains(&tea.len()), "{tea:?}");
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
    fn an_answer_without_terms_has_no_points() {
        assert!(terms("Why?", "It is what it is.").is_empty());
        assert!(terms("なぜ？", "—").is_empty());
    }
}
