//! The agenda of a panel as a table, or as JSON.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::print;
use super::report::SCHEMA;
use crate::interview::panel::preview::{Expected, Preview, preview};
use crate::interview::panel::{Agenda, OWN_QUESTIONS};
use crate::interview::time::{show_clock, show_duration};
use crate::tui::wrap::fit;

/// The widest question that the table shows, in cells.
const WIDEST: usize = 60;

/// Prints when who asks what, as it would run where every answer takes its full time.
///
/// # Errors
/// Where nobody reads it any more.
pub fn table(agenda: &Agenda) -> Result<()> {
    let Preview { turns, ends } = preview(agenda);
    let roles: Vec<&str> = agenda.panel.panelists.iter().map(|one| one.role.as_str()).collect();
    let wide = roles.iter().map(|role| role.width()).max().unwrap_or(0);
    let row = |at: Duration, role: &str, limit: &str, what: &str| {
        let pad = " ".repeat(wide.saturating_sub(role.width()));
        print::line(format_args!("  {:>7}  {role}{pad}  {limit:>6}  {what}", show_clock(at)))
    };
    let chair = roles[agenda.panel.chair];
    row(Duration::ZERO, chair, "", "opens the session")?;
    for Expected { ask, starts, limit, .. } in &turns {
        let what = match ask.question.as_str() {
            OWN_QUESTIONS => "your own questions".to_owned(),
            id => shortened(&format!("{id}: {}", ask.prompt)),
        };
        row(*starts, roles[ask.panelist], &show_duration(whole(*limit)), &what)?;
    }
    row(ends, chair, "", "has closed the session")?;
    if turns.iter().any(|turn| !turn.follow_ups.is_empty()) {
        print::line("Times are about right where every answer takes its full time and none is followed up: shorter")?;
        print::line("answers leave room for more questions, a follow-up may take the place of a later one.")?;
    }
    Ok(())
}

/// The agenda for other programs.
pub fn json(agenda: &Agenda) -> Value {
    let panel = &agenda.panel;
    let Preview { turns, ends } = preview(agenda);
    let id = |panelist: usize| panel.panelists[panelist].id.as_str();
    let seconds = |time: Duration| (time.as_secs_f64() * 10.0).round() / 10.0;
    let panelists: Vec<Value> =
        panel.panelists.iter().map(|one| json!({ "id": one.id, "role": one.role.as_str() })).collect();
    let (own, questions): (Vec<&Expected>, Vec<&Expected>) =
        turns.iter().partition(|turn| turn.ask.question == OWN_QUESTIONS);
    let turn = |turn: &Expected| {
        json!({
            "panelist": id(turn.ask.panelist),
            "question": turn.ask.question,
            "section": turn.ask.section,
            "starts_s": seconds(turn.starts),
            "limit_s": seconds(turn.limit),
            "follow_ups": turn.follow_ups,
        })
    };
    let closing = own.first().map(|own| {
        let (starts, limit) = (seconds(own.starts), seconds(own.limit));
        json!({ "panelist": id(own.ask.panelist), "starts_s": starts, "limit_s": limit })
    });
    json!({
        "schema": SCHEMA,
        "panel": panel.id,
        "bank": panel.bank,
        "seed": agenda.seed.0,
        "length_s": seconds(panel.length),
        "panelists": panelists,
        "turns": questions.into_iter().map(turn).collect::<Vec<_>>(),
        "own_questions": closing,
        "ends_s": seconds(ends),
    })
}

/// A text of at most [`WIDEST`] cells.
fn shortened(text: &str) -> String {
    if text.width() <= WIDEST { text.to_owned() } else { fit(text, WIDEST - 1).trim_end().to_owned() + "…" }
}

/// To the second below, as a table has it.
fn whole(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}
