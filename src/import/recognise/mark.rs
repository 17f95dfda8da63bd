//! What stands before a text and is not part of it: numbers of questions, and labels such as "Q:" and "Answer:".

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `1.` or `1:`
    Dot,
    /// `1)`, `(1)` or `[1]`
    Paren,
    /// `1 -` or `1 –`
    Dash,
    /// `#1` or `No. 1`
    Hash,
    /// `Q1.`, `Question 1:`, `Q:`
    Label,
    /// `IV.`
    Roman,
    /// `2.3`
    Parts,
    /// The number of an item of a list, in a form that has lists.
    List,
}

/// A number before a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How it is written.
    pub style: Style,
    /// The number; 0 where a label has none.
    pub number: u32,
}

/// The largest number that is taken for that of a question.
const LARGEST: u32 = 9_999;

/// The number before a text, and the text behind it.
pub fn mark(text: &str) -> Option<(Mark, &str)> {
    label(text)
        .or_else(|| bracketed(text))
        .or_else(|| hashed(text))
        .or_else(|| digits(text))
        .or_else(|| roman(text))
        .or_else(|| keycap(text))
}

/// Whether a text begins as an item of a list does that is lettered: `a)`, `b.`
pub fn is_lettered(text: &str) -> bool {
    let mut characters = text.chars();
    let lettered = characters.next().is_some_and(|c| c.is_ascii_alphabetic());
    lettered && characters.next().is_some_and(|c| c == ')') && characters.next().is_some_and(char::is_whitespace)
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let value = text[..end].parse().ok().filter(|value| (0..=LARGEST).contains(value))?;
    (end <= 4).then_some((value, &text[end..]))
}

/// A text without what begins it, whatever its case.
fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

const DASHES: [char; 4] = ['-', '–', '—', '‒'];

/// What questions are called, in the languages in which lists of them are written.
const ASKED: [&str; 9] =
    ["interview question", "question", "ques", "pregunta", "pergunta", "domanda", "frage", "vraag", "q"];

/// `Question 1:`, `Q1.`, `Q 1)`, `Q:`
fn label(text: &str) -> Option<(Mark, &str)> {
    // What Obsidian and others call a box with a question.
    if let Some(rest) = ["[!question]", "[!faq]", "[!help]"].iter().find_map(|start| after(text, start)) {
        return Some((Mark { style: Style::Label, number: 0 }, rest.trim_start_matches(['-', '+']).trim_start()));
    }
    let (word, rest) = ASKED.iter().find_map(|word| Some((*word, after(text, word)?)))?;
    let dotted = rest.starts_with('.');
    let rest = rest
        .strip_prefix('.')
        .filter(|rest| rest.starts_with([' ', '#']) || rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(rest);
    let trimmed = rest.trim_start();
    let trimmed = after(trimmed, "no.").or_else(|| after(trimmed, "number ")).unwrap_or(trimmed).trim_start();
    let trimmed = trimmed.strip_prefix('#').unwrap_or(trimmed);
    if let Some((number, rest)) = number(trimmed) {
        // "Q4 results" is a quarter and no label; "Question 4" alone in its line is one.
        let rest = total(rest);
        let parted = separated(rest);
        let alone = rest.trim().is_empty();
        let spaced = (word != "q" || dotted) && rest.starts_with(char::is_whitespace);
        let rest = parted.or(alone.then_some("")).or(spaced.then_some(rest))?;
        return Some((Mark { style: Style::Label, number }, rest.trim_start()));
    }
    let rest = trimmed.strip_prefix([':', ')']).or_else(|| {
        trimmed.strip_prefix(DASHES).filter(|rest| trimmed.len() < text.len() - word.len() && rest.starts_with(' '))
    });
    // `Q. What is it?`
    let rest = rest.or_else(|| text[word.len()..].strip_prefix('.').filter(|rest| rest.starts_with(' ')))?;
    Some((Mark { style: Style::Label, number: 0 }, rest.trim_start()))
}

/// A text without the `of 50` or `/50` that stands behind a number.
fn total(text: &str) -> &str {
    let behind = after(text.trim_start(), "of ").or_else(|| text.strip_prefix('/'));
    behind.and_then(|rest| number(rest.trim_start())).map_or(text, |(_, rest)| rest)
}

/// A text without what parts it from the number before it.
fn separated(rest: &str) -> Option<&str> {
    let trimmed = rest.trim_start();
    let behind = trimmed.strip_prefix(['.', ')', ':', ']', '|']).or_else(|| {
        trimmed
            .strip_prefix(DASHES)
            .filter(|behind| behind.starts_with(char::is_whitespace) || rest.len() > trimmed.len())
    })?;
    let behind = behind.trim_start();
    // `1.)` and `1. -` are seen too.
    Some(behind.strip_prefix([')', ':', '.']).filter(|more| more.starts_with(' ')).unwrap_or(behind).trim_start())
}

fn bracketed(text: &str) -> Option<(Mark, &str)> {
    let inner = text.strip_prefix(['(', '['])?;
    let (number, rest) = number(inner)?;
    let rest = rest.strip_prefix([')', ']'])?;
    rest.starts_with(char::is_whitespace).then(|| (Mark { style: Style::Paren, number }, rest.trim_start()))
}

fn hashed(text: &str) -> Option<(Mark, &str)> {
    let inner = text.strip_prefix('#').or_else(|| after(text, "no. ")).or_else(|| after(text, "nr. "))?;
    let (number, rest) = number(inner)?;
    let rest = separated(rest).or_else(|| rest.starts_with(char::is_whitespace).then_some(rest))?;
    Some((Mark { style: Style::Hash, number }, rest.trim_start()))
}

fn digits(text: &str) -> Option<(Mark, &str)> {
    let (mut number, mut rest) = self::number(text)?;
    let mut parts = 1;
    while let Some((next, behind)) = rest.strip_prefix('.').and_then(self::number) {
        (number, rest, parts) = (next, behind, parts + 1);
    }
    if parts > 3 {
        return None;
    }
    let parted = rest.trim_start();
    let style = match parted.chars().next() {
        _ if parts > 1 => Style::Parts,
        Some('.' | ':' | '|') if parted.len() == rest.len() => Style::Dot,
        Some(')' | ']') => Style::Paren,
        Some(c) if DASHES.contains(&c) => Style::Dash,
        _ => return None,
    };
    let behind = match style {
        // `2.3 What is it?`
        Style::Parts => rest.strip_prefix(['.', ')', ':']).unwrap_or(rest),
        Style::Dash => parted.trim_start_matches(DASHES),
        _ => &parted[1..],
    };
    // `1.) What?` is seen as `1. What?` is.
    let behind = behind.strip_prefix([')', ':', '.']).filter(|more| more.starts_with(' ')).unwrap_or(behind);
    // `1.What is it?` is seen; `1.5 million` and `3:30 pm` are no numbers of questions.
    let spaced = behind.is_empty() || behind.starts_with(char::is_whitespace);
    let glued = behind.starts_with(char::is_uppercase) && matches!(style, Style::Dot | Style::Paren);
    if !(spaced || glued) || (style == Style::Parts && !behind.trim_start().starts_with(char::is_uppercase)) {
        return None;
    }
    Some((Mark { style, number }, behind.trim_start()))
}

/// `1️⃣ What?`, `🔟 What?`
fn keycap(text: &str) -> Option<(Mark, &str)> {
    let mut rest = text;
    let mut number = 0;
    while let Some((digit, behind)) = rest.chars().next().and_then(|c| Some((c.to_digit(10)?, &rest[1..]))) {
        rest = behind.strip_prefix('\u{fe0f}').unwrap_or(behind).strip_prefix('\u{20e3}')?;
        number = number * 10 + digit;
        if number > LARGEST {
            return None;
        }
    }
    if let Some(behind) = rest.strip_prefix('🔟').filter(|_| rest.len() == text.len()) {
        (number, rest) = (10, behind);
    }
    (rest.len() < text.len()).then(|| (Mark { style: Style::Hash, number }, without_separator(rest.trim_start())))
}

fn without_separator(text: &str) -> &str {
    text.strip_prefix(['.', ')', ':']).unwrap_or(text).trim_start()
}

/// The text behind a picture that stands before it as a sign: "✅ What?", "💼 General".
pub fn picture(text: &str) -> Option<&str> {
    let is_picture = |c: char| matches!(u32::from(c), 0x2600..=0x27BF | 0x2B05..=0x2B55 | 0x1F000..=0x1FAFF);
    let is_joint = |c: char| matches!(u32::from(c), 0xFE0F | 0x200D);
    text.starts_with(is_picture).then_some(())?;
    let rest = text.trim_start_matches(|c| is_picture(c) || is_joint(c));
    let behind = rest.trim_start();
    (behind.len() < rest.len() && !behind.is_empty() && !text.starts_with('🔟')).then_some(behind)
}

fn roman(text: &str) -> Option<(Mark, &str)> {
    let end = text.find(|c: char| !"IVXLCivxlc".contains(c)).unwrap_or(text.len());
    let (numeral, rest) = text.split_at(end);
    let upper = numeral.to_ascii_uppercase();
    if numeral.is_empty() || numeral.len() > 8 || (numeral != upper && numeral != numeral.to_ascii_lowercase()) {
        return None;
    }
    let value = |c: char| match c {
        'I' => 1,
        'V' => 5,
        'X' => 10,
        'L' => 50,
        _ => 100,
    };
    let values: Vec<u32> = upper.chars().map(value).collect();
    let mut number = 0;
    for (place, value) in values.iter().enumerate() {
        match values.get(place + 1) {
            Some(next) if next > value => number -= *value as i32,
            _ => number += *value as i32,
        }
    }
    let number = u32::try_from(number).ok().filter(|number| written(*number) == upper)?;
    let spaced = rest.strip_prefix(['.', ')', ':']).filter(|rest| rest.starts_with(char::is_whitespace));
    let dashed = || rest.trim_start().strip_prefix(DASHES).filter(|rest| rest.starts_with(' '));
    Some((Mark { style: Style::Roman, number }, spaced.or_else(dashed)?.trim_start()))
}

/// A number as the Romans wrote it.
fn written(mut number: u32) -> String {
    let mut out = String::new();
    for (value, sign) in
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while number >= value {
            out += sign;
            number -= value;
        }
    }
    out
}

/// What a text says of itself at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// An answer.
    Answer,
    /// A follow-up question, or several.
    FollowUp,
    /// Tags.
    Tags,
}

const LABELS: [(&str, Label); 31] = [
    ("a", Label::Answer),
    ("ans", Label::Answer),
    ("answer", Label::Answer),
    ("the answer", Label::Answer),
    ("my answer", Label::Answer),
    ("your answer", Label::Answer),
    ("best answer", Label::Answer),
    ("good answer", Label::Answer),
    ("strong answer", Label::Answer),
    ("ideal answer", Label::Answer),
    ("model answer", Label::Answer),
    ("sample answer", Label::Answer),
    ("sample response", Label::Answer),
    ("example answer", Label::Answer),
    ("example response", Label::Answer),
    ("possible answer", Label::Answer),
    ("suggested answer", Label::Answer),
    ("response", Label::Answer),
    ("follow-up", Label::FollowUp),
    ("follow up", Label::FollowUp),
    ("follow-up question", Label::FollowUp),
    ("follow-up questions", Label::FollowUp),
    ("follow-ups", Label::FollowUp),
    ("tags", Label::Tags),
    ("respuesta", Label::Answer),
    ("resposta", Label::Answer),
    ("réponse", Label::Answer),
    ("reponse", Label::Answer),
    ("antwort", Label::Answer),
    ("risposta", Label::Answer),
    ("antwoord", Label::Answer),
];

fn is_same(known: &str, name: &str) -> bool {
    known.eq_ignore_ascii_case(name) || !name.is_ascii() && known.chars().eq(name.chars().flat_map(char::to_lowercase))
}

/// The longest label, in bytes, with a number behind it.
const LONGEST_LABEL: usize = 28;

/// The label before a text, and the text behind it; a label may stand alone.
pub fn said(text: &str) -> Option<(Label, &str)> {
    let head_end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST_LABEL).last()?;
    let head = &text[..if text.len() <= LONGEST_LABEL { text.len() } else { head_end }];
    let sign = head.find([':', '.', ')', '–', '—']);
    let cut = head.find(" - ").filter(|at| sign.is_none_or(|sign| *at < sign)).or(sign);
    let (name, rest, colon) = match cut {
        Some(at) => {
            let sign =
                if text[at..].starts_with(" - ") { 3 } else { text[at..].chars().next().map_or(1, char::len_utf8) };
            (&text[..at], text[at + sign..].trim_start(), text[at..].starts_with(':'))
        }
        None if text.len() <= LONGEST_LABEL => (text, "", false),
        None => return None,
    };
    let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().trim_end_matches('#').trim_end();
    let label = LABELS.iter().find(|(known, _)| is_same(known, name))?.1;
    let parted = cut.and_then(|at| text[at..].trim_start().chars().next());
    // "A. Smith", "A" alone and "Response times" say nothing of the kind.
    let sure = colon || name.len() > 2 && (rest.is_empty() || parted.is_some_and(|c| ".)–—-".contains(c)));
    let sure = sure || name == "A" && parted == Some('.') && rest.split_whitespace().nth(3).is_some();
    let sure = sure || name.len() <= 2 && name == "A" && text.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    (sure && (label == Label::Answer || colon || rest.is_empty())).then_some((label, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str, style: Style, number: u32, rest: &str) {
        assert_eq!(mark(text), Some((Mark { style, number }, rest)), "{text}");
    }

    #[test]
    fn numbers_are_known_however_they_are_written() {
        is("1. What?", Style::Dot, 1, "What?");
        is("12.What?", Style::Dot, 12, "What?");
        is("1: What?", Style::Dot, 1, "What?");
        is("1) What?", Style::Paren, 1, "What?");
        is("1.) What?", Style::Dot, 1, "What?");
        is("(3) What?", Style::Paren, 3, "What?");
        is("1 - What?", Style::Dash, 1, "What?");
        is("1 – What?", Style::Dash, 1, "What?");
        is("7— What?", Style::Dash, 7, "What?");
        is("#4 What?", Style::Hash, 4, "What?");
        is("No. 4: What?", Style::Hash, 4, "What?");
        is("2.3 What?", Style::Parts, 3, "What?");
        is("XIV. What?", Style::Roman, 14, "What?");
        is("iv) what?", Style::Roman, 4, "what?");
        is("Q1. What?", Style::Label, 1, "What?");
        is("Q1: What?", Style::Label, 1, "What?");
        is("Q.1 - What?", Style::Label, 1, "What?");
        is("Question 1: What?", Style::Label, 1, "What?");
        is("Question #12 – What?", Style::Label, 12, "What?");
        is("Question 3 of 50: What?", Style::Label, 3, "What?");
        is("Question 3", Style::Label, 3, "");
        is("Q: What?", Style::Label, 0, "What?");
        is("Question: What?", Style::Label, 0, "What?");
        is("Q. What is it?", Style::Label, 0, "What is it?");
    }

    #[test]
    fn what_only_looks_like_a_number_is_text() {
        for text in [
            "50 VP of Sales Interview Questions",
            "1.5 million users",
            "3:30 in the morning",
            "1-on-1 meetings",
            "I started there",
            "I - well",
            "Questions to ask",
            "Quality - a word",
            "Q4 results were fine",
            "2024-11-02 was a day",
            "Civil. law",
            "IIII. no numeral",
            "mix. no numeral",
            "",
            "é",
        ] {
            assert!(
                mark(text).is_none_or(|(mark, _)| text == "I - well" && mark.number == 1),
                "{text}: {:?}",
                mark(text)
            );
        }
    }

    #[test]
    fn labels_are_known_and_prose_is_not() {
        for (text, label, rest) in [
            ("Answer: Yes.", Label::Answer, "Yes."),
            ("A: Yes.", Label::Answer, "Yes."),
            ("A1: Yes.", Label::Answer, "Yes."),
            ("ANSWER", Label::Answer, ""),
            ("Sample answer:", Label::Answer, ""),
            ("Sample Answer – Yes.", Label::Answer, "Yes."),
            ("Ans. Yes, of course.", Label::Answer, "Yes, of course."),
            ("Follow-up: And then?", Label::FollowUp, "And then?"),
            ("Tags: one, two", Label::Tags, "one, two"),
        ] {
            assert_eq!(said(text), Some((label, rest)), "{text}");
        }
        for text in [
            "A good start",
            "A. Smith",
            "Answering takes time",
            "Response times were bad.",
            "A",
            "Tagged: no",
            "日本語の長い文がここにあります。",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
