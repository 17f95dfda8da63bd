//! JSON and JSON Lines: lists of questions, objects with the keys that people use, sections in any of the usual ways.

mod value;

use self::value::{Node, Value};
use super::gather::{self, Gather};
use super::keys::{self, Key};
use super::{Item, Outline};

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Broken {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there, as a sentence without a full stop.
    pub what: String,
}

/// Keys of the list itself, which name no section.
const WRAPPERS: [&str; 16] = [
    "data",
    "items",
    "results",
    "entries",
    "rows",
    "records",
    "list",
    "cards",
    "content",
    "contents",
    "bank",
    "banks",
    "interview",
    "faq",
    "faqs",
    "all",
];
/// So many keys are told that were taken for nothing.
const MOST_SPARE: usize = 50;
/// Keys that hold the question where none is called so.
const TEXTS: [&str; 5] = ["text", "title", "name", "content", "value"];

/// What a JSON document holds.
///
/// # Errors
/// The first place where it is no JSON.
pub fn outline(text: &str) -> Result<Outline, Broken> {
    let root = value::parse(text, 1)?;
    let mut reader = Reader::default();
    reader.root(&root);
    Ok(reader.finish())
}

/// What the lines of a JSON Lines file hold. A broken line is told in the outline; the others are taken.
pub fn lines(text: &str) -> Outline {
    let mut reader = Reader::default();
    for (text, line) in text.lines().zip(1..) {
        if text.trim().is_empty() {
            continue;
        }
        if reader.gather.is_full() {
            break;
        }
        match value::parse(text, line) {
            Ok(node) => reader.element(&node, None),
            Err(broken) => {
                let column = broken.column;
                reader.gather.left_out(line, format!("this line is no JSON: {} (column {column})", broken.what));
            }
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    gather: Gather,
    /// The keys of questions that hold something and are taken for nothing, with the line of the first.
    spare: Vec<(String, usize)>,
}

/// Keys of a question and its answer in records of talks with a machine.
const TALKS: [(&str, &[&str]); 3] = [
    ("instruction", &["output", "response", "completion", "answer"]),
    ("input", &["output", "completion", "target", "ideal"]),
    ("prompt", &["completion", "output", "chosen", "target"]),
];

/// What the keys of an object hold.
#[derive(Default)]
struct Found<'a> {
    question: Option<&'a Node>,
    answer: Option<&'a Node>,
    section: Option<&'a Node>,
    title: Option<&'a Node>,
    tags: Option<&'a Node>,
    points: Option<&'a Node>,
    follow_ups: Option<&'a Node>,
    id: Option<&'a Node>,
    language: Option<&'a Node>,
}

impl<'a> Found<'a> {
    fn within(object: &'a [(Box<str>, Node)]) -> Self {
        let mut found = Self::default();
        let keys = keys::columns(object.iter().map(|(key, _)| &**key));
        for ((_, node), key) in object.iter().zip(keys) {
            let Some(key) = key else { continue };
            let place = match key {
                Key::Question => &mut found.question,
                Key::Answer => &mut found.answer,
                Key::Section => &mut found.section,
                Key::Title => &mut found.title,
                Key::Tags => &mut found.tags,
                Key::Points => &mut found.points,
                Key::FollowUps => &mut found.follow_ups,
                Key::Id => &mut found.id,
                Key::Language => &mut found.language,
            };
            place.get_or_insert(node);
        }
        found
    }
}

impl Reader {
    fn finish(mut self) -> Outline {
        if let Some((_, line)) = self.spare.first() {
            let names: Vec<String> = self.spare.iter().map(|(name, _)| name.clone()).collect();
            let what = if names.len() == 1 { "what stands under the key" } else { "what stands under the keys" };
            self.gather.left_out(*line, format!("{what} {}", gather::listed(&names)));
        }
        self.gather.finish()
    }

    /// Notes the keys of a question that are taken for nothing.
    fn note_spare(&mut self, object: &[(Box<str>, Node)], taken: &[&Node], line: usize) {
        for (key, node) in object {
            let is_empty = match &node.value {
                Value::Word => true,
                Value::Number(_) => keys::is_about(key),
                Value::Text(text) => text.trim().is_empty(),
                Value::List(list) => list.is_empty(),
                Value::Object(object) => object.is_empty(),
            };
            let is_taken = is_empty || taken.iter().any(|taken| std::ptr::eq(*taken, node));
            if !is_taken && self.spare.len() < MOST_SPARE && !self.spare.iter().any(|(name, _)| **name == **key) {
                self.spare.push((key.to_string(), line));
            }
        }
    }

    /// A talk: what one side asks and the other answers.
    fn talk(&mut self, list: &[Node], section: Option<usize>) {
        let mut asked: Option<(usize, &str)> = None;
        for node in list {
            let Value::Object(said) = &node.value else { continue };
            let value = |names: &[&str]| {
                said.iter().find(|(key, _)| names.contains(&&*key.to_lowercase())).and_then(|(_, node)| text(node))
            };
            let (Some(role), Some(words)) = (value(&["role", "from"]), value(&["content", "value", "text"])) else {
                continue;
            };
            match role.to_lowercase().as_str() {
                "user" | "human" => {
                    if let Some((line, before)) = asked.replace((node.line as usize, words)) {
                        self.question(line, section, before, None);
                    }
                }
                "assistant" | "gpt" | "bot" | "model" => match asked.take() {
                    Some((line, question)) => self.question(line, section, question, Some(words)),
                    None => self.gather.left_out(node.line as usize, "an answer that nobody asked for"),
                },
                _ => self.gather.left_out(node.line as usize, "what neither asks nor answers"),
            }
        }
        if let Some((line, question)) = asked {
            self.question(line, section, question, None);
        }
    }

    fn root(&mut self, root: &Node) {
        if let Value::Object(object) = &root.value {
            let found = Found::within(object);
            if found.question.and_then(text).is_none() && messages(object).is_none() && Talk::within(object).is_none() {
                self.gather.outline.title = found.title.and_then(text).and_then(gather::some);
                self.gather.outline.id = found.id.and_then(text).and_then(gather::some);
                self.gather.outline.language = found.language.and_then(text).and_then(gather::some);
                return self.container(object, None, root.line as usize);
            }
        }
        self.element(root, None);
    }

    /// A value that may be a question, or a list of them.
    fn element(&mut self, node: &Node, section: Option<usize>) {
        let line = node.line as usize;
        match &node.value {
            Value::Text(question) => self.question(line, section, question, None),
            Value::List(list) => {
                for node in list {
                    match pair(node) {
                        Some((question, answer)) => {
                            self.question(node.line as usize, section, question, Some(answer));
                        }
                        None => self.element(node, section),
                    }
                }
            }
            Value::Object(object) => self.object(object, section, line),
            Value::Word | Value::Number(_) => self.gather.left_out(line, "this value is no text"),
        }
    }

    fn question(&mut self, line: usize, section: Option<usize>, question: &str, answer: Option<&str>) {
        let prompt = gather::prompt(question);
        if prompt.is_empty() {
            return self.gather.left_out(line, "this question has no words");
        }
        self.gather.item(Item { line, section, prompt, answer: answer.and_then(gather::some), ..Item::default() });
    }

    /// An object within a list: a question, or a section with its questions.
    fn object(&mut self, object: &[(Box<str>, Node)], section: Option<usize>, line: usize) {
        let found = Found::within(object);
        if let Some(said) = messages(object) {
            return self.talk(said, section);
        }
        if let (None, Some(talk)) = (found.answer, Talk::within(object)) {
            let prompt = gather::prompt(&talk.prompt());
            if !prompt.is_empty() {
                let own = found.section.and_then(text).and_then(|title| self.gather.section(title, line));
                let taken: Vec<&Node> =
                    [Some(talk.question), talk.more, Some(talk.answer), found.section, found.id, found.tags]
                        .into_iter()
                        .flatten()
                        .collect();
                self.note_spare(object, &taken, line);
                return self.gather.item(Item {
                    line,
                    section: own.or(section),
                    prompt,
                    answer: words(talk.answer).as_deref().and_then(gather::some),
                    id: found.id.and_then(text).and_then(gather::some),
                    tags: found.tags.map(|node| list(node, keys::tags)).unwrap_or_default(),
                    ..Item::default()
                });
            }
        }
        let fallback = || object.iter().find(|(key, _)| is_text(key)).and_then(|(_, node)| text(node));
        let beside = |key: &str| matches!(keys::key(key), Some(Key::Answer | Key::Tags | Key::Points | Key::FollowUps));
        let holds_list = object.iter().any(|(key, node)| matches!(node.value, Value::List(_)) && !beside(key));
        let asked = found.question.filter(|node| !matches!(node.value, Value::List(_))).and_then(words);
        let prompt = asked.or_else(|| if holds_list { None } else { fallback().map(str::to_owned) });
        let Some(prompt) = prompt.map(|prompt| gather::prompt(&prompt)).filter(|prompt| !prompt.is_empty()) else {
            let title = found.title.or(found.section).and_then(text);
            let section = title.map_or(section, |title| self.gather.section(title, line));
            if let (Some(at), Some(id)) = (section.filter(|_| title.is_some()), found.id.and_then(text)) {
                self.gather.outline.sections[at].id = gather::some(id);
            }
            return self.container(object, section, line);
        };
        let own = found.section.and_then(text).and_then(|title| self.gather.section(title, line));
        let places = [found.answer, found.section, found.tags, found.points, found.follow_ups, found.id];
        let mut taken: Vec<&Node> = places.into_iter().flatten().collect();
        let asked = found.question.or_else(|| object.iter().find(|(key, _)| is_text(key)).map(|(_, node)| node));
        taken.extend(asked);
        self.note_spare(object, &taken, line);
        self.gather.item(Item {
            line,
            section: own.or(section),
            prompt,
            answer: found.answer.and_then(words).as_deref().and_then(gather::some),
            id: found.id.and_then(text).and_then(gather::some),
            tags: found.tags.map(|node| list(node, keys::tags)).unwrap_or_default(),
            points: found.points.map(|node| list(node, keys::parts)).unwrap_or_default(),
            follow_ups: found.follow_ups.map(|node| list(node, keys::parts)).unwrap_or_default(),
        });
    }

    /// An object that is no question: lists below keys, which name sections or only say what the lists hold.
    fn container(&mut self, object: &[(Box<str>, Node)], section: Option<usize>, line: usize) {
        let before = self.gather.outline.items.len();
        let holders = object.iter().filter(|(_, node)| matches!(node.value, Value::List(_) | Value::Object(_))).count();
        for (key, node) in object {
            let name = keys::key(key);
            let below = node.line as usize;
            match &node.value {
                Value::List(_) | Value::Object(_) => {
                    let wraps = matches!(name, Some(Key::Question | Key::Section))
                        || (holders == 1 && WRAPPERS.contains(&&*key.to_lowercase()));
                    if matches!(name, Some(Key::Tags | Key::Points | Key::FollowUps)) {
                        continue;
                    }
                    let section = if wraps { section } else { self.gather.section(key, below) };
                    match &node.value {
                        // The names of sections on their own are no questions.
                        Value::List(list) if name == Some(Key::Section) && texts_only(node) => {
                            for name in list.iter().filter_map(text) {
                                self.gather.section(name, below);
                            }
                        }
                        Value::Object(object) => self.container(object, section, below),
                        _ => self.element(node, section),
                    }
                }
                Value::Text(answer) if name.is_none() && keys::looks_asked(key) => {
                    self.question(below, section, key, Some(answer));
                }
                Value::Word if name.is_none() && key.ends_with('?') => self.question(below, section, key, None),
                _ => {}
            }
        }
        if self.gather.outline.items.len() == before && section.is_none() {
            self.gather.left_out(line, "no question was found in this object");
        }
    }
}

/// A question and its answer in a record of a talk.
struct Talk<'a> {
    question: &'a Node,
    /// What the question is about.
    more: Option<&'a Node>,
    answer: &'a Node,
}

impl<'a> Talk<'a> {
    fn within(object: &'a [(Box<str>, Node)]) -> Option<Self> {
        let held = |name: &str| {
            let node = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, node)| node)?;
            words(node).filter(|words| !words.trim().is_empty()).map(|_| node)
        };
        TALKS.iter().find_map(|(question, answers)| {
            let more = if *question == "instruction" { held("input") } else { None };
            Some(Talk { question: held(question)?, more, answer: answers.iter().find_map(|name| held(name))? })
        })
    }

    fn prompt(&self) -> String {
        let parts = [Some(self.question), self.more].into_iter().flatten().filter_map(words);
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// What is said in a talk, one turn after the other.
fn messages(object: &[(Box<str>, Node)]) -> Option<&[Node]> {
    const NAMES: [&str; 3] = ["messages", "conversations", "conversation"];
    object.iter().find_map(|(key, node)| match &node.value {
        Value::List(list) if NAMES.contains(&&*key.to_lowercase()) => Some(list.as_slice()),
        _ => None,
    })
}

/// Whether a key holds the question where none is called so.
fn is_text(key: &str) -> bool {
    TEXTS.contains(&&*key.to_lowercase())
}

/// A text, or a number as it is written.
fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text),
        _ => None,
    }
}

/// The words of a text, of a list of paragraphs, or of an object with a text in it.
fn words(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.to_string()),
        Value::List(list) => {
            let parts: Vec<String> = list.iter().map(words).collect::<Option<_>>()?;
            Some(parts.join("\n")).filter(|words| !words.is_empty())
        }
        Value::Object(object) => {
            let found = Found::within(object);
            let inner = found.question.or(found.answer).and_then(text);
            let named = || {
                object.iter().find(|(key, _)| TEXTS.contains(&&*key.to_lowercase())).and_then(|(_, node)| text(node))
            };
            // An object with a list of its own is more than a text.
            let lists = object.iter().any(|(_, node)| is_list_of_questions(node));
            if lists { None } else { inner.or_else(named).map(str::to_owned) }
        }
        Value::Number(_) | Value::Word => None,
    }
}

/// The texts of a list, or the parts of a text.
fn list(node: &Node, apart: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    match &node.value {
        Value::List(list) => list.iter().filter_map(words).filter_map(|part| gather::some(&part)).collect(),
        _ => text(node).map(apart).unwrap_or_default(),
    }
}

fn texts_only(node: &Node) -> bool {
    matches!(&node.value, Value::List(list) if list.iter().all(|node| matches!(node.value, Value::Text(_))))
}

fn is_list_of_questions(node: &Node) -> bool {
    matches!(&node.value, Value::List(list) if list.iter().any(|node| matches!(node.value, Value::Object(_) | Value::List(_))))
}

/// A question and its answer as a list of two.
fn pair(node: &Node) -> Option<(&str, &str)> {
    let Value::List(list) = &node.value else { return None };
    match list.as_slice() {
        [Node { value: Value::Text(question), .. }, Node { value: Value::Text(answer), .. }]
            if question.ends_with('?') && !answer.ends_with('?') =>
        {
            Some((question, answer))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
