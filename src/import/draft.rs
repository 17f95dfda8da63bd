//! An outline as a bank: ids, sections, limits, and what a person made of the bank since the last import.
//!
//! It knows the rules of a bank and no file. Nothing is cut or dropped in silence: what does not fit is told.

use std::collections::{HashMap, HashSet};

use super::alike::{Asked, pair};
use super::names;
use super::outline::{Item, Outline, Remark};
use super::points::Answers;
use super::sections;
use crate::interview::text::LONGEST;
use crate::interview::{Bank, FollowUp, Point, Question, Section, Text, When};

/// The most questions of a bank.
pub const MOST_QUESTIONS: usize = 5_000;
/// The most words of a prompt.
const MOST_PROMPT_WORDS: usize = 600;
/// The most tags, points and follow-ups that a question takes from a file.
const MOST_PARTS: usize = 50;
/// How often a follow-up is asked, in percent, where the file does not say when.
const EVEN: u32 = 50;
/// The most threads that propose points.
const MOST_CORES: usize = 8;
/// So many answers are worth a thread of their own.
const WORTH_SHARING: usize = 250;
/// An answer that two questions share makes them one only if it is at least so long, in words.
const TELLING_ANSWER: usize = 12;

/// What is known from imports before.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The bank as it stands now.
    pub now: &'a Bank,
    /// The bank as the last import wrote it, where that is known.
    pub written: Option<&'a Bank>,
    /// What it was before, the newest first: whose ids belong to their questions for ever.
    pub before: &'a [Bank],
}

/// A bank made of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The bank.
    pub bank: Bank,
    /// What the file alone would have it be: against this the next import sees what a person changed.
    pub written: Bank,
    /// The line of the file on which each question of the bank stands, by its id.
    pub lines: HashMap<String, usize>,
    /// What a person should look at.
    pub unsure: Vec<Remark>,
    /// What found no place in it.
    pub left_out: Vec<Remark>,
    /// What became of the questions of the bank before.
    pub changes: Changes,
}

/// What an import changes in a bank that was there; ids in the order of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Questions that are new.
    pub added: Vec<String>,
    /// Questions that are no longer in the file.
    pub removed: Vec<String>,
    /// Questions that a person added to the bank, and that stay.
    pub own: Vec<String>,
    /// Questions of the file that a person took out of the bank, and that stay out.
    pub out: Vec<String>,
}

/// Makes a bank; `None` where there is no question for it.
pub fn draft(outline: &Outline, id: &str, title: &str, earlier: Option<Earlier>) -> Option<Draft> {
    let (mut unsure, mut left_out) = (Vec::new(), Vec::new());
    let fresh: Vec<Fresh> = fitting(outline, &mut unsure, &mut left_out);
    if fresh.is_empty() {
        return None;
    }
    let known = Known::of(earlier);
    let mut changes = Changes::default();
    let paired = known.pair(&fresh, &mut unsure);
    let sections = sections::sections(outline, &fresh, &paired, earlier);
    let mut taken: HashSet<String> = known.ids.iter().map(|id| (*id).to_owned()).collect();
    let mut made: Vec<Pair> = Vec::with_capacity(fresh.len());
    let mut out: Vec<Question> = Vec::new();
    let mut lines = HashMap::new();
    for (place, new) in fresh.iter().enumerate() {
        let section = sections.of_item[place].clone();
        let old = paired[place].map(|at| known.ids[at]);
        let now = old.and_then(|id| earlier?.now.question(id));
        let written = old.and_then(|id| earlier?.written?.question(id));
        if let (Some(id), None, Some(written)) = (old, now, written) {
            changes.out.push(id.to_owned());
            out.push(Question { section, ..written.clone() });
            continue;
        }
        let id = match old {
            Some(id) => id.to_owned(),
            None => new_id(new, &mut taken),
        };
        lines.insert(id.clone(), new.item.line);
        if now.is_none() {
            changes.added.push(id.clone());
        }
        made.push(merged(id, section, new, now, written, &sections, &mut unsure));
    }
    propose(&mut made, earlier);
    let (mut bank, mut pure): (Vec<Question>, Vec<Question>) =
        made.into_iter().map(|pair| (pair.bank, pair.file)).unzip();
    pure.extend(out);
    if let Some(earlier) = earlier {
        let there: HashSet<&str> = bank.iter().map(|question| question.id.as_str()).collect();
        let mut own = Vec::new();
        for question in earlier.now.questions.iter().filter(|question| !there.contains(question.id.as_str())) {
            match earlier.written {
                Some(written) if written.question(&question.id).is_none() => {
                    changes.own.push(question.id.clone());
                    own.push(question.clone());
                }
                _ => changes.removed.push(question.id.clone()),
            }
        }
        bank.extend(own);
    }
    let language =
        outline.language.clone().or_else(|| Some(earlier?.now.language.clone())).unwrap_or_else(|| "en".to_owned());
    let language = if is_language(&language) { language } else { "en".to_owned() };
    let whole = |questions, title, all: &[Section]| assembled(id, title, language.clone(), all, questions);
    let file_title = Text::clean(&title.chars().take(LONGEST).collect::<String>());
    let file_title = if file_title.is_empty() { Text::clean(id) } else { file_title };
    let bank = whole(bank, kept_title(&file_title, earlier), &sections.list);
    let written = whole(pure, file_title, &sections.file);
    (!bank.questions.is_empty()).then_some(Draft { bank, written, lines, unsure, left_out, changes })
}

/// A bank of these questions, in the order of the sections; those that have none are left out.
fn assembled(id: &str, title: Text, language: String, all: &[Section], mut questions: Vec<Question>) -> Bank {
    let place: HashMap<&str, usize> =
        all.iter().enumerate().map(|(place, section)| (section.id.as_str(), place)).collect();
    questions.retain(|question| place.contains_key(question.section.as_str()));
    questions.sort_by_key(|question| place.get(question.section.as_str()).copied());
    let used: HashSet<&str> = questions.iter().map(|question| question.section.as_str()).collect();
    let sections = all.iter().filter(|section| used.contains(section.id.as_str())).cloned().collect();
    Bank { id: id.to_owned(), title, language, sections, questions }
}

/// Whether this looks like a BCP 47 tag, as a bank needs one.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let letters = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let fine = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(letters) && tag.len() <= 35 && parts.all(fine)
}

/// A question as the bank has it, and as the file alone would.
struct Pair {
    bank: Question,
    file: Question,
}

/// A question that fits into a bank.
pub(super) struct Fresh<'o> {
    pub item: &'o Item,
    pub prompt: Text,
    pub answer: Option<Text>,
}

/// The questions that fit, with answers that do.
fn fitting<'o>(outline: &'o Outline, unsure: &mut Vec<Remark>, left_out: &mut Vec<Remark>) -> Vec<Fresh<'o>> {
    let mut fresh = Vec::new();
    for item in &outline.items {
        let mut drop = |text: String| left_out.push(Remark { line: item.line, text });
        if fresh.len() == MOST_QUESTIONS {
            drop(format!("more than {MOST_QUESTIONS} questions: make it several files"));
            continue;
        }
        let long = length(&item.prompt);
        let prompt = Text::clean(&item.prompt);
        if prompt.is_empty() {
            drop("a question without words".to_owned());
            continue;
        }
        if long > LONGEST || prompt.words() > MOST_PROMPT_WORDS {
            drop(format!("a question of more than {MOST_PROMPT_WORDS} words or {LONGEST} characters"));
            continue;
        }
        let answer = item
            .answer
            .as_deref()
            .map(|answer| fitting_answer(answer, item.line, unsure))
            .filter(|answer| !answer.is_empty());
        fresh.push(Fresh { item, prompt, answer });
    }
    fresh
}

/// How long a text is as it is kept: white space in single spaces.
fn length(text: &str) -> usize {
    text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

/// An answer within the bounds of a bank: whole sentences of it, where it is too long, and that is told.
fn fitting_answer(answer: &str, line: usize, unsure: &mut Vec<Remark>) -> Text {
    let text = Text::clean(answer);
    // No text has more characters than bytes.
    let long = if answer.len() <= LONGEST { answer.len() } else { length(answer) };
    if long <= LONGEST {
        return text;
    }
    let end = text.as_str().rfind(['.', '!', '?', '。']).filter(|end| *end * 2 > text.as_str().len());
    let end = end.map(|end| end + text.as_str()[end..].chars().next().map_or(1, char::len_utf8));
    let cut = Text::clean(&text.as_str()[..end.unwrap_or(text.as_str().len())]);
    let kept = cut.as_str().chars().count();
    let text = format!("the answer has {long} characters, and a bank takes {LONGEST}: the first {kept} are kept");
    unsure.push(Remark { line, text });
    cut
}

/// The questions of earlier imports, by their ids.
struct Known<'a> {
    ids: Vec<&'a str>,
    /// Prompts, each with the place of its id: what it is now, what was written, what it was before.
    prompts: Vec<(usize, Asked)>,
    texts: Vec<&'a Text>,
    answers: HashMap<&'a str, usize>,
}

impl<'a> Known<'a> {
    fn of(earlier: Option<Earlier<'a>>) -> Known<'a> {
        let mut known = Known { ids: Vec::new(), prompts: Vec::new(), texts: Vec::new(), answers: HashMap::new() };
        let Some(earlier) = earlier else { return known };
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut seen: HashSet<(usize, &Text)> = HashSet::new();
        for bank in earlier.written.into_iter().chain([earlier.now]).chain(earlier.before) {
            for question in &bank.questions {
                let next = known.ids.len();
                let place = *places.entry(&question.id).or_insert(next);
                if place == next {
                    known.ids.push(&question.id);
                    known.texts.push(&question.prompt);
                }
                if seen.insert((place, &question.prompt)) {
                    known.prompts.push((place, Asked::read(question.prompt.as_str())));
                }
                if let Some(answer) = question.answer.as_ref().filter(|answer| answer.words() >= TELLING_ANSWER) {
                    known.answers.entry(answer.as_str()).or_insert(place);
                }
            }
        }
        known
    }

    /// Which of the known questions each new one is.
    fn pair(&self, fresh: &[Fresh], unsure: &mut Vec<Remark>) -> Vec<Option<usize>> {
        let mut used = vec![false; self.ids.len()];
        let mut found: Vec<Option<usize>> = vec![None; fresh.len()];
        if self.ids.is_empty() {
            return found;
        }
        let places: HashMap<&str, usize> = self.ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        for (place, new) in fresh.iter().enumerate() {
            // The id that the file itself gives goes before all.
            let own =
                new.item.id.as_deref().and_then(|id| places.get(names::short(id, names::LONGEST).as_str()).copied());
            if let Some(at) = own.filter(|at| !used[*at]) {
                found[place] = Some(at);
                used[at] = true;
            }
        }
        let open: Vec<usize> = (0..fresh.len()).filter(|place| found[*place].is_none()).collect();
        let asked: Vec<Asked> = open.iter().map(|place| Asked::read(fresh[*place].prompt.as_str())).collect();
        let texts: Vec<&Asked> = self.prompts.iter().map(|(_, asked)| asked).collect();
        for (index, other) in pair(&asked, &texts).into_iter().enumerate() {
            let Some(at) = other.map(|other| self.prompts[other].0).filter(|at| !used[*at]) else { continue };
            let place = open[index];
            found[place] = Some(at);
            used[at] = true;
        }
        for place in open {
            if found[place].is_some() {
                continue;
            }
            // A new wording above the very same answer is still the same question.
            let same = fresh[place].answer.as_ref().and_then(|answer| self.answers.get(answer.as_str()).copied());
            if let Some(at) = same.filter(|at| !used[*at]) {
                found[place] = Some(at);
                used[at] = true;
            }
        }
        for (place, at) in found.iter().enumerate() {
            let Some(at) = at else { continue };
            let new = &fresh[place];
            if *self.texts[*at] == new.prompt {
                continue;
            }
            let text = format!("taken for `{}`, worded anew; its id and recordings stay with it", self.ids[*at]);
            unsure.push(Remark { line: new.item.line, text });
        }
        found
    }
}

/// The id of a question that was not there before.
fn new_id(new: &Fresh, taken: &mut HashSet<String>) -> String {
    match new.item.id.as_deref().map(|id| names::short(id, names::LONGEST)).filter(|id| !id.is_empty()) {
        Some(id) => names::free(&id, taken),
        None => names::of_prompt(new.prompt.as_str(), taken),
    }
}

/// A question of the file, with what a person made of it: what they changed is theirs, the rest is as the file has it.
fn merged(
    id: String,
    section: String,
    new: &Fresh,
    now: Option<&Question>,
    written: Option<&Question>,
    sections: &sections::Sections,
    unsure: &mut Vec<Remark>,
) -> Pair {
    let (prompt, answer) = (new.prompt.clone(), new.answer.clone());
    let tags = tags(&new.item.tags);
    let points = given_points(&new.item.points);
    let follow_ups = follow_ups(&new.item.follow_ups);
    let file = Question { id, section, prompt, tags, points, answer, follow_ups };
    let Some(now) = now else { return Pair { bank: file.clone(), file } };
    let Some(old) = written else {
        // Nothing is known of how it came to be: what the file says nothing of stays.
        let bank = Question {
            tags: or(&file.tags, &now.tags),
            points: if now.points.is_empty() { file.points.clone() } else { now.points.clone() },
            follow_ups: if now.follow_ups.is_empty() { file.follow_ups.clone() } else { now.follow_ups.clone() },
            answer: file.answer.clone().or_else(|| now.answer.clone()),
            ..file.clone()
        };
        return Pair { bank, file };
    };
    let mut file = file;
    let mut both = |what: &str| {
        let text = format!("{what} of `{}` changed here and in the bank: the bank keeps its own", now.id);
        unsure.push(Remark { line: new.item.line, text });
    };
    let mut bank = file.clone();
    if old.prompt != now.prompt {
        if old.prompt != file.prompt && now.prompt != file.prompt {
            both("the prompt");
        }
        bank.prompt = now.prompt.clone();
    }
    // A file that says nothing of a thing says nothing against it.
    if file.answer.is_none() {
        file.answer.clone_from(&old.answer);
    }
    bank.answer.clone_from(&file.answer);
    if old.answer != now.answer {
        if old.answer != file.answer && now.answer != file.answer {
            both("the answer");
        }
        bank.answer.clone_from(&now.answer);
    }
    if old.section != now.section && sections.list.iter().any(|section| section.id == now.section) {
        bank.section.clone_from(&now.section);
    }
    file.tags = or(&file.tags, &old.tags);
    bank.tags = if old.tags == now.tags { file.tags.clone() } else { now.tags.clone() };
    file.follow_ups = or(&file.follow_ups, &old.follow_ups);
    bank.follow_ups = if old.follow_ups == now.follow_ups { file.follow_ups.clone() } else { now.follow_ups.clone() };
    // Points that were proposed from an answer go with it.
    let stale = old.points.iter().all(|point| point.proposed) && old.answer != file.answer;
    if !stale {
        file.points = or(&file.points, &old.points);
    }
    let needed = |points: &[Point]| {
        bank.follow_ups.iter().all(|follow| match &follow.when {
            When::Missing(id) => points.iter().any(|point| point.id == *id),
            _ => true,
        })
    };
    bank.points =
        if old.points == now.points && needed(&file.points) { file.points.clone() } else { now.points.clone() };
    if file
        .follow_ups
        .iter()
        .any(|follow| matches!(&follow.when, When::Missing(id) if !file.points.iter().any(|point| point.id == *id)))
    {
        file.follow_ups.clear();
    }
    if bank.points != file.points && file.points.is_empty() {
        file.points.clone_from(&old.points);
    }
    Pair { bank, file }
}

/// What the file says, or else what was there.
fn or<T: Clone>(file: &[T], there: &[T]) -> Vec<T> {
    if file.is_empty() { there.to_vec() } else { file.to_vec() }
}

fn tags(raw: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let tags = raw.iter().map(|tag| names::short(tag.trim_start_matches('#'), names::LONGEST));
    tags.filter(|tag| !tag.is_empty() && seen.insert(tag.clone())).take(MOST_PARTS).collect()
}

fn given_points(raw: &[String]) -> Vec<Point> {
    let mut taken = HashSet::new();
    let fits = |text: &&String| length(text) <= LONGEST && !Text::clean(text).is_empty();
    let point = |text: &String| {
        let id = names::free(&names::short(text, 24), &mut taken);
        Point { id, text: Text::clean(text), any: Vec::new(), proposed: false }
    };
    raw.iter().filter(fits).take(MOST_PARTS).map(point).collect()
}

fn follow_ups(raw: &[String]) -> Vec<FollowUp> {
    let mut taken = HashSet::new();
    let fits = |prompt: &&String| {
        let text = Text::clean(prompt);
        length(prompt) <= LONGEST && !text.is_empty() && text.words() <= MOST_PROMPT_WORDS
    };
    let follow = |prompt: &String| FollowUp {
        id: names::of_prompt(prompt, &mut taken),
        prompt: Text::clean(prompt),
        when: When::Chance(EVEN),
    };
    raw.iter().filter(fits).take(MOST_PARTS).map(follow).collect()
}

/// Proposes points for questions that have an answer and no points; what a person emptied stays empty.
fn propose(pairs: &mut [Pair], earlier: Option<Earlier>) {
    let answered: Vec<&Question> = pairs.iter().map(|pair| &pair.bank).filter(|bank| bank.answer.is_some()).collect();
    let answers = Answers::read(answered.iter().filter_map(|bank| bank.answer.as_ref().map(Text::as_str)));
    let emptied = |id: &str| {
        let had = |bank: &Bank| bank.question(id).is_some_and(|old| !old.points.is_empty());
        earlier.is_some_and(|earlier| !had(earlier.now) && earlier.written.is_some_and(had))
    };
    let propose = |place: usize, bank: &Question| {
        let wanted = bank.points.is_empty() && !emptied(&bank.id);
        if wanted { answers.propose(bank.prompt.as_str(), place) } else { Vec::new() }
    };
    // Each answer is by itself: a large bank is shared between the cores.
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_CORES);
    let share = answered.len().div_ceil(cores).max(WORTH_SHARING);
    let mut proposed: Vec<Vec<Point>> = std::thread::scope(|scope| {
        if answered.len() <= share {
            return answered.iter().enumerate().map(|(place, bank)| propose(place, bank)).collect();
        }
        let mut parts = Vec::with_capacity(cores);
        for (number, part) in answered.chunks(share).enumerate() {
            let (first, propose) = (number * share, &propose);
            let all = move || -> Vec<Vec<Point>> {
                part.iter().enumerate().map(|(place, bank)| propose(first + place, bank)).collect()
            };
            parts.push(scope.spawn(all));
        }
        // A part that panicked is a bug, and is one here too.
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let open = pairs.iter_mut().filter(|pair| pair.bank.answer.is_some());
    for (Pair { bank, file }, points) in open.zip(&mut proposed).filter(|(_, points)| !points.is_empty()) {
        bank.points = std::mem::take(points);
        file.points.clone_from(&bank.points);
    }
}

/// The title: a person's own, where the bank has one.
fn kept_title(file: &Text, earlier: Option<Earlier>) -> Text {
    let own = earlier.filter(|earlier| earlier.written.is_some_and(|old| old.title != earlier.now.title));
    own.map_or_else(|| file.clone(), |earlier| earlier.now.title.clone())
}

#[cfg(test)]
mod tests;
