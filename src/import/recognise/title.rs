//! Headings: which lines are some, and what is left of them without their decoration.

use super::asks::{Asks, asks, words_up_to};
use super::mark::{self, Style};

/// The most words of a heading that no form marks as one.
const MOST_WORDS: usize = 12;
/// The most bytes of a heading that no form marks as one.
const MOST_BYTES: usize = 110;

/// Whether a line that nothing marks as a heading looks like one.
pub fn is_heading(text: &str) -> bool {
    if text.len() > MOST_BYTES || words_up_to(text, MOST_WORDS + 1) > MOST_WORDS {
        return false;
    }
    let text = text.trim();
    let core = text.trim_end_matches([':', ')', ']']);
    let ends = core.ends_with(['.', ',', ';', '!', '?', '…']) && !core.ends_with("etc.");
    let starts = text.chars().next().is_some_and(|c| {
        c.is_uppercase()
            || c.is_numeric()
            || !(c.is_alphabetic() && c.is_lowercase()) && c.is_alphabetic()
            || "([#&".contains(c)
    });
    !ends
        && starts
        && core.chars().any(char::is_alphabetic)
        && !text.contains(". ")
        && !leads(text)
        && mark::said(text).is_none()
        && (asks(text) == Asks::No || names_section(text))
}

/// Whether a line leads to what follows it, as a sentence does: "Here are some more questions:"
fn leads(text: &str) -> bool {
    const STARTS: [&str; 8] =
        ["here are", "here is", "here’s", "here's", "below are", "the following", "these are", "in this "];
    let head: String = text.chars().take(16).collect::<String>().to_lowercase();
    STARTS.iter().any(|start| head.starts_with(start))
}

/// Whether a line that looks like a heading shows more of it: most of its words are capital, or it names a section.
pub fn is_strong(text: &str) -> bool {
    if names_section(text) {
        return true;
    }
    // "Result: 30% fewer" is a line of an answer.
    if text.trim_end_matches(':').contains(": ") {
        return false;
    }
    // "I ask:" and "We do this:" lead to a list.
    let first = text.split([' ', '’', '\'']).next().unwrap_or_default();
    if ["I", "We", "My", "Our", "It", "This", "These", "They", "You"].contains(&first)
        && text.contains(' ')
        && text.chars().any(char::is_lowercase)
    {
        return false;
    }
    let long = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let words: Vec<&str> = text.split_whitespace().filter(long).collect();
    let capital = |word: &&&str| word.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    let capitals = words.iter().filter(capital).count();
    if text.ends_with(':') && capitals < words.len() {
        return false;
    }
    (words.is_empty() && text.chars().any(char::is_uppercase)) || (capitals * 5 >= words.len() * 3 && capitals > 0)
}

const SECTION_WORDS: [&str; 8] = ["section", "part", "chapter", "category", "round", "topic", "module", "level"];

/// Whether a line says of itself that questions follow: "Section 2", "Technical questions (11–25)".
pub fn names_section(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let numbered = words.next().is_some_and(|second| {
        second.bytes().all(|byte| byte.is_ascii_digit())
            || mark::mark(&format!("{second}. x")).is_some()
            || second.len() == 1
    });
    (SECTION_WORDS.contains(&first) && numbered)
        || lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == "questions")
}

/// Headings below which no questions of the interview stand.
const ASIDES: [&str; 52] = [
    "conclusion",
    "conclusions",
    "final thoughts",
    "final words",
    "final tips",
    "closing thoughts",
    "closing",
    "closing remarks",
    "wrap up",
    "wrap-up",
    "wrapping up",
    "wrapping it up",
    "in conclusion",
    "in summary",
    "summary",
    "to sum up",
    "takeaways",
    "key takeaways",
    "the bottom line",
    "bottom line",
    "next steps",
    "about the author",
    "about the authors",
    "author bio",
    "about us",
    "references",
    "sources",
    "further reading",
    "bibliography",
    "related articles",
    "related posts",
    "related reading",
    "you may also like",
    "comments",
    "leave a reply",
    "leave a comment",
    "share this",
    "table of contents",
    "contents",
    "in this article",
    "on this page",
    "newsletter",
    "acknowledgements",
    "disclaimer",
    "explore more",
    "explore more articles",
    "more articles",
    "popular articles",
    "recommended articles",
    "keep reading",
    "people also read",
    "was this article helpful",
];

/// Whether what stands below a heading is no part of the questions.
pub fn is_aside(text: &str) -> bool {
    if text.len() > MOST_BYTES {
        return false;
    }
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let begun = |aside: &&str| {
        bare.strip_prefix(*aside)
            .is_some_and(|rest| rest.starts_with([':', '.', '–', '-', '(', ' ']) && words_up_to(rest, 5) <= 4)
    };
    let own = (bare.contains("questions to ask")
        || bare.contains("questions you should ask")
        || bare.contains("questions for the interviewer"))
        && !bare.contains("candidate");
    own || ASIDES.contains(&bare)
        || ASIDES.iter().filter(|aside| aside.contains(' ') || aside.starts_with("conclu")).any(begun)
}

/// Headings of advice to whoever reads, not of questions to be asked.
const ADVICE: [&str; 12] = [
    "how to",
    "tips",
    "what to",
    "why ",
    "before you",
    "before the interview",
    "what interviewers",
    "what employers",
    "what recruiters",
    "introduction",
    "overview",
    "how the",
];

/// Whether what stands below a heading is advice to whoever reads.
pub fn is_advice(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    ADVICE.iter().any(|start| bare.starts_with(start)) || bare.contains(" tips")
}

/// How a paragraph begins that closes an article after the last answer.
const CLOSINGS: [&str; 14] = [
    "in conclusion",
    "to conclude",
    "to sum up",
    "in summary",
    "conclusion:",
    "final thoughts",
    "we hope",
    "hopefully, these",
    "after working through",
    "by preparing",
    "by practicing",
    "by practising",
    "good luck",
    "these questions",
];

/// How mails end.
const FAREWELLS: [&str; 19] = [
    "best",
    "best regards",
    "best wishes",
    "kind regards",
    "warm regards",
    "warmly",
    "regards",
    "cheers",
    "thanks",
    "many thanks",
    "thank you",
    "sincerely",
    "yours",
    "yours sincerely",
    "all the best",
    "good luck",
    "mit freundlichen grüßen",
    "viele grüße",
    "cordialement",
];

/// Whether a line ends a mail: "Kind regards,", "Sent from my …".
pub fn is_farewell(text: &str) -> bool {
    if text.len() > 60 {
        return false;
    }
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches([',', '!', '.', ' ']);
    lower.starts_with("sent from my ")
        // The name may stand in the same line.
        || FAREWELLS.iter().any(|known| bare == *known && text.ends_with([',', '!']) || bare.starts_with(&format!("{known}, ")) && words_up_to(bare, 7) <= 6 && known.contains(' '))
}

/// Whether a paragraph closes an article.
pub fn is_closing(text: &str) -> bool {
    let head: String = text.chars().take(30).collect::<String>().to_lowercase();
    CLOSINGS.iter().any(|start| head.starts_with(start))
}

/// The name of a section: a heading without its number, its range, its colon and its "Interview Questions".
///
/// `subject` is what the whole is about, which says nothing in the heading of a part.
pub fn section(raw: &str, subject: &str) -> String {
    let mut text = bare(raw);
    loop {
        let before = text.len();
        text = without_tail(text);
        if !subject.is_empty()
            && let Some(at) = text.len().checked_sub(subject.len())
            && at > 0
            && text.is_char_boundary(at)
            && text[at..].eq_ignore_ascii_case(subject)
            && text[..at].ends_with(' ')
        {
            text = text[..at].trim_end();
            let cut = [" for a", " for an", " for the", " for"].iter().find_map(|joint| text.strip_suffix(joint));
            text = cut.unwrap_or(text).trim_end();
        }
        text = text.trim_end_matches([':', '-', '–', '—', '|', ',', '&']).trim_end();
        if text.len() == before {
            break;
        }
    }
    let text = if text.chars().any(char::is_alphanumeric) { text } else { bare(raw) };
    tidy_case(text)
}

/// A text without numbers, ranges and signs around it.
fn bare(raw: &str) -> &str {
    let sign = |c: char| c.is_whitespace() || "#*_=~|>•●▪■◆★☆➤➢→-–—".contains(c);
    let mut text = raw.trim_matches(sign);
    loop {
        let before = text.len();
        text = text.trim_end_matches(|c: char| sign(c) || c == ':').trim_end();
        text = without_part(text);
        if let Some((mark, rest)) = mark::mark(text)
            && mark.style != Style::Label
            && rest.chars().any(char::is_alphabetic)
        {
            text = rest;
        }
        text = without_range(text).trim_matches(sign);
        if text.len() == before {
            return text;
        }
    }
}

/// A text without `Section 2:` or `Part II –` before it.
fn without_part(text: &str) -> &str {
    let Some((first, rest)) = text.split_once(' ') else { return text };
    if !SECTION_WORDS.contains(&first.to_lowercase().as_str()) {
        return text;
    }
    let rest = rest.trim_start_matches(['#', ' ']);
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let (number, behind) = rest.split_at(end);
    let counted = number.bytes().all(|byte| byte.is_ascii_digit())
        || number.len() == 1
        || number.chars().all(|c| "IVXivx".contains(c));
    let named = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        .contains(&number.to_lowercase().as_str());
    let behind = behind.trim_start_matches([':', '.', ')', '-', '–', '—', '|', ' ']);
    if (counted || named) && behind.chars().any(char::is_alphabetic) { behind } else { text }
}

/// A text without `(1–10)`, `(Questions 1 to 10)`, `[15 questions]`, `(Q1-Q10)` or `1-10` behind it.
fn without_range(text: &str) -> &str {
    let inner =
        text.strip_suffix([')', ']']).and_then(|inner| inner.rfind(['(', '[']).map(|at| (at, &inner[at + 1..])));
    if let Some((at, inner)) = inner
        && at > 0
        && inner.chars().any(|c| c.is_ascii_digit())
        && inner.split(|c: char| !c.is_alphanumeric()).all(is_range_word)
    {
        return text[..at].trim_end();
    }
    let tail = text.rsplit(' ').next().unwrap_or_default();
    let parted = tail.find(['-', '–', '—']).is_some_and(|at| at > 0);
    if parted
        && tail.len() < text.len()
        && tail.split(['-', '–', '—']).all(|part| is_range_word(part) && !part.is_empty() && part.len() <= 4)
    {
        let before = text[..text.len() - tail.len()].trim_end();
        let cut = before.len() - before.rsplit(' ').next().map_or(0, str::len);
        let word = before[cut..].to_lowercase();
        return if ["questions", "q", "nos."].contains(&word.as_str()) && cut > 0 {
            before[..cut].trim_end()
        } else {
            before
        };
    }
    text
}

fn is_range_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let number = lower.trim_start_matches('q');
    number.bytes().all(|byte| byte.is_ascii_digit())
        || ["to", "questions", "question", "of", "and", "through"].contains(&lower.as_str())
}

/// How headings end that say only that questions follow.
const TAILS: [&str; 12] = [
    "interview questions and answers",
    "interview questions & answers",
    "interview questions with answers",
    "questions and answers",
    "questions & answers",
    "questions with answers",
    "interview questions",
    "practice questions",
    "interview question",
    "q&a",
    "questions",
    "interview",
];

fn without_tail(text: &str) -> &str {
    for tail in TAILS {
        if let Some(at) = text.len().checked_sub(tail.len())
            && at > 0
            && text.is_char_boundary(at)
            && text[at..].eq_ignore_ascii_case(tail)
            && text[..at].ends_with(' ')
        {
            return text[..at].trim_end();
        }
    }
    text
}

/// What is all in capitals is set in small letters but for its first and its abbreviations.
fn tidy_case(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 6 || text.chars().any(char::is_lowercase) || !text.contains(' ') && letters <= 6 {
        return text.to_owned();
    }
    let word = |(place, word): (usize, &str)| {
        let mut characters = word.chars();
        let first = characters.next().map(|c| if place == 0 { c } else { c.to_lowercase().next().unwrap_or(c) });
        first.into_iter().chain(characters.flat_map(char::to_lowercase)).collect::<String>()
    };
    text.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// The title of the whole without counts, years and the name of the site behind it.
pub fn title(raw: &str) -> String {
    let sign = |c: char| c.is_whitespace() || "#*_=~|>•".contains(c);
    let mut text = raw.trim_matches(sign);
    text = text.split(" | ").next().unwrap_or(text).trim_end();
    if let Some(at) = text.rfind(['[', '('])
        && at > 0
        && text[at..].ends_with([']', ')'])
        && text[at..].chars().any(|c| c.is_ascii_digit())
    {
        text = text[..at].trim_end();
    }
    let lower = text.to_lowercase();
    let start = ["the top ", "top ", "the best ", "best ", "the "]
        .iter()
        .find(|start| lower.starts_with(**start))
        .map_or(0, |start| start.len());
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && digits <= 4 {
        let behind = text[start + digits..].trim_start_matches('+');
        let behind = behind.strip_prefix(' ').unwrap_or_default();
        if behind.chars().next().is_some_and(char::is_alphabetic) {
            text = behind.trim_start();
        }
    }
    let text = text.trim_end_matches([':', '-', '–', '—', ' ']);
    if text.chars().any(char::is_alphanumeric) { text.to_owned() } else { raw.trim().to_owned() }
}

/// What the whole is about, by its title: "VP of Sales Interview Questions & Answers" is about a "VP of Sales".
pub fn subject(title: &str) -> String {
    let cut = without_tail(title);
    if cut.len() < title.len() { cut.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_called_what_it_is_about() {
        for (raw, name) in [
            ("Foundational, Role-Specific Questions", "Foundational, Role-Specific"),
            ("Intermediate & Technical Head of Tea Interview Questions", "Intermediate & Technical"),
            ("Advanced Interview Questions for a Head of Tea", "Advanced"),
            ("Section 2: People and teams (11–25)", "People and teams"),
            ("Part II - Money", "Money"),
            ("PART ONE — MONEY AND TIME:", "Money and time"),
            ("3. Leadership", "Leadership"),
            ("IV. Leadership:", "Leadership"),
            ("** Basics (Questions 1 to 10) **", "Basics"),
            ("Basics [15 questions]", "Basics"),
            ("Basics: Questions 1-10", "Basics"),
            ("== Basics ==", "Basics"),
            ("Interview Questions", "Interview"),
            ("Questions about money", "Questions about money"),
            ("Systems (large)", "Systems (large)"),
            ("SQL", "SQL"),
        ] {
            assert_eq!(section(raw, "Head of Tea"), name, "{raw}");
        }
    }

    #[test]
    fn a_title_is_left_without_its_count_and_its_year() {
        assert_eq!(title("Top 50+ Tea Interview Questions & Answers [2026]"), "Tea Interview Questions & Answers");
        assert_eq!(title("# 30 Tea Questions (Updated 2025) | Tea Site"), "Tea Questions");
        assert_eq!(title("Tea: what they ask"), "Tea: what they ask");
        assert_eq!(subject("Tea Interview Questions & Answers"), "Tea");
        assert_eq!(subject("My notes"), "");
    }

    #[test]
    fn a_heading_is_told_from_a_line_of_an_answer() {
        for text in
            ["Leadership", "Technical Questions (11–25):", "SECTION TWO", "Section 2: people", "Questions about Teams"]
        {
            assert!(is_heading(text) && is_strong(text), "{text}");
        }
        for text in [
            "I did it.",
            "and then some",
            "What is it?",
            "Result: 30% fewer",
            "Answer:",
            "It went well, with fewer calls at night and",
        ] {
            assert!(!is_heading(text) || !is_strong(text), "{text}");
        }
        assert!(
            is_aside("Conclusion")
                && is_aside("Final thoughts: go on")
                && is_aside("Questions to Ask Your Interviewer")
        );
        assert!(!is_aside("Conflict") && !is_aside("Summary statistics"));
    }
}
