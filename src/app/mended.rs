//! Tells people, on the side, what was wrong with a session and what was done about it.

use super::print;
use crate::interview::Text;
use crate::store::home::Home;
use crate::store::ledger::{self, All};
use crate::store::recovery::Recovered;
use crate::store::session::SessionError;

/// What all sessions of a home come to; tells of those that were not as they should be.
///
/// # Errors
/// Those of [`ledger::read`].
pub fn all(home: &Home) -> Result<All, SessionError> {
    let all = ledger::read(home)?;
    for each in &all.mended {
        tell(&each.name, &each.findings, &each.repaired);
    }
    Ok(all)
}

/// Tells it, and gives on what is known of the session.
pub fn told(recovered: Recovered) -> crate::store::Manifest {
    tell(&recovered.manifest.session, &recovered.findings, &recovered.repaired);
    recovered.manifest
}

/// Tells what was found and done, a line each; nothing where all was well.
pub fn tell(session: &str, findings: &[String], repaired: &[String]) {
    for line in lines(session, findings, repaired) {
        print::aside(line);
    }
}

/// The session, what was found in it, then what was done; nothing where all was well.
pub fn lines(session: &str, findings: &[String], repaired: &[String]) -> Vec<String> {
    if findings.is_empty() && repaired.is_empty() {
        return Vec::new();
    }
    let found = findings.iter().map(|found| format!("  {}", Text::clean(found)));
    let done = repaired.iter().map(|done| format!("  repaired: {}", Text::clean(done)));
    std::iter::once(format!("{}:", Text::clean(session))).chain(found).chain(done).collect()
}
