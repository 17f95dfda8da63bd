//! What stands on a page and belongs to no question: adverts, links to other pages, page numbers, notices.

use super::asks::words_up_to;

/// How a kind of furniture begins, how many words it has at most, and what it is called.
const STARTS: [(&str, usize, &str); 62] = [
    ("related:", 30, RELATED),
    ("related article", 30, RELATED),
    ("related post", 30, RELATED),
    ("related read", 30, RELATED),
    ("related question", 20, RELATED),
    ("related topic", 20, RELATED),
    ("also read", 30, RELATED),
    ("also see", 30, RELATED),
    ("also check", 30, RELATED),
    ("read also", 30, RELATED),
    ("read more", 30, RELATED),
    ("read next", 30, RELATED),
    ("read our", 30, RELATED),
    ("read:", 30, RELATED),
    ("see also", 30, RELATED),
    ("see more", 20, RELATED),
    ("learn more", 30, RELATED),
    ("more:", 20, RELATED),
    ("must read", 30, RELATED),
    ("must-read", 30, RELATED),
    ("recommended:", 30, RELATED),
    ("recommended reading", 30, RELATED),
    ("you may also like", 40, RELATED),
    ("you might also like", 40, RELATED),
    ("check out our", 40, RELATED),
    ("continue reading", 30, RELATED),
    ("up next:", 30, RELATED),
    ("share this", 20, SHARE),
    ("share on", 15, SHARE),
    ("share via", 15, SHARE),
    ("tweet this", 10, SHARE),
    ("pin it", 6, SHARE),
    ("follow us", 20, SHARE),
    ("follow me on", 20, SHARE),
    ("like this:", 8, SHARE),
    ("advertisement", 6, ADVERT),
    ("sponsored", 12, ADVERT),
    ("ad:", 30, ADVERT),
    ("promoted", 6, ADVERT),
    ("subscribe to", 40, ADVERT),
    ("subscribe now", 30, ADVERT),
    ("sign up for", 40, ADVERT),
    ("sign up now", 30, ADVERT),
    ("join our newsletter", 40, ADVERT),
    ("enroll now", 20, ADVERT),
    ("download our", 30, ADVERT),
    ("download the free", 30, ADVERT),
    ("click here", 25, ADVERT),
    ("we use cookies", 120, COOKIES),
    ("this site uses cookies", 120, COOKIES),
    ("this website uses cookies", 120, COOKIES),
    ("by using this site", 60, COOKIES),
    ("accept all cookies", 12, COOKIES),
    ("cookie settings", 12, COOKIES),
    ("©", 40, RIGHTS),
    ("(c) ", 25, RIGHTS),
    ("copyright ", 40, RIGHTS),
    ("photo by", 20, PICTURE),
    ("photo credit", 20, PICTURE),
    ("image source", 20, PICTURE),
    ("image credit", 20, PICTURE),
    ("image:", 25, PICTURE),
];

const RELATED: &str = "a link to another page";
const SHARE: &str = "a button of the page";
const ADVERT: &str = "an advert";
const COOKIES: &str = "a notice about cookies";
const RIGHTS: &str = "a copyright notice";
const PICTURE: &str = "a note on a picture";
/// What belongs to the thread in which something was posted.
pub const THREAD: &str = "what a thread puts around a post";
const PATH: &str = "the way to this page";
/// What a page number is called.
pub const PAGE: &str = "a page number";

/// Lines that are furniture word for word.
const WHOLE: [(&str, &str); 46] = [
    ("upvote", THREAD),
    ("downvote", THREAD),
    ("award", THREAD),
    ("give award", THREAD),
    ("reply", THREAD),
    ("permalink", THREAD),
    ("go to comments", THREAD),
    ("add a comment", THREAD),
    ("view more comments", THREAD),
    ("load more comments", THREAD),
    ("related", RELATED),
    ("share", SHARE),
    ("tweet", SHARE),
    ("pin", SHARE),
    ("print", SHARE),
    ("save", SHARE),
    ("email", SHARE),
    ("facebook", SHARE),
    ("twitter", SHARE),
    ("linkedin", SHARE),
    ("reddit", SHARE),
    ("whatsapp", SHARE),
    ("copy link", SHARE),
    ("next", SHARE),
    ("previous", SHARE),
    ("menu", SHARE),
    ("home", SHARE),
    ("search", SHARE),
    ("log in", SHARE),
    ("login", SHARE),
    ("sign in", SHARE),
    ("sign up", SHARE),
    ("subscribe", ADVERT),
    ("back to top", SHARE),
    ("top", SHARE),
    ("skip to content", SHARE),
    ("skip to main content", SHARE),
    ("show answer", SHARE),
    ("hide answer", SHARE),
    ("view answer", SHARE),
    ("reveal answer", SHARE),
    ("privacy policy", COOKIES),
    ("terms of service", COOKIES),
    ("accept all", COOKIES),
    ("all rights reserved", RIGHTS),
    ("table of contents", CONTENTS),
];

/// What a table of contents is called.
pub const CONTENTS: &str = "the table of contents";

/// How lines begin that stand around an article, not in it.
const AROUND: [&str; 23] = [
    "by ",
    "posted on",
    "posted by",
    "published",
    "last updated",
    "updated ",
    "in this article",
    "in this guide",
    "in this post",
    "this article",
    "this guide",
    "updated:",
    "written by",
    "reviewed by",
    "author:",
    "date:",
    "reading time",
    "ready to ",
    "looking for ",
    "want to ",
    "are you preparing",
    "was this",
    "did you find",
];

/// Furniture that is told by anything but its beginning is no longer than this, in bytes.
const LONG: usize = 400;

/// Whether a text begins with the first letters of any furniture.
fn begins(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(');
    let same = |start: &str| {
        let head = bare.as_bytes().get(..start.len().min(4));
        head.is_some_and(|head| head.eq_ignore_ascii_case(&start.as_bytes()[..head.len()]))
    };
    // A letter that is not ASCII may have another length in small letters.
    !bare.bytes().take(4).all(|byte| byte.is_ascii()) || STARTS.iter().any(|(start, ..)| same(start))
}

/// What a piece of furniture is, where a text is one.
pub fn furniture(text: &str) -> Option<&'static str> {
    // The longest of them has 120 words; a long paragraph need not be read.
    if text.len() > 1_200 {
        return None;
    }
    // Beyond this many bytes only the beginning can tell, and most paragraphs begin otherwise.
    if text.len() > LONG && !begins(text) {
        return None;
    }
    if is_page_number(text) {
        return Some(PAGE);
    }
    if is_address(text) {
        return Some(RELATED);
    }
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(');
    if let Some((_, what)) = WHOLE.iter().find(|(whole, _)| *whole == bare) {
        return Some(what);
    }
    if bare.ends_with("all rights reserved") && words_up_to(bare, 31) <= 30 {
        return Some(RIGHTS);
    }
    if bare.ends_with(" min read") && words_up_to(bare, 8) <= 7 {
        return Some(SHARE);
    }
    if is_thread(bare) {
        return Some(THREAD);
    }
    if is_path(text) {
        return Some(PATH);
    }
    let starts = |(start, most, what): &(&str, usize, &'static str)| {
        let behind = bare.strip_prefix(start)?;
        let parted = !start.ends_with(char::is_alphabetic)
            || !behind.starts_with(char::is_alphabetic)
            || start.contains(' ') && behind.starts_with('s');
        (parted && words_up_to(bare, most + 1) <= *most && !is_prose(bare, start)).then_some(*what)
    };
    STARTS.iter().find_map(starts)
}

/// Whether a line, in small letters, is of a thread: "level 2", "3 points · 5 hours ago", "u/name", "edit: thanks!"
fn is_thread(bare: &str) -> bool {
    let mut words = bare.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let count = words.count() + usize::from(!second.is_empty()) + 1;
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 8;
    let edited = first == "edit:" || first == "edit" && number(second) && second.ends_with(':');
    let level = first == "level" && count == 2 && number(second) && second.len() == 1;
    let votes = ["upvote", "downvote"].contains(&first) && count == 2 && number(second);
    let points = number(first) && ["points", "point", "upvotes", "comments"].contains(&second) && count <= 8;
    let points = points && (count == 2 || bare.contains('·') || bare.ends_with(" ago"));
    let ago = number(first) && bare.ends_with(" ago") && count <= 3;
    let name = first.len() > 3 && (first.starts_with("u/") || first.starts_with("r/")) && count <= 2;
    edited || level || votes || points || ago || name
}

/// Whether a line shows where a page stands: "Home › Guides › Interviews"
fn is_path(text: &str) -> bool {
    let parts = |sign: &str| text.split(sign).filter(|part| !part.trim().is_empty()).count();
    let plain = words_up_to(text, 17) <= 16 && !text.ends_with(['.', '?', '!', ':']);
    plain && (parts("›") >= 3 || parts("»") >= 3 || parts(" > ") >= 3 && text.starts_with("Home"))
}

/// Whether a line begins as an advert and yet is a sentence of somebody who answers: "Read more than you write, …"
fn is_prose(lower: &str, start: &str) -> bool {
    let behind = lower[start.len()..].trim_start();
    let sentence = lower.matches(". ").count() > 1;
    let goes_on = ["than", "about your", "about the candidate", "code", "of ", "to them", "to the team"]
        .iter()
        .any(|word| behind.starts_with(word));
    goes_on
        || (sentence
            && !["we use", "this site", "this website", "by using"].iter().any(|known| start.starts_with(known)))
}

/// Whether a text stands around an article: who wrote it, when, and what else is to be had.
pub fn is_around(text: &str) -> bool {
    let Some(head) =
        text.get(..text.len().min(40)).or_else(|| text.char_indices().take(30).last().map(|(at, _)| &text[..at]))
    else {
        return false;
    };
    let lower = head.to_lowercase();
    AROUND.iter().any(|start| lower.starts_with(start)) && words_up_to(text, 41) <= 40
}

/// `12`, `- 12 -`, `Page 3 of 10`, `3 / 10`
pub fn is_page_number(text: &str) -> bool {
    if text.len() > 24 {
        return false;
    }
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let named = bare.strip_prefix("page").or_else(|| bare.strip_prefix("p.")).map(str::trim_start);
    let marked = named.is_some()
        || bare.len() != lower.len()
            && !lower.ends_with(['.', ')', ':', '%', '?', '!'])
            && !lower.starts_with(['(', '#', '$']);
    let numbers = named.unwrap_or(bare);
    let (first, last) =
        match numbers.split_once("of").or_else(|| numbers.split_once('/')).or_else(|| numbers.split_once('|')) {
            Some((first, last)) => (first.trim(), Some(last.trim())),
            None => (numbers, None),
        };
    let is_number = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(first) && last.is_none_or(is_number) && (marked || last.is_some() || lower == bare)
}

fn is_address(text: &str) -> bool {
    let start = ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    start && !text.contains(char::is_whitespace)
}

/// A text without the dots and the page number with which a table of contents ends its lines.
pub fn without_leader(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() == text.len() {
        return text;
    }
    let dotted = bare.trim_end();
    let cut = dotted.trim_end_matches(['.', '…', '·', '_', ' ']);
    if dotted.len() >= cut.len() + 4 || dotted.ends_with('…') { cut } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_known_for_what_it_is() {
        for text in [
            "Related: Ten books on tea",
            "RELATED ARTICLES",
            "Also Read: More of it",
            "Share this:",
            "Share this post",
            "© 2024 Somebody",
            "Copyright 2021 Somebody. All rights reserved.",
            "We use cookies to make it better. Accept?",
            "Advertisement",
            "Page 3 of 12",
            "- 7 -",
            "12",
            "3/10",
            "https://example.org/more",
            "Read more »",
            "Back to top ↑",
            "5 min read",
            "Subscribe to our newsletter for more.",
            "Photo by A. Person on a site",
        ] {
            assert!(furniture(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_somebody_answers_is_no_furniture() {
        for text in [
            "Related work came first: I read what others had tried. Then I called them. Then I wrote it down.",
            "Read more than you write, I tell them.",
            "I share this with everyone.",
            "Next, I call the customer.",
            "Shared ownership works.",
            "12 people",
            "30%",
            "(5)",
            "1.",
            "Promotedly so",
            "Advertisements were my first job.",
            "Home was where I learned it.",
            "Click hereditary is no word",
        ] {
            assert_eq!(furniture(text), None, "{text}");
        }
    }

    #[test]
    fn leaders_go_and_numbers_that_belong_stay() {
        assert_eq!(without_leader("What is it? ........ 12"), "What is it?");
        assert_eq!(without_leader("What is it? …… 12"), "What is it?");
        assert_eq!(without_leader("What happened in 2012"), "What happened in 2012");
        assert_eq!(without_leader("What is it?"), "What is it?");
    }
}
