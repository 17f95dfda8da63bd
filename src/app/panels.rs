//! `greenroom panels`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::agenda;
use super::cli::Panels as What;
use super::library::Library;
use super::print;
use super::report::SCHEMA;
use crate::interview::Seed;
use crate::interview::panel::{Accent, Agenda, Block, DropFirst, Gender, Manner, Panelist, Voicing, pool};
use crate::interview::text;
use crate::interview::time::show_duration;
use crate::interview::{Bank, Panel};
use crate::store::banks::{Banks, Source};
use crate::store::flaw::FileFlaws;
use crate::store::format_file;
use crate::store::home::{Home, HomeError};
use crate::store::panels::Panels;

/// The seed of the agenda that is shown.
const SHOWN: Seed = Seed(1);

/// Runs the command.
///
/// # Errors
/// Where a panel does not exist, or a file has mistakes.
pub fn run(what: &What, home: Option<&Path>) -> Result<()> {
    match what {
        What::List { json } => list(&Library::open(home)?, *json),
        What::Show { id, toml: true, .. } => print::text(&Library::open(home)?.panel_text(id)?),
        What::Show { id, json, .. } => {
            let library = Library::open(home)?;
            let panel = library.panel(id)?;
            let bank = library.bank(Some(&panel.bank))?;
            if *json { print::json(&whole(&panel, &bank)) } else { show(&panel, &bank) }
        }
        What::Check { files, json } => check(files, home, *json),
    }
}

fn list(library: &Library, as_json: bool) -> Result<()> {
    let panels = library.panels();
    let entries = panels.list();
    if as_json {
        let all: Vec<Value> = entries
            .iter()
            .map(|entry| {
                let file = match &entry.source {
                    Source::BuiltIn => None,
                    Source::File(path) => Some(path.to_string_lossy().into_owned()),
                };
                json!({
                    "id": entry.id,
                    "title": entry.title.as_str(),
                    "panelists": entry.panelists,
                    "length_s": entry.length.as_secs_f64(),
                    "file": file,
                    "flaws": entry.flaws.as_ref().map(|flaws| flaws.to_string()),
                })
            })
            .collect();
        return print::json(&json!({ "schema": SCHEMA, "panels": all }));
    }
    for entry in &entries {
        let source = match &entry.source {
            Source::BuiltIn => "built in".to_owned(),
            Source::File(path) => text::path(path).to_string(),
        };
        let (length, people) = (minutes(entry.length), many(entry.panelists, "interviewer"));
        print::line(format_args!("{:<22} {length:>7}  {people:<14}  {}  ({source})", entry.id, entry.title))?;
    }
    let flaws = entries.iter().filter_map(|entry| entry.flaws.as_ref());
    flaws.chain(panels.trouble()).for_each(print::aside);
    Ok(())
}

fn show(panel: &Panel, bank: &Bank) -> Result<()> {
    print::line(format_args!(
        "{}: {}, {}",
        panel.title,
        minutes(panel.length),
        many(panel.panelists.len(), "interviewer")
    ))?;
    let (prep, limit) = (panel.timing.prep.unwrap_or_default(), panel.timing.limit.unwrap_or_default());
    print::line(format_args!(
        "Bank {}, format {}: {} to think, answers of {} at most; none is asked for in less than {}",
        bank.id,
        panel.format,
        show_duration(prep),
        show_duration(limit),
        show_duration(panel.shortest),
    ))?;
    print::line("\nWho asks:")?;
    for (place, panelist) in panel.panelists.iter().enumerate() {
        let chair = if place == panel.chair { ", the chair" } else { "" };
        let stops = show_duration(panel.limit(place));
        print::line(format_args!(
            "  {} ({}){chair}: {}, stops an answer after {stops}",
            panelist.role,
            panelist.id,
            manner_word(panelist.manner)
        ))?;
        if !panelist.focus.is_empty() {
            print::line(format_args!("    cares about {}", panelist.focus.join(", ")))?;
        }
        print::line(format_args!("    {}", voice_line(&panelist.voicing)))?;
    }
    blocks(panel, bank)?;
    let agenda = Agenda::draw(panel, bank, None, SHOWN)?;
    print::line(format_args!("\nThe agenda as it would run, drawn from the seed {}:", SHOWN.0))?;
    agenda::table(&agenda)?;
    let again = format!("greenroom panels show {} --toml", panel.id);
    print::line(format_args!("\nAs a file to copy and change: {again}"))
}

/// Shows the parts of the session, each with its share of the time between opening and closing.
fn blocks(panel: &Panel, bank: &Bank) -> Result<()> {
    print::line("\nThe parts:")?;
    let chair = &panel.panelists[panel.chair].role;
    print::line(format_args!("  opening   {chair}"))?;
    for (place, block) in panel.blocks.iter().enumerate() {
        let role = &panel.panelists[block.panelist].role;
        let share = format!("{} %", percent(panel, block));
        let pool = many(pool::pool(panel, place, bank).len(), "question");
        let most = block.most.map(|most| format!(", {most} at most")).unwrap_or_default();
        let least = if block.least > 1 { format!(", {} at least", block.least) } else { String::new() };
        print::line(format_args!("  {share:<8}  {role}: from {pool}{least}{most}; {}", about(block)))?;
    }
    let own = if panel.closing.own_questions { ", and your own questions" } else { "" };
    print::line(format_args!("  {:<8}  {chair}: closing{own}", show_duration(panel.closing.time)))
}

/// What a block asks about.
fn about(block: &Block) -> String {
    let named = |what: &str, names: &[String]| (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")));
    let parts = [named("first", &block.questions), named("sections", &block.sections), named("tags", &block.tags)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The share of a block in percent of the time between opening and closing.
fn percent(panel: &Panel, block: &Block) -> u64 {
    let all: u64 = panel.blocks.iter().map(|block| u64::from(block.weight)).sum();
    (u64::from(block.weight) * 100 + all / 2) / all.max(1)
}

fn voice_line(voicing: &Voicing) -> String {
    let system = voicing.system.as_ref().map(|name| format!("; of the system: {name}")).unwrap_or_default();
    format!(
        "voice: {}, {}, pitch {} %, speed {} %; espeak-ng: {}{system}",
        gender_word(voicing.gender),
        accent_word(voicing.accent),
        voicing.pitch,
        voicing.speed,
        voicing.espeak,
    )
}

fn manner_word(manner: Manner) -> &'static str {
    match manner {
        Manner::Warm => "warm",
        Manner::Neutral => "neutral",
        Manner::Tough => "tough",
    }
}

fn gender_word(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
    }
}

fn accent_word(accent: Accent) -> &'static str {
    match accent {
        Accent::American => "american",
        Accent::British => "british",
    }
}

fn whole(panel: &Panel, bank: &Bank) -> Value {
    let panelists: Vec<Value> = (0..panel.panelists.len()).map(|place| panelist_json(panel, place)).collect();
    let blocks: Vec<Value> = panel
        .blocks
        .iter()
        .enumerate()
        .map(|(place, block)| {
            json!({
                "panelist": panel.panelists[block.panelist].id,
                "share_percent": percent(panel, block),
                "least": block.least,
                "most": block.most,
                "questions": block.questions,
                "sections": block.sections,
                "tags": block.tags,
                "pool": pool::pool(panel, place, bank).len(),
            })
        })
        .collect();
    let drop_first = match panel.drop_first {
        DropFirst::FollowUps => "follow-ups",
        DropFirst::Questions => "questions",
    };
    json!({
        "schema": SCHEMA,
        "id": panel.id,
        "title": panel.title.as_str(),
        "bank": panel.bank,
        "format": panel.format,
        "length_s": panel.length.as_secs_f64(),
        "shortest_s": panel.shortest.as_secs_f64(),
        "drop_first": drop_first,
        "follow_ups": panel.follow_ups,
        "hesitant_percent": panel.hesitant,
        "panelists": panelists,
        "welcome": panel.welcome.as_ref().map(|welcome| welcome.as_str()),
        "blocks": blocks,
        "closing": {
            "time_s": panel.closing.time.as_secs_f64(),
            "own_questions": panel.closing.own_questions,
            "farewell": panel.closing.farewell.as_ref().map(|farewell| farewell.as_str()),
        },
    })
}

fn panelist_json(panel: &Panel, place: usize) -> Value {
    let Panelist { id, role, manner, focus, voicing } = &panel.panelists[place];
    json!({
        "id": id,
        "role": role.as_str(),
        "chair": place == panel.chair,
        "manner": manner_word(*manner),
        "limit_s": panel.limit(place).as_secs_f64(),
        "focus": focus,
        "voice": {
            "gender": gender_word(voicing.gender),
            "accent": accent_word(voicing.accent),
            "pitch": voicing.pitch,
            "speed": voicing.speed,
            "espeak": voicing.espeak,
            "system": voicing.system,
        },
    })
}

/// The banks that panels may name: those of the home, or where there is no home the built-in ones.
fn banks(home: Option<&Path>) -> Result<Banks> {
    match Home::find(home) {
        Err(HomeError::Nowhere) => Ok(Banks::built_in(format_file::formats(None)?)),
        found => {
            let home = found?;
            let formats = format_file::formats(Some(&home))?;
            Ok(Banks::open(&home, formats))
        }
    }
}

fn check(files: &[PathBuf], home: Option<&Path>, as_json: bool) -> Result<()> {
    let banks = banks(home)?;
    let checked: Vec<(&PathBuf, Result<Panel, FileFlaws>)> =
        files.iter().map(|file| (file, Panels::check_file(file, &banks))).collect();
    if as_json {
        let all: Vec<Value> = checked.iter().map(|(file, panel)| checked_json(file, panel.as_ref().err())).collect();
        print::json(&json!({ "schema": SCHEMA, "files": all }))?;
    }
    let mut mistakes = 0;
    for (file, panel) in &checked {
        match panel {
            Ok(_) if as_json => {}
            Ok(panel) => {
                let (people, length) = (many(panel.panelists.len(), "interviewer"), minutes(panel.length));
                print::line(format_args!("{}: {people}, {length}, no mistakes.", text::path(file)))?;
            }
            Err(flaws) => {
                mistakes += flaws.flaws.len();
                print::aside(flaws);
            }
        }
    }
    let wrong: Vec<&&PathBuf> = checked.iter().filter(|(_, panel)| panel.is_err()).map(|(file, _)| file).collect();
    match wrong.as_slice() {
        [] => Ok(()),
        [file] => bail!("{} has {}", text::path(file), many(mistakes, "mistake")),
        files => bail!("{} of {} have {}", files.len(), many(checked.len(), "file"), many(mistakes, "mistake")),
    }
}

fn checked_json(file: &Path, flaws: Option<&FileFlaws>) -> Value {
    let flaws: Vec<Value> = flaws
        .into_iter()
        .flat_map(|flaws| &flaws.flaws)
        .map(|flaw| json!({ "line": flaw.line, "column": flaw.column, "message": flaw.message }))
        .collect();
    json!({ "file": file.to_string_lossy(), "ok": flaws.is_empty(), "flaws": flaws })
}

/// A length as people say it.
fn minutes(length: Duration) -> String {
    match (length.as_secs() / 60, length.as_secs() % 60) {
        (minutes, 0) => format!("{minutes} min"),
        _ => show_duration(length),
    }
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
