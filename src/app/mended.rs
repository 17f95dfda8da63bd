//! Tells people, on the side, what was wrong with a session and what was done about it.

use super::print;
use crate::interview::Text;
use crate::store::recovery::Recovered;

/// Tells it, and gives on what is known of the session.
pub fn told(recovered: Recovered) -> crate::store::Manifest {
    tell(&recovered.manifest.session, &recovered.findings, &recovered.repaired);
    recovered.manifest
}

/// Tells what was found and done, a line each; nothing where all was well.
pub fn tell(session: &str, findings: &[String], repaired: &[String]) {
    for line in lines(findings, repaired) {
        print::aside(Text::clean(&format!("{session}: {line}")));
    }
}

/// What was found, then what was done.
pub fn lines(findings: &[String], repaired: &[String]) -> Vec<String> {
    let done = repaired.iter().map(|done| format!("repaired: {done}"));
    findings.iter().cloned().chain(done).collect()
}
