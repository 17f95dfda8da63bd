//! Words of a text, and those that say nothing by themselves.

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word as it is written, without a possessive `’s`.
    pub text: &'t str,
    /// Whether nothing but spaces stands between it and the word before it.
    pub joined: bool,
    /// Whether a sentence begins with it.
    pub first: bool,
}

/// The words of a text: letters, digits, and what stands within words.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    let mut sentence = true;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let between = &rest[..start];
        let sentence_before = std::mem::take(&mut sentence) || between.contains(['.', '!', '?', ':', ';', '•']);
        let joined = !sentence_before && !between.is_empty() && between.chars().all(|c| c == ' ');
        let tail = &rest[start..];
        let mut end = 0;
        let mut characters = tail.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let inside = matches!(c, '\'' | '’' | '+' | '#' | '&' | '-' | '‑') || c == '.' && tail[..at].len() <= 3;
            let next = characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !(c.is_alphanumeric()
                || inside && next
                || matches!(c, '+' | '#') && at > 0 && tail[..at].len() <= 2
                || matches!(c, '\u{300}'..='\u{36f}'))
            {
                break;
            }
            end = at + c.len_utf8();
        }
        let word = &tail[..end];
        rest = &tail[end..];
        let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        Some(Word { text: bare, joined, first: sentence_before })
    })
}

/// Whether a word, in small letters, says nothing of what a text is about.
pub fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

/// A word as its relatives are written too: without the plural and the commonest endings.
pub fn stem(word: &str) -> &str {
    let long = |ending: &str, least: usize| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= least);
    long("ies", 3)
        .or_else(|| long("ing", 4))
        .or_else(|| long("ed", 4))
        .or_else(|| if word.ends_with("ss") { None } else { long("es", 4).or_else(|| long("s", 3)) })
        .or_else(|| long("e", 4))
        .or_else(|| long("y", 3))
        .unwrap_or(word)
}

/// Sorted, so that it can be searched by halves; a test holds it.
#[rustfmt::skip]
const SMALL: [&str; 257] = [
    "a", "able", "about", "above", "across", "after", "again", "against", "ago", "all", "almost", "along", "already", "also", "although",
    "always", "am", "among", "an", "and", "another", "any", "anything", "are", "arent", "around", "as", "ask", "asked", "at", "away",
    "back", "be", "because", "been", "before", "being", "below", "best", "better", "between", "both", "but", "by", "came", "can", "cant",
    "come", "could", "day", "describe", "did", "didnt", "do", "does", "doesnt", "doing", "done", "dont", "down", "during", "each",
    "either", "else", "enough", "etc", "even", "ever", "every", "everything", "example", "explain", "few", "first", "for", "from", "gave",
    "get", "gets", "give", "given", "go", "going", "good", "got", "had", "has", "have", "having", "he", "her", "here", "him", "his",
    "how", "however", "i", "id", "if", "ill", "im", "in", "instead", "into", "is", "isnt", "it", "its", "ive", "just", "keep", "kept",
    "know", "last", "later", "least", "led", "less", "let", "lets", "like", "ll", "made", "make", "makes", "making", "many", "may", "me",
    "might", "more", "most", "much", "must", "my", "name", "need", "never", "new", "next", "no", "not", "nothing", "now", "of", "off",
    "often", "on", "once", "one", "only", "or", "other", "others", "our", "out", "over", "own", "people", "per", "put", "re", "really",
    "s", "said", "same", "say", "second", "see", "set", "share", "she", "should", "show", "since", "so", "some", "something", "start",
    "started", "such", "take", "taken", "talk", "tell", "than", "that", "thats", "the", "their", "them", "then", "there", "these", "they",
    "thing", "things", "think", "this", "those", "thought", "three", "through", "time", "to", "too", "took", "two", "under", "until",
    "up", "upon", "us", "use", "used", "using", "ve", "very", "walk", "want", "wants", "was", "way", "we", "well", "went", "were", "what",
    "whats", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "wont",
    "work", "worked", "working", "works", "would", "yes", "yet", "you", "youd", "youll", "your", "youre", "yours", "youve",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_what_is_within_them() {
        let found: Vec<String> =
            words("I’d say: C++ and R&D, the team’s 99.9% (well-known).").map(|word| word.text.to_owned()).collect();
        assert_eq!(found, ["I’d", "say", "C++", "and", "R&D", "the", "team", "99.9", "well-known"]);
        let joined: Vec<bool> = words("one two, three. Four five").map(|word| word.joined).collect();
        assert_eq!(joined, [false, true, false, false, true]);
    }

    #[test]
    fn small_words_are_in_their_order() {
        assert!(SMALL.is_sorted());
        assert!(is_small("the") && is_small("with") && !is_small("tea"));
    }

    #[test]
    fn relatives_have_one_stem() {
        for (one, other) in
            [("budget", "budgets"), ("policy", "policies"), ("manage", "managing"), ("release", "releases")]
        {
            assert_eq!(stem(one), stem(other));
        }
        assert_ne!(stem("class"), stem("cla"));
    }
}
