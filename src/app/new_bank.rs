//! `greenroom questions new` and `greenroom questions schema`: a bank of one's own begins with a file that explains itself.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::failure::Usage;
use super::library::Library;
use super::report::SCHEMA;
use super::{hint, print};
use crate::interview::{Text, text};
use crate::store::bank_file::parse_bank;

/// What a bank holds, as JSON Schema.
const BANK: &str = include_str!("../../docs/bank.schema.json");

/// What a new bank begins as; `{id}` and `{title}` stand for its own.
const START: &str = include_str!("new_bank.toml");

/// Prints the JSON Schema of banks.
///
/// # Errors
/// Where nobody reads it.
pub fn schema() -> Result<()> {
    print::text(BANK)
}

/// Makes the file of a new bank; one that is there is never touched.
///
/// # Errors
/// Where the id is none or taken, or the file cannot be made.
pub fn begin(home: Option<&Path>, id: &str, title: Option<&str>, as_json: bool) -> Result<()> {
    let library = Library::open(home)?;
    let start = filled(id, title.unwrap_or(id));
    // The id goes into a file name: it is checked before anything else is done with it.
    let bank = parse_bank("the new bank", &start, library.banks.formats())
        .map_err(|flaws| Usage(flaws.flaws.into_iter().next().map(|flaw| flaw.message).unwrap_or_default()))?;
    if library.banks.list().iter().any(|entry| entry.id == bank.id) {
        bail!(Usage(format!(
            "there is a bank `{id}` already (see `greenroom questions list --banks`): take another name"
        )));
    }
    let folder = library.home.questions();
    let path = folder.join(&bank.id).with_extension("toml");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", text::path(&folder)))?;
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::options().write(true).create_new(true).open(&path)?;
        file.write_all(start.as_bytes())?;
        file.sync_all()
    };
    match write() {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already: it is left as it is; take another name", text::path(&path))
        }
        written => written.with_context(|| format!("{} cannot be written", text::path(&path)))?,
    }
    if as_json {
        return print::json(&json!({ "schema": SCHEMA, "bank": bank.id, "file": path.to_string_lossy() }));
    }
    print::line(format_args!("Made {}: two questions to start from, with what each key means.", text::path(&path)))?;
    print::line(format_args!("Edit it, then:  greenroom questions check {}", text::path(&path)))?;
    print::line(format_args!(
        "And practise:   {}",
        hint::again(&library.home, &format!("rehearse --bank {}", bank.id))
    ))?;
    Ok(())
}

fn filled(id: &str, title: &str) -> String {
    let quoted = |word: &str| toml::Value::String(Text::clean(word).to_string()).to_string();
    // An id that is none is told by the check, with the id as it was typed.
    START.replace("\"{id}\"", &toml::Value::String(id.to_owned()).to_string()).replace("\"{title}\"", &quoted(title))
}
