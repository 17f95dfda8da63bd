//! Ids made from text: short, readable, and the same whenever the text is.

use std::collections::HashSet;

use super::words::{is_small, words};

/// The longest id, in characters: it becomes part of file names.
pub const LONGEST: usize = 64;
/// An id that a person types is no longer than this where it can be helped.
const SHORT: usize = 40;
/// How many words say what a question is about.
const WORDS: usize = 4;

/// A text in the letters of ids: small, without accents, words parted by one hyphen each.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match plain(character) {
            Some(letters) => out.push_str(letters),
            None if character.is_ascii_alphanumeric() => out.push(character.to_ascii_lowercase()),
            // Contractions are one word.
            None if matches!(character, '\'' | '’' | '\u{300}'..='\u{36f}') => {}
            None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            None => {}
        }
        if out.len() > 400 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// A slug that is no longer than an id may be, cut between words where that is possible.
pub fn short(text: &str, most: usize) -> String {
    let slug = slug(text);
    if slug.len() <= most {
        return slug;
    }
    let cut = slug[..=most].rfind('-').filter(|at| *at > 0).unwrap_or(most);
    slug[..cut].trim_end_matches('-').to_owned()
}

/// Whether a text is an id as it stands.
pub fn is_id(text: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fine)
}

/// The id of a question by what it asks, with none of those that are taken; it is taken then.
///
/// The words that say most are taken, from the first on, as many as tell it from the others; what no Latin letters can
/// say has a number made of its text.
pub fn of_prompt(prompt: &str, taken: &mut HashSet<String>) -> String {
    let all: Vec<String> = words(prompt).map(|word| slug(word.text)).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = all.iter().map(String::as_str).filter(|word| !is_small(word) && word.len() > 1).collect();
    let telling = if telling.is_empty() { all.iter().map(String::as_str).collect() } else { telling };
    let letters = prompt.chars().filter(|c| c.is_alphabetic()).count();
    let latin = all.iter().map(String::len).sum::<usize>();
    let mut last = String::new();
    if latin * 2 >= letters {
        for count in WORDS.min(telling.len())..=telling.len().min(WORDS + 4) {
            let id = joined(&telling[..count]);
            if !id.is_empty() && !taken.contains(&id) {
                taken.insert(id.clone());
                return id;
            }
            last = id;
        }
    }
    let base = if last.is_empty() { format!("q-{:08x}", number(prompt)) } else { last };
    free(&base, taken)
}

fn joined(words: &[&str]) -> String {
    let mut out = String::new();
    for word in words {
        if !out.is_empty() && out.len() + 1 + word.len() > SHORT + 12 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(word);
    }
    out.truncate(LONGEST);
    out.trim_matches('-').to_owned()
}

/// An id that begins as `base` does and is not taken; it is taken then.
pub fn free(base: &str, taken: &mut HashSet<String>) -> String {
    let base = if base.is_empty() { "x" } else { base };
    let mut id = base[..base.len().min(LONGEST)].to_owned();
    let mut count = 1_usize;
    // Doubling finds the first free number's neighbourhood, so that thousands of one name do not cost their square.
    let with = |count: usize| {
        let end = format!("-{count}");
        format!("{}{end}", &base[..base.len().min(LONGEST - end.len())])
    };
    if taken.contains(&id) {
        let mut step = 2;
        while taken.contains(&with(step)) {
            count = step;
            step *= 2;
        }
        let (mut low, mut high) = (count.max(1), step);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if taken.contains(&with(middle)) { low = middle } else { high = middle }
        }
        id = with(high);
    }
    taken.insert(id.clone());
    id
}

/// A number of 32 bits that a text has for ever (FNV-1a over its words).
fn number(text: &str) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for word in text.split_whitespace() {
        for byte in word.bytes().chain([b' ']) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}

/// The letters of the alphabet in which a letter with a sign is written without it.
fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ď'..='đ' | 'Ð' | 'ð' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'ế' | 'ề' | 'ệ' => "e",
        'Ĝ'..='ģ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' | 'Ō'..='ő' | 'ơ' | 'ố' | 'ộ' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' | 'ẞ' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'ư' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "y",
        'Ź'..='ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(prompt: &str) -> String {
        of_prompt(prompt, &mut HashSet::new())
    }

    #[test]
    fn an_id_says_what_is_asked() {
        assert_eq!(id("How do you decide which tea to buy for the office?"), "decide-tea-buy-office");
        assert_eq!(id("What’s your approach to CI/CD?"), "approach-ci-cd");
        assert_eq!(id("Why?"), "why");
        assert_eq!(id("Qu’est-ce qu’un café crème à Łódź?"), "quest-ce-quun-cafe-creme");
    }

    #[test]
    fn what_no_latin_letters_can_say_has_a_number_that_stays() {
        let first = id("自己紹介をしてください。");
        assert!(is_id(&first) && first.starts_with("q-"), "{first}");
        assert_eq!(first, id("自己紹介をしてください。"));
        assert_ne!(first, id("長所は何ですか？"));
    }

    #[test]
    fn no_two_have_one_id_and_none_is_too_long() {
        let mut taken = HashSet::new();
        let long = "Pneumonoultramicroscopicsilicovolcanoconiosis ".repeat(6);
        let mut ids: Vec<String> = (0..3_000).map(|_| of_prompt("What is tea?", &mut taken)).collect();
        ids.extend((0..300).map(|_| of_prompt(&long, &mut taken)));
        assert!(ids.iter().all(|id| is_id(id)));
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn a_long_name_is_cut_between_words() {
        assert_eq!(short("One two three", 9), "one-two");
        assert_eq!(short("Onetwothree", 9), "onetwothr");
        assert_eq!(short("¿¡", 9), "");
    }
}
