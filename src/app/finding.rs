//! What a look at something has found, and how it is shown.
//!
//! It knows nothing of what is looked at.

use anyhow::Result;
use serde_json::{Value, json};

use super::print;

/// How it stands with something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Well,
    /// Worth knowing, and nothing that anybody has to change.
    Note,
    /// Wrong.
    Fault,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// What was seen.
    pub detail: String,
    /// How it stands.
    pub state: State,
    /// What to do about it, where the detail does not say.
    pub remedy: Option<String>,
}

impl Finding {
    /// Something that is as it should be.
    pub fn well(what: &str, detail: impl Into<String>) -> Finding {
        Finding { what: what.to_owned(), detail: detail.into(), state: State::Well, remedy: None }
    }

    /// Something that is worth knowing.
    pub fn note(what: &str, detail: impl Into<String>) -> Finding {
        Finding { state: State::Note, ..Finding::well(what, detail) }
    }

    /// A fault, and what to do about it.
    pub fn ill(what: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { remedy: Some(remedy.into()), ..Finding::told(what, detail) }
    }

    /// A fault whose message says what to do about it.
    pub fn told(what: &str, message: impl Into<String>) -> Finding {
        Finding { state: State::Fault, ..Finding::well(what, message) }
    }

    /// Whether somebody has to do something.
    pub fn is_fault(&self) -> bool {
        self.state == State::Fault
    }

    /// The finding for other programs.
    pub fn json(&self) -> Value {
        let state = match self.state {
            State::Well => "ok",
            State::Note => "note",
            State::Fault => "fault",
        };
        json!({
            "what": self.what, "detail": self.detail, "ok": !self.is_fault(), "state": state, "remedy": self.remedy,
        })
    }

    /// The lines that are printed.
    fn lines(&self) -> String {
        let state = match self.state {
            State::Well => "ok   ",
            State::Note => "--   ",
            State::Fault => "FAULT",
        };
        let remedy = self.remedy.as_ref().map(|remedy| format!("\n        {remedy}")).unwrap_or_default();
        // A file may have several mistakes, one a line.
        let detail = self.detail.replace('\n', "\n        ");
        format!("  {state} {}: {detail}{remedy}", self.what)
    }
}

/// Prints findings for people.
///
/// # Errors
/// Where nothing can be printed.
pub fn show(findings: &[Finding]) -> Result<()> {
    findings.iter().try_for_each(|finding| print::line(finding.lines()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_well_nor_wrong_is_shown_as_neither() {
        let note = Finding::note("voice", "espeak: not here");
        assert_eq!(note.lines(), "  --    voice: espeak: not here");
        assert_eq!((&note.json()["ok"], &note.json()["state"]), (&true.into(), &"note".into()));
        assert_eq!(Finding::well("home", "/h").lines(), "  ok    home: /h");
        let fault = Finding::ill("settings", "c.toml:1:1: a\nc.toml:2:1: b", "mend it");
        let expected = "  FAULT settings: c.toml:1:1: a\n        c.toml:2:1: b\n        mend it";
        assert_eq!(fault.lines(), expected);
        assert_eq!((&fault.json()["ok"], &fault.json()["state"]), (&false.into(), &"fault".into()));
    }
}
