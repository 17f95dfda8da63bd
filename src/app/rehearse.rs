//! `greenroom rehearse`.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use chrono::Utc;

use super::cli::{Count, OrderName, Rehearse, Sound};
use super::conduct::{self, Audience, Setup};
use super::due;
use super::ends::{Choice, Output};
use super::failure::Usage;
use super::keeper::Keeper;
use super::library::{Library, plan_failure};
use super::reel::Reel;
use super::session::Rating;
use super::stories;
use crate::interview::plan::TimingChoice;
use crate::interview::time::show_duration;
use crate::interview::{Bank, Filter, Order, Plan, Seed, Story, Turn};
use crate::ports::{Capture, Playback, VoiceError};
use crate::store::boot;
use crate::store::config::Config;
use crate::store::home::Home;
use crate::store::manifest::{Manifest, ManifestTurn, SCHEMA};
use crate::store::session::SessionFolder;
use crate::store::story_file;
use crate::voice::{Chain, VoiceSettings};

/// How many questions are asked where nobody says how many: half an hour's work at most.
const COUNT: usize = 5;

/// Runs the command.
///
/// # Errors
/// Where the session cannot begin, something could not be kept, or it was interrupted.
pub fn run(options: &Rehearse, home: Option<&std::path::Path>) -> Result<()> {
    let library = Library::open(home)?;
    let bank = library.bank(options.bank.as_deref())?;
    let story = options.story.as_deref().map(|id| stories::find(&library.home, id)).transpose()?;
    let plan = plan(options, &library, &bank, story.as_ref())?;
    let choice = Choice::of(&options.sound, &library.config)?;
    let audience = Audience::of(&options.display, &library.config, choice.pace);
    conduct::check_ends(&plan.turns, &choice, &audience)?;
    if options.rate && !audience.can_press() {
        audience.tell("Note: --rate needs a terminal to press keys in; rate the answers later with greenroom replay.");
    }
    library.home.prepare_recordings()?;
    let chain = choose_voice(&voice_settings(&options.sound, &library.config, &choice.output))?;
    let voice = chain.speaking();
    let prompter = conduct::prompts(chain, &plan.turns, &[]);
    let capture = choice.open_capture(plan.turns.len())?;
    conduct::check_space(&library.home, &plan.turns, capture.rate(), options.tape)?;
    let playback = choice.open_playback(capture.rate())?;
    let folder = SessionFolder::create(&library.home, &bank.id, Utc::now())?;
    let order = order_word(options.order);
    let drawn = drawn_manifest(&folder, "rehearse", order, &bank, &plan, capture.as_ref(), playback.0.as_ref());
    let manifest = Manifest { voice, ..drawn };
    let reel = options.tape.then(|| Reel::begin(folder.path(), capture.rate(), choice.pace)).transpose()?;
    let keeper = Keeper::begin(folder, manifest, choice.pace)?;
    let rating = wants_rating(options).then(|| rating(&library.home, Some(&bank), &plan.turns, story));
    let setup = Setup {
        rating,
        sections: section_titles(&bank, &plan.turns),
        turns: plan.turns,
        reel,
        ..Setup::new(bank.title.clone(), capture, playback, prompter, choice.pace)
    };
    conduct::conduct(setup, keeper, &audience, &library.home)
}

fn plan(options: &Rehearse, library: &Library, bank: &Bank, story: Option<&Story>) -> Result<Plan> {
    let questions = match story {
        Some(story) => carried_by(story, bank)?,
        None => options.question.clone(),
    };
    let mut filter = Filter {
        sections: options.section.clone(),
        tags: options.tag.clone(),
        questions,
        count: match options.count {
            Some(Count::All) => None,
            Some(Count::Some(count)) => Some(count),
            None if options.question.is_empty() || story.is_some() => Some(COUNT),
            None => None,
        },
    };
    let timing = TimingChoice {
        format: library.format(options.format.as_deref())?,
        prep: options.prep,
        limit: options.limit,
        warn: options.warn,
        retakes: options.retakes,
    };
    let order = match options.order {
        OrderName::Listed => Order::Listed,
        OrderName::Random => Order::Random,
        OrderName::Due => Order::Due,
    };
    let seed = Seed(options.seed.unwrap_or_else(any_seed));
    let due = due::call(options, library, bank, &mut filter)?;
    let plan = Plan::draw(bank, library.banks.formats(), &filter, order, &timing, seed, &due).map_err(plan_failure)?;
    let shortest = plan.turns.iter().filter_map(|turn| turn.timing.limit).min();
    if let (Some(warn), Some(limit)) = (options.warn, shortest)
        && warn >= limit
    {
        let (warn, limit) = (show_duration(warn), show_duration(limit));
        bail!(Usage(format!("--warn {warn} does not lie within an answer of {limit}: give less, or a longer --limit")));
    }
    Ok(plan)
}

/// A seed short enough to be typed again.
pub fn any_seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos()) % 1_000_000
}

/// Whether the candidate is asked how each answer went: a schedule is made from that, and a story is told to be judged.
fn wants_rating(options: &Rehearse) -> bool {
    options.rate || options.story.is_some() || options.order == OrderName::Due
}

/// The questions that a story can carry.
fn carried_by(story: &Story, bank: &Bank) -> Result<Vec<String>> {
    let questions = stories::carried(story, bank);
    if questions.is_empty() {
        bail!(Usage(format!(
            "no question of {} can be answered with {}: say what it shows with `greenroom stories edit {1}`, or choose \
             another --bank",
            bank.id, story.id
        )));
    }
    Ok(questions)
}

/// What it takes to rate the answers to these turns. Stories that cannot be read keep nobody from practising.
pub fn rating(home: &Home, bank: Option<&Bank>, turns: &[Turn], practised: Option<Story>) -> Rating {
    let stories = story_file::load(home).unwrap_or_else(|flaws| {
        super::print::aside(flaws);
        Vec::new()
    });
    let question = |turn: &Turn| bank.and_then(|bank| bank.question(&turn.question)).cloned();
    Rating { questions: turns.iter().map(question).collect(), stories, practised, asks: true }
}

fn order_word(order: OrderName) -> &'static str {
    match order {
        OrderName::Listed => "listed",
        OrderName::Random => "random",
        OrderName::Due => "due",
    }
}

/// Opens the voices.
///
/// # Errors
/// Where the one that was named does not exist or cannot be used.
pub fn choose_voice(settings: &VoiceSettings) -> Result<Chain> {
    Chain::choose(settings).map_err(voice_failure)
}

/// A voice that is not to be had, as a person wants to hear it.
pub fn voice_failure(error: VoiceError) -> anyhow::Error {
    match error {
        misnamed @ VoiceError::Misnamed { .. } => Usage(misnamed.to_string()).into(),
        error => error.into(),
    }
}

/// The titles of the sections of `turns`.
pub fn section_titles(bank: &Bank, turns: &[Turn]) -> Vec<String> {
    let title = |turn: &Turn| match bank.section(&turn.section) {
        Some(section) => section.title.to_string(),
        None => turn.section.clone(),
    };
    turns.iter().map(title).collect()
}

/// Who speaks, by the options and the settings.
pub fn voice_settings(sound: &Sound, config: &Config, output: &Output) -> VoiceSettings {
    let name = if sound.no_voice { Some("none".to_owned()) } else { sound.voice.clone().or(config.voice.clone()) };
    VoiceSettings { name, command: config.voice_command.clone(), rendered: *output != Output::Device(None) }
}

/// A new session as the manifest has it; who speaks is for the caller to say.
pub fn drawn_manifest(
    folder: &SessionFolder,
    kind: &str,
    order: &str,
    bank: &Bank,
    plan: &Plan,
    capture: &dyn Capture,
    playback: &dyn Playback,
) -> Manifest {
    Manifest {
        schema: SCHEMA,
        session: folder.name().to_owned(),
        kind: kind.to_owned(),
        bank: bank.id.clone(),
        title: bank.title.to_string(),
        seed: plan.seed.0,
        order: order.to_owned(),
        started: now_word(),
        ended: None,
        outcome: "in-progress".to_owned(),
        rate: capture.rate().0,
        voice: String::new(),
        input: capture.name(),
        output: playback.name(),
        boot: boot::id(),
        panel: None,
        turns: plan.turns.iter().map(ManifestTurn::planned).collect(),
    }
}

/// This moment as the manifest has it.
pub fn now_word() -> String {
    Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
