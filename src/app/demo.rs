//! `greenroom demo`: a whole session in which the built-in voice asks and answers.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::Utc;

use super::cli::Demo;
use super::conduct::{self, Audience, Setup};
use super::ends::{Choice, Input, Output};
use super::failure::Usage;
use super::keeper::Keeper;
use super::library::{FIRST_BANK, Library};
use super::rehearse::{drawn_manifest, section_titles};
use super::session::WhenSaid;
use crate::audio::cue;
use crate::audio::device::{self, DeviceOptions};
use crate::audio::pace::Pace;
use crate::audio::resample::resample;
use crate::audio::wav_capture::{self, WavCapture};
use crate::audio::wav_playback::NullPlayback;
use crate::interview::plan::TimingChoice;
use crate::interview::{Bank, Cue, Filter, Order, Plan, SampleRate, Seed, Text};
use crate::ports::{Clip, Playback, Utterance};
use crate::store::manifest::Manifest;
use crate::store::session::SessionFolder;
use crate::voice::{Chain, VoiceSettings};

/// How many questions the demonstration asks.
const QUESTIONS: usize = 3;

/// The candidate thinks so long: nobody wants to watch somebody think.
const PREP: Duration = Duration::from_secs(3);

/// Who asks, and who answers: two voices that can be told apart.
const ASKS: &str = "built-in";
const ANSWERS: &str = "built-in-gb";

/// Runs the command.
///
/// # Errors
/// Where the session cannot begin, something could not be kept, or it was interrupted.
pub fn run(options: &Demo, home: Option<&std::path::Path>) -> Result<()> {
    let library = Library::open(home)?;
    let bank = library.banks.get(FIRST_BANK).context("the demonstration needs the bank it was made for")?;
    let plan = plan(&bank, options.seed, &library)?;
    library.home.prepare_recordings()?;
    conduct::check_space(&library.home, &plan.turns, SampleRate::STANDARD, false)?;

    let output = Output::parse(options.output.as_deref());
    if options.fast && matches!(output, Output::Device(_)) {
        let remedy = "--fast needs an output without a device: give --output wav:PATH or none";
        return Err(Usage(remedy.to_owned()).into());
    }
    let (playback, pace, missing) = speaker(&output, options)?;
    let audience = Audience::of(&options.display, &library.config, pace);
    audience.tell("A demonstration: the built-in voice asks three questions and plays the candidate too.");
    if missing {
        audience.tell("There is no speaker here, so nothing is heard and the demonstration does not wait.");
    }
    let answers = answers(&bank, &plan)?;
    let capture = WavCapture::from_clips(answers.clone(), SampleRate::STANDARD, pace);
    let chain =
        Chain::choose(&VoiceSettings { name: Some(ASKS.to_owned()), rendered: true, ..VoiceSettings::default() })?;
    let voice = chain.speaking();
    let prompter = conduct::prompts(chain, &plan.turns, &[]);

    let folder = SessionFolder::create(&library.home, &format!("demo-{}", bank.id), Utc::now())?;
    let drawn = drawn_manifest(&folder, "demo", "random", &bank, &plan, &capture, playback.as_ref());
    let manifest = Manifest { voice, ..drawn };
    let keeper = Keeper::begin(folder, manifest, pace)?;
    let setup = Setup {
        sections: section_titles(&bank, &plan.turns),
        turns: plan.turns,
        when_said: WhenSaid::Done,
        candidate: answers.iter().map(|answer| Arc::new(aloud(answer))).collect(),
        ..Setup::new(bank.title.clone(), Box::new(capture), (playback, None), prompter, pace)
    };
    conduct::conduct(setup, keeper, &audience, &library.home)
}

fn plan(bank: &Bank, seed: u64, library: &Library) -> Result<Plan> {
    // Only questions with an answer that the candidate can read.
    let questions = bank.questions.iter().filter(|question| question.answer.is_some());
    let bank = Bank { questions: questions.cloned().collect(), ..bank.clone() };
    let filter = Filter { count: Some(QUESTIONS), ..Filter::default() };
    let timing = TimingChoice { prep: Some(PREP), ..TimingChoice::default() };
    let formats = library.banks.formats();
    Ok(Plan::draw(&bank, formats, &filter, Order::Random, &timing, Seed(seed), &[])?)
}

/// The speaker, how time passes, and whether a speaker is missing: without one there is nothing to wait for.
fn speaker(output: &Output, options: &Demo) -> Result<(Box<dyn Playback>, Pace, bool)> {
    if let Output::Device(name) = output {
        let device = DeviceOptions { host: options.host.clone(), name: name.clone() };
        return match device::open_playback(&device) {
            Ok(playback) => Ok((playback, Pace::RealTime, false)),
            Err(error) if name.is_some() => Err(error.into()),
            Err(_) => Ok((Box::new(NullPlayback::new(SampleRate::STANDARD)), Pace::Fast, true)),
        };
    }
    let pace = if options.fast { Pace::Fast } else { Pace::RealTime };
    let choice = Choice { input: Input::Device(None), output: output.clone(), host: None, pace };
    Ok((choice.open_playback(SampleRate::STANDARD)?.0, pace, false))
}

/// An answer as it is heard: after the cue, in time with what the microphone of the demonstration hears.
fn aloud(answer: &Clip) -> Clip {
    let rate = SampleRate::STANDARD;
    let mut samples = cue::sound(Cue::Begin).samples.clone();
    samples.resize(rate.frames(wav_capture::BEFORE).0 as usize, 0);
    samples.extend(resample(&answer.samples, SampleRate(answer.rate), rate));
    Clip { rate: rate.0, samples }
}

/// What the candidate says, question by question.
fn answers(bank: &Bank, plan: &Plan) -> Result<Vec<Arc<Clip>>> {
    let mut chain =
        Chain::choose(&VoiceSettings { name: Some(ANSWERS.to_owned()), rendered: true, ..VoiceSettings::default() })?;
    plan.turns
        .iter()
        .map(|turn| {
            let answer = bank.question(&turn.question).and_then(|question| question.answer.clone());
            match chain.utter(&answer.unwrap_or_else(|| Text::clean("I would rather not say."))) {
                (Utterance::Clip(clip), _) => Ok(clip),
                (_, notice) => bail!(
                    "the demonstration needs a voice that can be recorded: {}",
                    notice.unwrap_or_else(|| "none is available; see `greenroom doctor`".to_owned())
                ),
            }
        })
        .collect()
}
