//! Which form a file has, by its name and by what it holds.
//!
//! A name is believed where only one form has it; a `.txt` may hold anything.

use super::keys::{self, Key};

/// The forms that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A page saved from a browser.
    Html,
    /// Values with commas, semicolons or tabs between them.
    Table,
    /// One JSON document.
    Json,
    /// One JSON value a line.
    JsonLines,
    /// What Anki exports as text.
    Anki,
    /// greenroom's own banks.
    Toml,
}

/// So much of a text is looked at, in bytes.
const SAMPLE: usize = 64 * 1024;

/// The form of a file called `name` that holds `text`.
pub fn form(name: &str, text: &str) -> Form {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "toml" => Form::Toml,
        "md" | "markdown" | "mkd" | "mdown" | "mdx" | "rmd" => Form::Markdown,
        "html" | "htm" | "xhtml" | "xht" => Form::Html,
        "jsonl" | "ndjson" | "jl" => Form::JsonLines,
        "json" => json(sample),
        "csv" | "tsv" | "tab" if !is_anki(sample) => Form::Table,
        _ => by_content(sample),
    }
}

fn by_content(sample: &str) -> Form {
    if is_anki(sample) {
        Form::Anki
    } else if is_html(sample) {
        Form::Html
    } else if is_json(sample) {
        json(sample)
    } else if sample.lines().any(|line| line.trim() == "[[question]]") {
        Form::Toml
    } else if is_table(sample) {
        Form::Table
    } else if is_markdown(sample) {
        Form::Markdown
    } else {
        Form::Text
    }
}

/// Whether the first line is one of those that Anki writes above its notes.
fn is_anki(sample: &str) -> bool {
    const HEADS: [&str; 8] =
        ["separator", "html", "deck", "deck column", "tags column", "notetype column", "guid column", "columns"];
    let key = sample.lines().next().and_then(|line| line.strip_prefix('#')?.split_once(':')).map(|(key, _)| key);
    key.is_some_and(|key| HEADS.contains(&key))
}

fn is_html(sample: &str) -> bool {
    let start: String = sample.chars().take(15).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return true;
    }
    const ENDS: [&str; 6] = ["</p>", "</div>", "</li>", "</h1>", "</h2>", "</h3>"];
    sample.starts_with('<') && ENDS.iter().map(|end| sample.matches(end).count()).sum::<usize>() >= 3
}

fn is_json(sample: &str) -> bool {
    let next = |open: char| sample.strip_prefix(open).and_then(|rest| rest.trim_start().chars().next());
    next('{').is_some_and(|next| matches!(next, '"' | '}'))
        || next('[').is_some_and(|next| matches!(next, '"' | '{' | '['))
}

/// JSON Lines where the first two lines that are not empty begin and end like values of their own.
fn json(sample: &str) -> Form {
    let mut lines = sample.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = |line: &str| {
        let ends = [('{', '}'), ('[', ']'), ('"', '"')];
        ends.iter().any(|(open, close)| line.len() > 1 && line.starts_with(*open) && line.ends_with(*close))
    };
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) if whole(first) && second.starts_with(['{', '[', '"']) => Form::JsonLines,
        _ => Form::Json,
    }
}

/// Whether a text without a telling name is a table: names of columns in its first line, or tabs in nearly every line.
fn is_table(sample: &str) -> bool {
    let mut lines = sample.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    let second = lines.clone().next().unwrap_or_default();
    let named = ['\t', ';', ',', '|'].iter().any(|between| {
        let names = first.split(*between).map(|name| name.trim().trim_matches('"'));
        let found = keys::columns(names.take(12));
        !first.starts_with('|')
            && second.contains(*between)
            && found.contains(&Some(Key::Question))
            && found.iter().flatten().count() >= 2
    });
    let tabs = |line: &str| line.trim_matches('\t').matches('\t').count();
    let (mut all, mut tabbed) = (1, usize::from(tabs(first) == 1 || tabs(first) > 1));
    for line in lines.take(200) {
        all += 1;
        tabbed += usize::from(tabs(line) > 0);
    }
    named || (all >= 2 && tabbed * 5 >= all * 4)
}

/// Whether a text has marks that nobody writes but in Markdown; a star here and there is none.
fn is_markdown(sample: &str) -> bool {
    if sample.contains("<details") && sample.contains("<summary") {
        return true;
    }
    let mut front = sample.lines();
    if front.next() == Some("---") && front.take(30).any(|line| line == "---") {
        return true;
    }
    let (mut headings, mut bold, mut links, mut fences, mut rules) = (0, 0, 0, 0, 0);
    for line in sample.lines() {
        let line = line.trim();
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        headings += usize::from((1..=6).contains(&hashes) && line[hashes..].starts_with(' '));
        bold += usize::from(line.split("**").nth(2).is_some());
        links +=
            usize::from(line.split_once("](").is_some_and(|(text, link)| text.contains('[') && link.contains(')')));
        fences += usize::from(line.starts_with("```"));
        rules += usize::from(
            line.starts_with('|') && line.contains("---") && line.bytes().all(|byte| b"|-: ".contains(&byte)),
        );
    }
    let signs = headings.min(2) + bold.min(2) + links.min(1) + fences.min(1) + 2 * rules.min(1);
    signs >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: Form) {
        assert_eq!(form(name, text), expected, "{name}: {text}");
    }

    #[test]
    fn a_telling_name_is_believed() {
        check("list.MD", "What is it?", Form::Markdown);
        check("page.htm", "What is it?", Form::Html);
        check("list.csv", "What is it?", Form::Table);
        check("list.tsv", "a\tb", Form::Table);
        check("bank.toml", "schema = 1", Form::Toml);
        check("list.ndjson", "\"What is it?\"", Form::JsonLines);
        check("list.json", "[\n  \"What is it?\"\n]\n", Form::Json);
    }

    #[test]
    fn json_with_a_value_a_line_is_json_lines_whatever_its_name() {
        check("list.json", "{\"q\": \"Why?\"}\n{\"q\": \"How?\"}\n", Form::JsonLines);
        check("list.txt", "{\"q\": \"Why?\"}\n{\"q\": \"How?\"}\n", Form::JsonLines);
        check("list.txt", "{\"q\": \"Why?\"}\n", Form::Json);
        check("list.txt", "[{\"q\": \"Why?\"},\n {\"q\": \"How?\"}]\n", Form::Json);
    }

    #[test]
    fn a_text_is_what_it_holds() {
        check("a.txt", "\u{feff}#separator:tab\n#html:true\nfront\tback\n", Form::Anki);
        check("a.csv", "#separator:Comma\nfront,back\n", Form::Anki);
        check("a.txt", "\n<!DOCTYPE HTML>\n<p>Why?</p>", Form::Html);
        check("a.txt", "<div><p>Why?</p><p>So</p></div>", Form::Html);
        check("a.txt", "Question,Answer\nWhy?,So\n", Form::Table);
        check("a.txt", "Why?\tSo\nHow?\tThus\nWhen?\tNow\n", Form::Table);
        check("a.txt", "# Nurses\n\n## Safety\n\n- Why?\n", Form::Markdown);
        check("a.txt", "**Q:** Why?\n**A:** So\n\n**Q:** How?\n", Form::Markdown);
        check("a.txt", "schema = 1\n\n[[question]]\nid = \"a\"\n", Form::Toml);
        check("", "", Form::Text);
    }

    #[test]
    fn an_article_with_a_star_in_it_is_plain_text() {
        check(
            "a.txt",
            "50 questions\n1. What is 2 * 3? *Think* first.\n* a point\n- another\n#1 tip: sleep\n",
            Form::Text,
        );
        check("a.txt", "[1] A footnote\n{ a brace }\nWhy do you ask <b>me</b>?", Form::Text);
        check("a.txt", "Contents, Questions and answers follow\nWhat, me? Yes, you.", Form::Text);
        check("a.txt", "Questions, and how to answer them\nWhat do you do?\nI say so.\n", Form::Text);
    }
}
