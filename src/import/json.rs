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
    Ok(reader.gather.finish())
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
    reader.gather.finish()
}

#[derive(Default)]
struct Reader {
    gather: Gather,
}

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
    fn root(&mut self, root: &Node) {
        if let Value::Object(object) = &root.value {
            let found = Found::within(object);
            if found.question.and_then(text).is_none() {
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
        let fallback =
            || object.iter().find(|(key, _)| TEXTS.contains(&&*key.to_lowercase())).and_then(|(_, node)| text(node));
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
