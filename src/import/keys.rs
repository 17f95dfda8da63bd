//! What people call the columns of a table, the keys of an object, and the marks of a question and its answer.

/// What a column or a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Question,
    Answer,
    Section,
    Tags,
    Points,
    FollowUps,
    Id,
    /// What the whole is called; only of an object that holds questions.
    Title,
    Language,
}

/// More words than this are no name that a form gives to a column.
const LONGEST_ASKED: usize = 9;
/// More words than this are a sentence and not a name.
const LONGEST_NAME: usize = 5;

/// Names of columns beyond this one are not compared.
const WIDEST: usize = 64;

const FOLLOW_UPS: [&str; 6] = ["followup", "followups", "follow", "nachfrage", "nachfragen", "probes"];
const POINTS: [&str; 11] = [
    "point",
    "points",
    "keypoint",
    "keypoints",
    "bullets",
    "rubric",
    "criteria",
    "hint",
    "hints",
    "checklist",
    "stichpunkte",
];
const ANSWERS: [&str; 21] = [
    "answered",
    "answer",
    "answers",
    "response",
    "responses",
    "reply",
    "back",
    "solution",
    "explanation",
    "definition",
    "a",
    "ans",
    "antwort",
    "antworten",
    "réponse",
    "reponse",
    "respuesta",
    "resposta",
    "risposta",
    "antwoord",
    "rückseite",
];
const SECTIONS: [&str; 26] = [
    "sections",
    "chapters",
    "groups",
    "themes",
    "areas",
    "subjects",
    "modules",
    "decks",
    "domains",
    "section",
    "category",
    "categories",
    "topic",
    "topics",
    "chapter",
    "group",
    "theme",
    "area",
    "subject",
    "module",
    "deck",
    "kategorie",
    "thema",
    "domain",
    "competency",
    "catégorie",
];
const TAGS: [&str; 9] = ["tag", "tags", "keyword", "keywords", "label", "labels", "skill", "skills", "schlagworte"];
const QUESTIONS: [&str; 16] = [
    "question",
    "questions",
    "prompt",
    "prompts",
    "front",
    "q",
    "ask",
    "term",
    "frage",
    "fragen",
    "pregunta",
    "pergunta",
    "domanda",
    "vraag",
    "vorderseite",
    "questão",
];
const IDS: [&str; 7] = ["id", "ids", "uid", "uuid", "guid", "slug", "identifier"];
const LANGUAGES: [&str; 4] = ["language", "lang", "locale", "sprache"];
/// What a column may say about a question or an answer without holding it.
const ABOUT: [&str; 22] = [
    "type",
    "difficulty",
    "level",
    "date",
    "author",
    "url",
    "link",
    "links",
    "source",
    "count",
    "status",
    "number",
    "no",
    "nr",
    "num",
    "length",
    "time",
    "format",
    "score",
    "rating",
    "owner",
    "by",
];

/// What the column or the key called `name` holds, if its name is one of those that people use.
pub(super) fn key(name: &str) -> Option<Key> {
    if name.len() > 80 {
        return None;
    }
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if words.is_empty() || words.len() > LONGEST_NAME || name.trim_end().ends_with(['?', '.', '!']) {
        None
    } else if has(&FOLLOW_UPS) {
        Some(Key::FollowUps)
    } else if has(&IDS) {
        Some(Key::Id)
    } else if has(&POINTS) || (words[0] == "what" && has(&["look", "good", "listen", "expect", "hear"])) {
        Some(Key::Points)
    } else if has(&TAGS) {
        Some(Key::Tags)
    } else if has(&SECTIONS) {
        Some(Key::Section)
    } else if words.iter().any(|word| ABOUT.contains(&word.as_str())) {
        None
    } else if has(&ANSWERS) {
        Some(Key::Answer)
    } else if has(&QUESTIONS) {
        Some(Key::Question)
    } else if has(&LANGUAGES) {
        Some(Key::Language)
    } else if words.len() == 1 && matches!(words[0].as_str(), "title" | "name" | "titel") {
        Some(Key::Title)
    } else {
        None
    }
}

/// What the column called `name` holds where another says as much: forms call their columns by what they asked, as in
/// "What question were you asked?".
pub(super) fn asked_key(name: &str) -> Option<Key> {
    let bare = name.trim_end().trim_end_matches(['?', '.', ':']);
    let words = words(bare);
    if words.len() > LONGEST_ASKED || bare.len() == name.trim_end().len() {
        return key(name);
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["question", "frage", "pregunta"]) {
        Some(Key::Question)
    } else if has(&["answer", "answered", "respond", "response", "say", "reply", "geantwortet"]) {
        Some(Key::Answer)
    } else {
        None
    }
}

/// Whether a column called so says something about a question without being one: a date, a number.
pub(super) fn is_about(name: &str) -> bool {
    let words = words(name);
    (1..=LONGEST_NAME).contains(&words.len())
        && words.iter().any(|word| ABOUT.contains(&word.as_str()) || matches!(word.as_str(), "timestamp" | "email"))
}

/// What the columns called `names` hold; of several that hold the same, the one with the shortest name does.
pub(super) fn columns<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Option<Key>> {
    by(key, names.into_iter().collect())
}

/// Like [`columns`], for the names that a form gives to its columns.
pub(super) fn asked_columns<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Option<Key>> {
    by(asked_key, names.into_iter().collect())
}

fn by(key: impl Fn(&str) -> Option<Key>, names: Vec<&str>) -> Vec<Option<Key>> {
    let mut keys: Vec<Option<Key>> = names.iter().map(|name| key(name)).collect();
    for at in 0..keys.len().min(WIDEST) {
        let better =
            |other: usize| keys[other] == keys[at] && (words(names[other]).len(), other) < (words(names[at]).len(), at);
        if keys[at].is_some() && (0..keys.len().min(WIDEST)).any(better) {
            keys[at] = None;
        }
    }
    keys
}

/// The words of a name, in small letters: `keyPoints`, `key_points` and "Key points" have the same.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small_before = false;
    for c in name.chars() {
        let ends = !c.is_alphanumeric() || (small_before && c.is_uppercase());
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        small_before = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The parts of a list that somebody wrote into one field.
pub(super) fn parts(text: &str) -> Vec<String> {
    let ends: &[char] = if text.trim().contains(['\n', '\r']) {
        &['\n', '\r']
    } else if text.contains('|') {
        &['|']
    } else if text.contains(';') {
        &[';']
    } else if text.contains('•') {
        &['•']
    } else {
        &[]
    };
    let bullet = |c: char| c.is_whitespace() || matches!(c, '-' | '*' | '•' | '–');
    let parts = text.split(|c| ends.contains(&c)).map(|part| one_line(part.trim_start_matches(bullet)));
    parts.filter(|part| !part.is_empty()).collect()
}

/// The tags that somebody wrote into one field.
pub(super) fn tags(text: &str) -> Vec<String> {
    let ends: &[char] = if text.contains([',', ';', '|', '\n']) { &[',', ';', '|', '\n'] } else { &[] };
    let tag = |part: &str| one_line(part.trim().trim_start_matches('#'));
    let tags: Vec<String> = if ends.is_empty() && text.trim_start().starts_with('#') {
        text.split_whitespace().map(tag).collect()
    } else {
        text.split(|c| ends.contains(&c)).map(tag).collect()
    };
    tags.into_iter().filter(|tag| !tag.is_empty()).collect()
}

/// The words of `text` with single spaces between them.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A question without the number before it.
pub(super) fn without_number(text: &str) -> &str {
    let start = text.trim_start();
    let rest = start.strip_prefix(['Q', 'q']).unwrap_or(start);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let marked = rest[digits..].strip_prefix(['.', ')', ':']);
    match marked {
        Some(rest) if (1..=3).contains(&digits) && rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => text,
    }
}

/// Whether `text` looks like a question rather than a term: a question mark, a number, or words enough.
pub(super) fn looks_asked(text: &str) -> bool {
    text.ends_with('?') || without_number(text).len() < text.len() || text.split(' ').count() >= 4
}

/// Whether a summary only says that an answer is below it.
pub(super) fn only_says_answer(text: &str) -> bool {
    const FILLERS: [&str; 28] = [
        "show",
        "see",
        "view",
        "reveal",
        "click",
        "tap",
        "here",
        "to",
        "the",
        "for",
        "me",
        "expand",
        "open",
        "toggle",
        "read",
        "display",
        "sample",
        "model",
        "example",
        "suggested",
        "possible",
        "my",
        "our",
        "full",
        "an",
        "hide",
        "check",
        "anzeigen",
    ];
    let words = words(text);
    let answer = |word: &String| matches!(word.as_str(), "answer" | "answers" | "solution" | "antwort" | "explanation");
    let filler = |word: &String| FILLERS.contains(&word.as_str());
    let commands = ["show", "reveal", "expand", "toggle", "open"];
    !words.is_empty()
        && words.iter().all(|word| answer(word) || filler(word))
        && (words.iter().any(answer) || commands.contains(&words[0].as_str()) || words.join(" ") == "click to expand")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_are_matched_freely() {
        for (name, expected) in [
            ("Question", Some(Key::Question)),
            ("Interview question", Some(Key::Question)),
            ("question_text", Some(Key::Question)),
            ("Frage", Some(Key::Question)),
            ("FRONT", Some(Key::Question)),
            ("Q", Some(Key::Question)),
            ("Model Answer", Some(Key::Answer)),
            ("sampleAnswer", Some(Key::Answer)),
            ("Réponse", Some(Key::Answer)),
            ("Question category", Some(Key::Section)),
            ("Topic", Some(Key::Section)),
            ("key_points", Some(Key::Points)),
            ("Reference points", Some(Key::Points)),
            ("How I answered / notes", Some(Key::Answer)),
            ("Answer notes", Some(Key::Answer)),
            ("Notes", None),
            ("Follow-up questions", Some(Key::FollowUps)),
            ("followUps", Some(Key::FollowUps)),
            ("Keywords", Some(Key::Tags)),
            ("Question ID", Some(Key::Id)),
            ("Question number", None),
            ("Question type", None),
            ("Difficulty", None),
            ("What is a question?", None),
            ("", None),
            ("title", Some(Key::Title)),
        ] {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn of_two_columns_for_the_same_the_plainer_name_wins() {
        let found = columns(["Question", "What a good answer has", "Why the answer matters", "Answer"]);
        assert_eq!(found, [Some(Key::Question), Some(Key::Points), None, Some(Key::Answer)]);
    }

    #[test]
    fn lists_in_one_field_come_apart_where_their_author_parted_them() {
        assert_eq!(parts("- one, two\n- three\n"), ["one, two", "three"]);
        assert_eq!(parts("one; two;"), ["one", "two"]);
        assert_eq!(parts("one, two"), ["one, two"]);
        assert_eq!(tags("care, triage;ethics"), ["care", "triage", "ethics"]);
        assert_eq!(tags("#care #triage"), ["care", "triage"]);
        assert_eq!(tags("patient care"), ["patient care"]);
    }

    #[test]
    fn a_number_before_a_question_is_not_a_part_of_it() {
        assert_eq!(without_number("12. Why us?"), "Why us?");
        assert_eq!(without_number("Q3: Why us?"), "Why us?");
        assert_eq!(without_number("2019. That was a year"), "2019. That was a year");
        assert_eq!(without_number("3.5 litres, why?"), "3.5 litres, why?");
    }

    #[test]
    fn a_summary_that_only_announces_the_answer_is_known() {
        for text in ["Answer", "Show answer", "Click to see the answer", "▶ Solution", "Reveal"] {
            assert!(only_says_answer(text), "{text}");
        }
        for text in ["What is an answer?", "The best answer I ever gave", "Why?", "", "Here"] {
            assert!(!only_says_answer(text), "{text}");
        }
    }
}
