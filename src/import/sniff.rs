//! Which form a file has, by its name and by what it holds.

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

/// The form of a file called `name` that holds `text`.
pub fn form(name: &str, text: &str) -> Form {
    let _ = text;
    if name.ends_with("md") {
        return Form::Markdown;
    }
    if name.ends_with("html") {
        return Form::Html;
    }
    Form::Text
}
