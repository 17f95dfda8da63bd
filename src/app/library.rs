//! The banks and formats of a home, with errors that a person can act on.

use anyhow::{Result, anyhow};

use super::failure::Usage;
use crate::interview::plan::PlanError;
use crate::interview::{Bank, Format, Panel};
use crate::store::banks::{BankError, Banks};
use crate::store::config::Config;
use crate::store::flaw::FileFlaws;
use crate::store::format_file;
use crate::store::home::Home;
use crate::store::nearest::nearest;
use crate::store::panels::{PanelError, Panels};
use crate::store::story_file;

/// The bank that is asked from where nobody chose one.
pub const FIRST_BANK: &str = "vp-engineering";

/// What a home holds.
pub struct Library {
    /// The home.
    pub home: Home,
    /// Its settings.
    pub config: Config,
    /// Its banks, with the built-in ones.
    pub banks: Banks,
}

impl Library {
    /// Opens a home.
    ///
    /// # Errors
    /// Where its folder is not to be had, or its settings or formats have mistakes.
    pub fn open(home: Option<&std::path::Path>) -> Result<Library> {
        let home = Home::find(home)?;
        let config = Config::load(&home)?;
        let formats = format_file::formats(Some(&home))?;
        let banks = Banks::open(&home, formats);
        Ok(Library { home, config, banks })
    }

    /// Opens a home whatever is in its files: with what is wrong with its settings and formats, in whose place the
    /// usual ones stand, and with its stories.
    ///
    /// # Errors
    /// Where its folder is not to be had.
    pub fn examine(home: Option<&std::path::Path>) -> Result<(Library, Vec<FileFlaws>)> {
        let home = Home::find(home)?;
        let mut wrong = Vec::new();
        let config = Config::load(&home).unwrap_or_else(|flaws| {
            wrong.push(flaws);
            Config::default()
        });
        let formats = match format_file::formats(Some(&home)) {
            Ok(formats) => formats,
            Err(flaws) => {
                wrong.push(flaws);
                format_file::formats(None)?
            }
        };
        wrong.extend(story_file::load(&home).err());
        let banks = Banks::open(&home, formats);
        Ok((Library { home, config, banks }, wrong))
    }

    /// The bank that was asked for, or the one in the settings, or the first.
    ///
    /// # Errors
    /// Where there is no such bank, or it has mistakes.
    pub fn bank(&self, asked: Option<&str>) -> Result<Bank> {
        let id = asked.or(self.config.bank.as_deref()).unwrap_or(FIRST_BANK);
        self.banks.get(id).map_err(|error| match error {
            unknown @ BankError::Unknown { .. } => Usage(unknown.to_string()).into(),
            flawed => anyhow!(flawed),
        })
    }

    /// The panels that there are.
    pub fn panels(&self) -> Panels {
        Panels::open(&self.home, &self.banks)
    }

    /// The panel with this id.
    ///
    /// # Errors
    /// Where there is no such panel, or it has mistakes.
    pub fn panel(&self, id: &str) -> Result<Panel> {
        self.panels().get(id).map_err(panel_failure)
    }

    /// The text of the file of a panel.
    ///
    /// # Errors
    /// Where there is no such panel, or its file cannot be read.
    pub fn panel_text(&self, id: &str) -> Result<String> {
        self.panels().text(id).map_err(panel_failure)
    }

    /// The format that was asked for, or the one in the settings.
    ///
    /// # Errors
    /// Where there is no such format.
    pub fn format(&self, asked: Option<&str>) -> Result<Option<Format>> {
        let Some(id) = asked.or(self.config.format.as_deref()) else { return Ok(None) };
        let formats = self.banks.formats();
        let found = formats.iter().find(|format| format.id == id).cloned();
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = formats.iter().map(|format| format.id.as_str()).collect();
            unknown("format", id, &known).into()
        })
    }
}

fn panel_failure(error: PanelError) -> anyhow::Error {
    match error {
        unknown @ PanelError::Unknown { .. } => Usage(unknown.to_string()).into(),
        flawed => anyhow!(flawed),
    }
}

/// A plan that failed, as a person wants to hear it.
pub fn plan_failure(error: PlanError) -> Usage {
    match &error {
        PlanError::Unknown { what, name, known } => {
            unknown(what, name, &known.iter().map(String::as_str).collect::<Vec<_>>())
        }
        PlanError::Nothing | PlanError::NoFormat { .. } => Usage(error.to_string()),
    }
}

/// How many names an error lists.
const LISTED: usize = 12;

/// A name that does not exist, with the nearest that does.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> Usage {
    let nearest = nearest(name, known.iter().copied());
    let shown = &known[..known.len().min(LISTED)];
    let more = if known.len() > LISTED { ", …" } else { "" };
    let name = crate::interview::Text::clean(name);
    Usage(match nearest {
        Some(nearest) => format!("there is no {what} `{name}`: did you mean `{nearest}`?"),
        None => format!("there is no {what} `{name}`: there are {}{more}", shown.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_answered_as_the_files_answer_it() {
        let known = ["standard", "drill", "open"];
        for (name, answer) in [
            ("Standrd", "did you mean `standard`?"),
            ("sta", "did you mean `standard`?"),
            ("qqq", "there are standard, drill, open"),
        ] {
            let said = unknown("format", name, &known).to_string();
            assert_eq!(said, format!("there is no format `{name}`: {answer}"));
        }
        // Alike in their beginning, and yet not meant.
        assert!(unknown("tag", "strategy", &["stakeholders"]).to_string().contains("there are"));
    }
}
