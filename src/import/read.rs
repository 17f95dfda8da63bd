//! A file of any form as an outline.

use super::decode::{DecodeError, decode};
use super::outline::{Outline, Remark};
use super::recognise::recognise;
use super::sniff::{Form, form};
use super::{anki, html, json, markdown, plain, table};

/// What a file was found to be and to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its form.
    pub form: Form,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// Its text.
    pub text: String,
    /// What was understood of it; empty where it is a bank, which is taken as it stands.
    pub outline: Outline,
}

/// Why nothing can be read of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is no text.
    #[error(transparent)]
    NoText(#[from] DecodeError),
    /// It is no JSON.
    #[error(transparent)]
    Json(json::Broken),
}

/// Reads a file that is called `name`.
///
/// # Errors
/// Where it is no text, or not of the form that its name promises.
pub fn read(name: &str, bytes: &[u8]) -> Result<Reading, Unread> {
    let decoded = decode(bytes)?;
    let text = decoded.text;
    let form = form(name, &text);
    let mut outline = match form {
        Form::Text => {
            let (blocks, mut left_out) = plain::read(&text);
            let mut outline = recognise(&blocks);
            outline.left_out.append(&mut left_out);
            outline.left_out.sort_by_key(|remark| remark.line);
            outline
        }
        Form::Markdown => recognise(&markdown::blocks(&text)),
        Form::Html => recognise(&html::blocks(&text)),
        Form::Table => table::outline(&text),
        Form::Json => json::outline(&text).map_err(Unread::Json)?,
        Form::JsonLines => json::lines(&text),
        Form::Anki => anki::outline(&text),
        Form::Toml => Outline::default(),
    };
    if let Some(line) = decoded.broken {
        let text = "a character could not be read here; save the file as UTF-8 if words are torn".to_owned();
        outline.unsure.insert(0, Remark { line, text });
    }
    Ok(Reading { form, encoding: decoded.encoding, text, outline })
}
