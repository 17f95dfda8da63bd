//! Whether a text asks something.

/// How much a text looks like a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// It ends in a question mark, or nearly.
    Question,
    /// It begins as a request or a question does: "Describe …", "What is …".
    Request,
    /// Nothing shows that it asks something.
    No,
}

/// The most words of a prompt that is taken for one by its words alone.
pub const MOST_WORDS: usize = 120;

/// Words with which interviewers begin what they ask for.
const REQUESTS: [&str; 68] = [
    "describe",
    "tell",
    "explain",
    "walk",
    "give",
    "share",
    "discuss",
    "talk",
    "name",
    "list",
    "define",
    "compare",
    "outline",
    "summarize",
    "summarise",
    "imagine",
    "suppose",
    "assume",
    "introduce",
    "convince",
    "sell",
    "pick",
    "choose",
    "estimate",
    "design",
    "write",
    "state",
    "differentiate",
    "distinguish",
    "provide",
    "identify",
    "rate",
    "recall",
    "elaborate",
    "show",
    "present",
    "think",
    "say",
    "take",
    "let's",
    "please",
    "consider",
    "evaluate",
    "sketch",
    "demonstrate",
    "implement",
    "erzählen",
    "beschreiben",
    "schildern",
    "nennen",
    "erklären",
    "parlez-moi",
    "décrivez",
    "racontez",
    "racontez-moi",
    "expliquez",
    "cuénteme",
    "cuéntame",
    "hábleme",
    "háblame",
    "describa",
    "explique",
    "descreva",
    "conte-me",
    "fale-me",
    "descriva",
    "racconti",
    "raccontami",
];

/// Words with which questions begin.
const QUESTIONS: [&str; 38] = [
    "what", "what's", "why", "how", "how's", "when", "where", "who", "who's", "whom", "whose", "which", "can", "could",
    "would", "will", "should", "do", "does", "did", "are", "is", "was", "were", "have", "has", "had", "if", "am",
    "may", "must", "shall", "in", "at", "on", "given", "aren't", "don't",
];

/// The first so many of [`QUESTIONS`] begin a question even where no question mark ends it.
const SURE: usize = 12;

/// What a text is by its words.
pub fn asks(text: &str) -> Asks {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»)]*_.…".contains(c));
    let words = words_up_to(text, MOST_WORDS + 1);
    if words > MOST_WORDS {
        return Asks::No;
    }
    if bare.ends_with(['?', '？', '؟', '՞']) {
        return Asks::Question;
    }
    // "What would you do (and why?) in the first 90 days"; "What is it? Give an example."
    if let Some(at) = bare.rfind(['?', '？', '؟']) {
        let tail = bare[at..].trim_start_matches(['?', '？', '؟', '”', '"', ' ', ')']);
        // Several sentences behind it are an answer.
        let sentences = tail.matches(". ").count();
        if sentences == 0 && words_up_to(tail, 9) <= 8 || begins(tail, &REQUESTS) {
            return Asks::Question;
        }
        return Asks::No;
    }
    if begins(text, &REQUESTS) || (begins(text, &QUESTIONS[..SURE]) && !is_how_to(text)) {
        return Asks::Request;
    }
    Asks::No
}

/// Whether a line is one whole question: it begins as one and ends as one.
pub fn is_whole(text: &str) -> bool {
    asks(text) == Asks::Question && (begins(text, &QUESTIONS) || begins(text, &REQUESTS))
}

/// Whether what a text says last is what it asks: nothing but a request, or a remark in brackets, follows its last
/// question mark.
pub fn ends_asking(text: &str) -> bool {
    let end = text.rfind(['?', '？', '؟', '՞']).map(|at| &text[at..]);
    end.is_some_and(|end| {
        let tail =
            end.trim_start_matches(['?', '？', '؟', '՞', '!', '”', '"', '’', '\'', '»', ')', ']', '*', '_', ' ']);
        tail.is_empty() || tail.starts_with(['(', '[', '-', '–', '—']) || begins(tail, &REQUESTS)
    })
}

/// Whether a text begins as a request does.
pub fn requests(text: &str) -> bool {
    begins(text, &REQUESTS)
}

fn is_how_to(text: &str) -> bool {
    let lower = text.to_lowercase();
    // "Why this company" is asked, "Why this question works" is not.
    let short = lower.starts_with("why th") && words_up_to(text, 5) <= 4;
    if short && !["question", "work", "matter", "ask"].iter().any(|word| lower.contains(word)) {
        return false;
    }
    let mut words = lower.split_whitespace().map(str::to_owned);
    let (first, second) = (words.next(), words.next());
    let advice = |second: &str| {
        matches!(second, "to" | "the" | "this" | "we" | "it" | "these" | "you'll" | "interviewers" | "they")
    };
    matches!(first.as_deref(), Some("how" | "what" | "why" | "when" | "who")) && second.as_deref().is_some_and(advice)
}

fn begins(text: &str, words: &[&str]) -> bool {
    let Some(first) = text.split_whitespace().next() else { return false };
    if first.len() > 24 {
        return false;
    }
    let first = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'");
    words.contains(&first.as_str())
}

/// How many words there are, counted no further than `most`.
pub fn words_up_to(text: &str, most: usize) -> usize {
    text.split_whitespace().take(most).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_requests_are_told_from_what_asks_nothing() {
        for text in
            ["Why?", "Is it “so?”", "What would you do? Give an example.", "You did what? (Be brief.)", "なぜですか？"]
        {
            assert_eq!(asks(text), Asks::Question, "{text}");
        }
        for text in [
            "Describe your approach.",
            "Tell me about yourself",
            "What is your greatest strength",
            "Let’s talk about pay.",
        ] {
            assert_eq!(asks(text), Asks::Request, "{text}");
        }
        for text in ["Leadership", "I start with why.", "How to use this guide", "What interviewers look for", ""] {
            assert_eq!(asks(text), Asks::No, "{text}");
        }
        assert_eq!(asks(&"word ".repeat(500)), Asks::No);
    }
}
