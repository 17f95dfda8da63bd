//! `greenroom panel`: a timed session with several interviewers, and going on with one.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use chrono::Utc;

use super::agenda;
use super::cli::{Panel as Options, Resume};
use super::conduct::{self, Audience, Before, Setup};
use super::ends::Choice;
use super::failure::Usage;
use super::keeper::Keeper;
use super::library::Library;
use super::print;
use super::prompter::Prompter;
use super::reel::Reel;
use super::rehearse::{any_seed, now_word, voice_failure, voice_settings};
use super::session::PanelParts;
use crate::interview::events::TakeEnd;
use crate::interview::panel::{Agenda, AgendaError, Answer, Ask, Led, Moderator, Panelist, Past, Voicing, estimate};
use crate::interview::time::show_duration;
use crate::interview::{Bank, Frames, SampleRate, Seed, Text, Turn};
use crate::ports::{Capture, Playback};
use crate::store::boot;
use crate::store::manifest::{Manifest, ManifestTurn, SCHEMA, next_turns};
use crate::store::panel_part::{ManifestPanel, ManifestPanelist};
use crate::store::session::SessionFolder;
use crate::voice::{Chain, VoiceSettings};

/// The panel that sits where nobody chose one.
pub const FIRST_PANEL: &str = "vp-engineering";

/// What a session may take beyond its length: pauses, and an answer that is given once more.
const BEYOND: Duration = Duration::from_secs(15 * 60);

/// A take without a louder sample than this, in dB of full scale, has no speech that anybody would hear.
const FAINT: f32 = -45.0;

/// How many takes there will be, the clock decides: a folder of answers has those that it has, and what is asked beyond
/// them is answered with silence.
const HOWEVER_MANY: usize = 0;

/// Runs the command.
///
/// # Errors
/// Where the session cannot begin, something could not be kept, or it was interrupted.
pub fn run(options: &Options, home: Option<&Path>) -> Result<()> {
    let library = Library::open(home)?;
    let panel = library.panel(options.panel.as_deref().unwrap_or(FIRST_PANEL))?;
    let bank = library.bank(Some(&panel.bank))?;
    let seed = Seed(options.seed.unwrap_or_else(any_seed));
    let agenda = Agenda::draw(&panel, &bank, options.length, seed).map_err(|error| refused(error, options))?;
    if options.dry_run {
        return show(&agenda, options);
    }
    let choice = Choice::of(&options.sound, &library.config)?;
    let audience = Audience::of(&options.display, &library.config, choice.pace);
    library.home.prepare_recordings()?;
    let settings = voice_settings(&options.sound, &library.config, &choice.output);
    let chains = cast(&settings, &agenda)?;
    let voices: Vec<String> = chains.iter().map(Chain::speaking).collect();
    let prompter = Prompter::start(chains);
    let capture = choice.open_capture(HOWEVER_MANY)?;
    check_space(&library, agenda.panel.length, options.tape, capture.rate())?;
    let playback = choice.open_playback(capture.rate())?;
    let folder = SessionFolder::create(&library.home, &agenda.panel.id, Utc::now())?;
    let rate = capture.rate();
    let reel = options.tape.then(|| Reel::begin(folder.path(), rate, choice.pace)).transpose()?;
    let manifest = manifest(&folder, &agenda, &voices, capture.as_ref(), playback.0.as_ref());
    let keeper = Keeper::begin(folder, manifest, choice.pace)?;
    let title = agenda.panel.title.clone();
    let led = Led::new(Moderator::new(Arc::new(agenda)), rate, Vec::new(), Frames(0));
    let setup = Setup {
        panel: Some(PanelParts { led, sections: sections(&bank) }),
        reel,
        ..Setup::new(title, capture, playback, prompter, choice.pace)
    };
    conduct::conduct(setup, keeper, &audience, &library.home)
}

/// Goes on with the session of a panel, whose lock is held and whose files are in order.
///
/// # Errors
/// As [`run`]; and where the panel is not there any more.
pub fn resume(options: &Resume, library: &Library, folder: SessionFolder, mut manifest: Manifest) -> Result<()> {
    let part = manifest.panel.clone().context("it is the session of a panel")?;
    let gone = || format!("the panel `{}` of this session cannot be used: put its file back as it was", part.id);
    // Not the command line is wrong.
    let panel = library.panel(&part.id).map_err(|error| anyhow!("{error:#}")).with_context(gone)?;
    let bank = library.bank(Some(&manifest.bank)).map_err(|error| anyhow!("{error:#}")).with_context(gone)?;
    let seats = |(one, known): (&Panelist, &ManifestPanelist)| one.id == known.id && one.role.as_str() == known.role;
    if panel.panelists.len() != part.panelists.len() || !panel.panelists.iter().zip(&part.panelists).all(seats) {
        bail!("{}: other interviewers sit on it now", gone());
    }
    let length = Duration::from_secs_f64(part.length_s);
    let agenda = Agenda::draw(&panel, &bank, Some(length), Seed(manifest.seed)).map_err(|error| anyhow!(error));
    let agenda = Arc::new(agenda.with_context(gone)?);
    let open = next_turns(&manifest);
    let clock = spent(&manifest, &open);
    let asks: Vec<Ask> = manifest.turns.iter().map(|turn| ask(turn, &agenda)).collect();
    let before = manifest.turns.iter().enumerate().map(|(place, turn)| Before {
        takes: folder.last_take(place, turn),
        retakes: 0,
        over: !open.contains(&place),
    });
    let before: Vec<Before> = before.collect();

    let choice = Choice::of(&options.sound, &library.config)?;
    let audience = Audience::of(&options.display, &library.config, choice.pace);
    let settings = voice_settings(&options.sound, &library.config, &choice.output);
    let chains = cast(&settings, &agenda)?;
    manifest.voice = voices_line(&chains.iter().map(Chain::speaking).collect::<Vec<_>>());
    let prompter = Prompter::start(chains);
    let capture = choice.open_capture(HOWEVER_MANY)?;
    check_space(library, length.saturating_sub(clock), options.tape, capture.rate())?;
    let playback = choice.open_playback(capture.rate())?;
    let rate = capture.rate();
    (manifest.rate, manifest.input, manifest.output) = (rate.0, capture.name(), playback.0.name());
    let reel = options.tape.then(|| Reel::begin(folder.path(), rate, choice.pace)).transpose()?;
    let turns = asks.iter().map(turn).collect();
    let titles = sections(&bank);
    let title = |turn: &ManifestTurn| titles.iter().find(|(id, _)| *id == turn.section).map(|(_, title)| title.clone());
    let section_titles = manifest.turns.iter().map(|turn| title(turn).unwrap_or_default()).collect();
    let moderator = Moderator::going_on(Arc::clone(&agenda), &past(&manifest, clock));
    let led = Led::new(moderator, rate, asks, rate.frames(clock)).recalling(last_answer(&manifest, &open));
    let setup = Setup {
        sections: section_titles,
        turns,
        before,
        panel: Some(PanelParts { led, sections: titles }),
        reel,
        ..Setup::new(Text::clean(&manifest.title), capture, playback, prompter, choice.pace)
    };
    let keeper = Keeper::go_on(folder, manifest, choice.pace)?;
    conduct::conduct(setup, keeper, &audience, &library.home)
}

fn refused(error: AgendaError, options: &Options) -> anyhow::Error {
    match error {
        AgendaError::TooShort { .. } if options.length.is_some() => {
            Usage(format!("--length: {error}; or choose a smaller panel: greenroom panels list")).into()
        }
        error => anyhow!(error),
    }
}

fn show(agenda: &Agenda, options: &Options) -> Result<()> {
    if options.display.json {
        return print::json(&agenda::json(agenda));
    }
    let length = show_duration(agenda.panel.length);
    print::line(format_args!("{}: {length}, seed {}.", agenda.panel.title, agenda.seed.0))?;
    agenda::table(agenda)?;
    let length = options.length.map(|length| format!(" --length {}", show_duration(length))).unwrap_or_default();
    print::line(format_args!("\nTo sit it: greenroom panel {}{length} --seed {}", agenda.panel.id, agenda.seed.0))
}

/// The voices of the panelists.
fn cast(settings: &VoiceSettings, agenda: &Agenda) -> Result<Vec<Chain>> {
    let voicings: Vec<Voicing> = agenda.panel.panelists.iter().map(|one| one.voicing.clone()).collect();
    crate::voice::cast(settings, &voicings).map_err(voice_failure)
}

fn check_space(library: &Library, length: Duration, tape: bool, rate: SampleRate) -> Result<()> {
    let copies = if tape { 2 } else { 1 };
    conduct::check_room(&library.home, rate.frames(length + BEYOND).0 * 2 * copies)
}

fn sections(bank: &Bank) -> Vec<(String, String)> {
    bank.sections.iter().map(|section| (section.id.clone(), section.title.to_string())).collect()
}

/// The kinds of voices that speak, each with how many of them do: who has which stands with the panelists.
fn voices_line(voices: &[String]) -> String {
    let kind = |voice: &str| voice.split(" (").next().unwrap_or_default().to_owned();
    let mut kinds: Vec<(String, Vec<&str>)> = Vec::new();
    for voice in voices {
        match kinds.iter_mut().find(|(name, _)| *name == kind(voice)) {
            Some((_, known)) if known.contains(&voice.as_str()) => {}
            Some((_, known)) => known.push(voice),
            None => kinds.push((kind(voice), vec![voice])),
        }
    }
    let line = |(kind, voices): &(String, Vec<&str>)| match voices.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("{kind} ({} voices)", several.len()),
    };
    kinds.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn manifest(
    folder: &SessionFolder,
    agenda: &Agenda,
    voices: &[String],
    capture: &dyn Capture,
    playback: &dyn Playback,
) -> Manifest {
    let panel = &agenda.panel;
    let panelist = |(one, voice): (&Panelist, &String)| ManifestPanelist {
        id: one.id.clone(),
        role: one.role.to_string(),
        voice: voice.clone(),
    };
    Manifest {
        schema: SCHEMA,
        session: folder.name().to_owned(),
        kind: "panel".to_owned(),
        bank: panel.bank.clone(),
        title: panel.title.to_string(),
        seed: agenda.seed.0,
        order: "panel".to_owned(),
        started: now_word(),
        ended: None,
        outcome: "in-progress".to_owned(),
        rate: capture.rate().0,
        voice: voices_line(voices),
        input: capture.name(),
        output: playback.name(),
        boot: boot::id(),
        panel: Some(ManifestPanel {
            id: panel.id.clone(),
            length_s: panel.length.as_secs_f64(),
            panelists: panel.panelists.iter().zip(voices).map(panelist).collect(),
            remarks: Vec::new(),
        }),
        turns: Vec::new(),
    }
}

/// How much of its length the session has spent: what was said since its last turn was put, and that turn with it
/// where it is over. What is asked once more is not counted twice.
fn spent(manifest: &Manifest, open: &[usize]) -> Duration {
    let time = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let spoken = |text: &str| estimate::spoken(&Text::clean(text));
    let turns = manifest.turns.len();
    let remarks = manifest.panel.iter().flat_map(|panel| &panel.remarks).filter(|remark| remark.turns == turns);
    // What was said once more after a pause is not counted twice either.
    let texts: HashSet<&str> = remarks.map(|remark| remark.text.as_str()).collect();
    let said: Duration = texts.into_iter().map(spoken).sum();
    let Some(last) = manifest.turns.last() else { return said };
    let put = time(last.clock_s.unwrap_or_default()) + said;
    if open.contains(&(turns - 1)) {
        return put;
    }
    let answered = last.takes.iter().map(|take| SampleRate(take.rate).duration(Frames(take.frames))).sum::<Duration>();
    put + spoken(&last.prompt) + time(last.prep_s.unwrap_or_default()) + answered
}

/// What the session had come to.
fn past(manifest: &Manifest, clock: Duration) -> Past {
    let asked = |turn: &ManifestTurn| {
        (turn.question.clone(), turn.follow_up.clone(), turn.panelist.clone().unwrap_or_default())
    };
    let remarks = manifest.panel.iter().flat_map(|panel| &panel.remarks);
    let unopened = manifest.turns.len() == 1 && manifest.turns[0].state == "planned";
    Past {
        unopened,
        clock,
        asked: manifest.turns.iter().map(asked).collect(),
        said: remarks.map(|remark| remark.text.clone()).collect(),
    }
}

/// How the last answer went, where the session was interrupted after it.
fn last_answer(manifest: &Manifest, open: &[usize]) -> Option<Answer> {
    let last =
        manifest.turns.last().filter(|turn| !open.contains(&(manifest.turns.len() - 1)) && turn.is_answered())?;
    let take = last.recorded().into_iter().last()?;
    let lasted = take.parts.iter().map(|part| SampleRate(part.rate).duration(Frames(part.frames))).sum();
    let peak = take.parts.last().and_then(|part| part.peak_db);
    Some(Answer {
        lasted,
        limit: last.timing().limit?,
        end: if take.end() == "time-up" { TakeEnd::TimeUp } else { TakeEnd::Done },
        spoke: peak.is_some_and(|peak| peak > FAINT),
        silence: None,
    })
}

/// A turn as it was asked; the chair asks for one who has left the panel.
fn ask(turn: &ManifestTurn, agenda: &Agenda) -> Ask {
    let seat = agenda.panel.panelists.iter().position(|one| Some(&one.id) == turn.panelist.as_ref());
    Ask {
        panelist: seat.unwrap_or(agenda.panel.chair),
        question: turn.question.clone(),
        section: turn.section.clone(),
        follow_up: turn.follow_up.clone(),
        prompt: Text::clean(&turn.prompt),
        timing: turn.timing(),
    }
}

fn turn(ask: &Ask) -> Turn {
    Turn {
        question: ask.question.clone(),
        section: ask.section.clone(),
        prompt: ask.prompt.clone(),
        timing: ask.timing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_voices_of_a_panel_are_counted_by_their_kind() {
        let line = |names: &[&str]| voices_line(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(line(&["built-in (en-US)", "built-in (en-GB)", "built-in (en-US)"]), "built-in (2 voices)");
        assert_eq!(line(&["none", "none"]), "none");
        assert_eq!(line(&["built-in (en-US)", "espeak (en-us+f1)"]), "built-in (en-US), espeak (en-us+f1)");
    }
}
