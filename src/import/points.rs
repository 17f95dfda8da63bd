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
pub struct Answers {
    stems: HashMap<String, u32>,
    /// In how many answers each stem is.
    spread: Vec<u32>,
    count: usize,
}

impl Answers {
    /// Reads the answers of a bank.
    pub fn read<'t>(answers: impl Iterator<Item = &'t str>) -> Answers {
        let mut read = Answers { stems: HashMap::new(), spread: Vec::new(), count: 0 };
        let mut last_in: Vec<u32> = Vec::new();
        let mut lower = String::new();
        for answer in answers {
            read.count += 1;
            for word in words(answer).take(FAR) {
                small_letters(&word.text, &mut lower);
                let stem = stem(&lower);
                let id = match read.stems.get(stem) {
                    Some(id) => *id,
                    None => {
                        let id = read.spread.len() as u32;
                        read.stems.insert(stem.to_owned(), id);
                        read.spread.push(0);
                        last_in.push(0);
                        id
                    }
                } as usize;
                if last_in[id] != read.count as u32 {
                    last_in[id] = read.count as u32;
                    read.spread[id] += 1;
                }
            }
        }
        read
    }

    /// How much a stem tells: the more, the fewer answers have it.
    fn weight(&self, stem: u32) -> f64 {
        let spread = self.spread.get(stem as usize).copied().unwrap_or(0);
        ((self.count as f64 + 1.0) / (f64::from(spread) + 0.5)).ln().max(0.1)
    }

    fn tokens<'t>(&self, text: &'t str) -> Vec<Token<'t>> {
        let mut lower = String::new();
        let token = |word: super::words::Word<'t>| {
            let text = match word.text {
                std::borrow::Cow::Borrowed(text) => text,
                std::borrow::Cow::Owned(_) => return None,
            };
            small_letters(text, &mut lower);
            let capitals = text.chars().filter(|c| c.is_uppercase()).count();
            let acronym = capitals >= 2 && text.chars().count() <= 8;
            let letters = text.chars().any(char::is_alphabetic);
            let telling = acronym
                || letters
                    && lower.chars().count() > 2
                    && !is_small(&lower.replace(['\'', '’'], ""))
                    && !lower.ends_with("ly");
            let stem = self.stems.get(stem(&lower)).copied().unwrap_or(u32::MAX);
            Some(Token { text, stem, joined: word.joined, telling, acronym })
        };
        words(text).take(FAR).filter_map(token).collect()
    }

    /// The points that an answer proposes, in the order in which it comes to them.
    pub fn propose(&self, prompt: &str, answer: &str) -> Vec<Point> {
        let tokens = self.tokens(answer);
        let asked: HashSet<u32> =
            self.tokens(prompt).iter().filter(|token| token.telling).map(|token| token.stem).collect();
        // How often each run of up to three telling words is there, and where first.
        let mut runs: HashMap<Vec<u32>, (usize, usize, usize)> = HashMap::new();
        for start in 0..tokens.len() {
            for long in 1..=LONGEST {
                let Some(run) = tokens.get(start..start + long) else { break };
                if run.iter().any(|token| !token.telling) || run[1..].iter().any(|token| !token.joined) {
                    break;
                }
                let key = run.iter().map(|token| token.stem).collect();
                runs.entry(key).or_insert((start, long, 0)).2 += 1;
            }
        }
        let value = |(key, (start, long, often)): (Vec<u32>, (usize, usize, usize))| {
            let run = &tokens[start..start + long];
            let mean = key.iter().map(|stem| self.weight(*stem)).sum::<f64>() / long as f64;
            let new = key.iter().filter(|stem| !asked.contains(stem)).count() as f64 / long as f64;
            // A single rare word says little; a pair is what people call a thing by.
            let named = run.iter().any(|token| token.acronym);
            let length = [0.6, 1.3, 1.2][long - 1] * if named { 1.4 } else { 1.0 };
            let score = mean * length * (1.0 + (often as f64).ln()) * (0.4 + 0.6 * new);
            (score, start, long)
        };
        let mut ranked: Vec<(f64, usize, usize)> = runs.into_iter().map(value).collect();
        ranked.sort_by(|(one, at, long), (other, there, wide)| {
            other.total_cmp(one).then(at.cmp(there)).then(wide.cmp(long))
        });
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
        let answers = Answers::read([TEA, TRAINS].into_iter());
        answers.propose(prompt, answer).into_iter().map(|point| point.any[0].clone()).collect()
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
        let points = answers.propose("How?", TEA);
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
