//! A bank as the text of its file, set as a person would set it.
//!
//! What is written here reads back as the same bank; of a bank that is too large for a file, as many questions as fit.

use std::fmt::Write;

use super::sheet;
use crate::interview::{Bank, FollowUp, Point, Question};

/// How many columns the lines of an answer have.
const COLUMNS: usize = 104;

/// A bank as text, and how many of its questions are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text of the file.
    pub text: String,
    /// How many questions found room, from the first on.
    pub questions: usize,
}

/// Writes a bank; `head` are the lines of the comment above it.
///
/// A file of banks has a largest size: where the bank is too large, its last questions are left out.
pub fn write(bank: &Bank, head: &[String]) -> Written {
    let mut text = String::new();
    for line in head {
        let line = crate::interview::Text::clean(line);
        text += &format!("# {line}\n");
    }
    if !head.is_empty() {
        text.push('\n');
    }
    put(&mut text, format_args!("schema = 1\nid = {}\n", quoted(&bank.id)));
    put(&mut text, format_args!("title = {}\nlanguage = {}\n", quoted(bank.title.as_str()), quoted(&bank.language)));
    for section in &bank.sections {
        put(&mut text, format_args!("\n[[section]]\nid = {}\n", quoted(&section.id)));
        put(&mut text, format_args!("title = {}\n", quoted(section.title.as_str())));
        put(&mut text, format_args!("format = {}\n", quoted(&section.format)));
    }
    let mut marks = sheet::marks(&text);
    let mut last = None;
    let mut questions = 0;
    for question in &bank.questions {
        let mut part = String::new();
        if last != Some(&question.section) {
            last = Some(&question.section);
            put(&mut part, format_args!("\n# {:-<64} {}\n", "", question.section));
        }
        one(&mut part, question);
        marks += sheet::marks(&part);
        if !sheet::has_room(text.len() + part.len(), marks) {
            break;
        }
        text += &part;
        questions += 1;
    }
    Written { text, questions }
}

fn put(out: &mut String, text: std::fmt::Arguments) {
    // A string takes whatever is written to it.
    let _ = out.write_fmt(text);
}

fn one(out: &mut String, question: &Question) {
    put(out, format_args!("\n[[question]]\nid = {}\nsection = {}\n", quoted(&question.id), quoted(&question.section)));
    put(out, format_args!("prompt = {}\n", quoted(question.prompt.as_str())));
    if !question.tags.is_empty() {
        put(out, format_args!("tags = [{}]\n", list(&question.tags)));
    }
    table(out, "points", question.points.iter().map(point));
    if let Some(answer) = &question.answer {
        put(out, format_args!("answer = \"\"\"\n"));
        wrapped(out, answer.as_str());
        put(out, format_args!("\"\"\"\n"));
    }
    table(out, "follow_ups", question.follow_ups.iter().map(follow_up));
}

fn table(out: &mut String, key: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.map(|row| format!("  {{ {row} }},\n")).collect();
    if !rows.is_empty() {
        put(out, format_args!("{key} = [\n{}]\n", rows.concat()));
    }
}

fn point(point: &Point) -> String {
    let mut row = format!("id = {}, text = {}", quoted(&point.id), quoted(point.text.as_str()));
    if !point.any.is_empty() {
        row += &format!(", any = [{}]", list(&point.any));
    }
    if point.proposed {
        row += ", proposed = true";
    }
    row
}

fn follow_up(follow: &FollowUp) -> String {
    format!(
        "id = {}, prompt = {}, when = {}",
        quoted(&follow.id),
        quoted(follow.prompt.as_str()),
        quoted(&follow.when.word())
    )
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            // Texts have none; ids and tags come from files that were checked.
            control if control.is_control() => put(&mut out, format_args!("\\u{:04X}", u32::from(control))),
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

/// A text within `"""`, in lines of [`COLUMNS`] at most; white space between words is all the same to a reader.
fn wrapped(out: &mut String, text: &str) {
    let mut column = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if column > 0 && column + 1 + long > COLUMNS {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        for character in word.chars() {
            match character {
                // One quote alone ends nothing; escaped are those that could.
                '"' if !out.ends_with('"') => out.push('"'),
                '"' | '\\' => out.extend(['\\', character]),
                plain => out.push(plain),
            }
        }
        column += long;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interview::When;
    use crate::interview::{Section, Text};
    use crate::store::bank_file::parse_bank;
    use crate::store::format_file::formats;

    fn id() -> impl Strategy<Value = String> {
        "[a-z0-9-]{1,12}"
    }

    fn text() -> impl Strategy<Value = Text> {
        let odd = prop::sample::select(vec![
            "\"\"\"",
            "\\",
            "\\u0041",
            "\"",
            "'''",
            "#",
            "é",
            "日本",
            "\\\n",
            "x".repeat(120).leak(),
        ]);
        let word = prop_oneof![odd.prop_map(str::to_owned), "[a-zA-Z.,;:?!’“”–]{1,9}"];
        prop::collection::vec(word, 1..40).prop_map(|words| Text::clean(&words.join(" ")))
    }

    fn when(points: Vec<String>) -> impl Strategy<Value = When> {
        let known = (0..points.len().max(1))
            .prop_map(move |at| points.get(at).map_or(When::Always, |id| When::Missing(id.clone())));
        prop_oneof![
            Just(When::Short),
            Just(When::Long),
            Just(When::Hesitant),
            (1_u32..100).prop_map(When::Chance),
            known
        ]
    }

    fn question() -> impl Strategy<Value = Question> {
        let points = prop::collection::btree_map(
            id(),
            (text(), prop::collection::vec("[a-z ]{0,4}[a-z]", 0..3), any::<bool>()),
            0..4,
        );
        let rest = (id(), text(), prop::collection::btree_set(id(), 0..3), prop::option::of(text()), points);
        rest.prop_flat_map(|(id, prompt, tags, answer, points)| {
            let ids: Vec<String> = points.keys().cloned().collect();
            let follow_ups = prop::collection::btree_map(self::id(), (text(), when(ids)), 0..3);
            let points: Vec<Point> = points
                .into_iter()
                .map(|(id, (text, any, proposed))| Point {
                    id,
                    text,
                    any: any.iter().map(|term| Text::clean(term).to_string()).collect(),
                    proposed,
                })
                .collect();
            let tags: Vec<String> = tags.into_iter().collect();
            follow_ups.prop_map(move |follow_ups| Question {
                id: id.clone(),
                section: String::new(),
                prompt: prompt.clone(),
                tags: tags.clone(),
                points: points.clone(),
                answer: answer.clone(),
                follow_ups: follow_ups.into_iter().map(|(id, (prompt, when))| FollowUp { id, prompt, when }).collect(),
            })
        })
    }

    fn bank() -> impl Strategy<Value = Bank> {
        let sections = prop::collection::btree_map(id(), text(), 1..4);
        (id(), text(), sections, prop::collection::vec((question(), any::<prop::sample::Index>()), 1..6)).prop_map(
            |(id, title, sections, questions)| {
                let sections: Vec<Section> =
                    sections.into_iter().map(|(id, title)| Section { id, title, format: "standard".into() }).collect();
                let mut seen = std::collections::HashSet::new();
                let questions = questions
                    .into_iter()
                    .filter(|(question, _)| seen.insert(question.id.clone()))
                    .map(|(question, at)| Question { section: at.get(&sections).id.clone(), ..question })
                    .collect();
                Bank { id, title, language: "en".into(), sections, questions }
            },
        )
    }

    fn read(text: &str) -> Bank {
        parse_bank("x.toml", text, &formats(None).unwrap()).unwrap_or_else(|flaws| panic!("{flaws}\n{text}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_bank_that_is_written_reads_back_as_it_was(bank in bank()) {
            let written = write(&bank, &["From a file.".to_owned(), "Go on.".to_owned()]);
            let again = read(&written.text);
            prop_assert_eq!(&again, &bank);
            prop_assert_eq!(write(&again, &["From a file.".to_owned(), "Go on.".to_owned()]), written);
        }
    }

    #[test]
    fn a_bank_that_is_too_large_for_a_file_is_written_as_far_as_it_fits() {
        let question = |place: usize| Question {
            id: format!("q-{place}"),
            section: "s".into(),
            prompt: Text::clean("What?"),
            tags: Vec::new(),
            points: Vec::new(),
            answer: Some(Text::clean(&"word, ".repeat(600))),
            follow_ups: Vec::new(),
        };
        let section = Section { id: "s".into(), title: Text::clean("S"), format: "standard".into() };
        let questions = (0..1_000).map(question).collect();
        let bank = Bank {
            id: "large".into(),
            title: Text::clean("L"),
            language: "en".into(),
            sections: vec![section],
            questions,
        };
        let written = write(&bank, &[]);
        assert!((300..600).contains(&written.questions), "{}", written.questions);
        assert_eq!(read(&written.text).questions, bank.questions[..written.questions]);
    }
}
