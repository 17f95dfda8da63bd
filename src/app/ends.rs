//! Where a session's sound comes from and goes to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::cli::Sound;
use super::failure::Usage;
use crate::audio::device::{self, DeviceOptions};
use crate::audio::pace::Pace;
use crate::audio::pcm_capture::PcmCapture;
use crate::audio::wav_capture::WavCapture;
use crate::audio::wav_playback::{NullPlayback, WavPlayback};
use crate::interview::SampleRate;
use crate::interview::text;
use crate::ports::{Capture, Playback};
use crate::store::config::Config;

/// Where frames come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A microphone, by name or the usual one.
    Device(Option<String>),
    /// What is said in each take, from WAV files.
    Wav(PathBuf),
    /// Raw frames that run all the time.
    Pcm(PathBuf),
}

/// Where sound goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A speaker, by name or the usual one.
    Device(Option<String>),
    /// A file of everything that would be heard.
    Wav(PathBuf),
    /// Nowhere.
    Nowhere,
}

impl Input {
    /// Reads `--input`.
    pub fn parse(text: Option<&str>) -> Input {
        match text {
            None => Input::Device(None),
            Some(text) => match text.split_once(':') {
                Some(("wav", path)) => Input::Wav(path.into()),
                Some(("pcm", path)) => Input::Pcm(path.into()),
                _ => Input::Device(Some(text.to_owned())),
            },
        }
    }
}

impl Output {
    /// Reads `--output`.
    pub fn parse(text: Option<&str>) -> Output {
        match text {
            None => Output::Device(None),
            Some("none") => Output::Nowhere,
            Some(text) => match text.split_once(':') {
                Some(("wav", path)) => Output::Wav(path.into()),
                _ => Output::Device(Some(text.to_owned())),
            },
        }
    }
}

/// The sound of a session, as it was asked for.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Where frames come from.
    pub input: Input,
    /// Where sound goes to.
    pub output: Output,
    /// The sound system.
    pub host: Option<String>,
    /// How time passes where no device makes it pass.
    pub pace: Pace,
}

impl Choice {
    /// Reads the options, and the configuration where they are silent.
    ///
    /// # Errors
    /// Where `--fast` is asked for beside a device.
    pub fn of(sound: &Sound, config: &Config) -> Result<Choice> {
        let input = Input::parse(sound.input.as_deref().or(config.input.as_deref()));
        let output = Output::parse(sound.output.as_deref().or(config.output.as_deref()));
        if sound.fast {
            let device = match (&input, &output) {
                (Input::Device(_), _) => Some("the microphone is a device; give --input wav:PATH or pcm:PATH"),
                (_, Output::Device(_)) => Some("the speaker is a device; give --output wav:PATH or none"),
                _ => None,
            };
            if let Some(remedy) = device {
                return Err(Usage(format!("--fast needs both ends without a device: {remedy}")).into());
            }
        }
        Ok(Choice {
            input,
            output,
            host: sound.host.clone().or(config.host.clone()),
            pace: if sound.fast { Pace::Fast } else { Pace::RealTime },
        })
    }

    /// Opens the microphone for a session of `takes` takes.
    ///
    /// # Errors
    /// Where it cannot be opened, or there are fewer answer files than takes.
    pub fn open_capture(&self, takes: usize) -> Result<Box<dyn Capture>> {
        match &self.input {
            Input::Device(name) => {
                let options = DeviceOptions { host: self.host.clone(), name: name.clone() };
                Ok(device::open_capture(&options)?)
            }
            Input::Wav(path) => {
                let capture = WavCapture::open(path, self.pace)?;
                if let Some(answers) = capture.answers().filter(|answers| *answers < takes) {
                    return Err(Usage(format!(
                        "{} has {answers} WAV files, and the session asks {takes} questions: \
                         add files, or ask fewer with --count {answers}",
                        text::path(path)
                    ))
                    .into());
                }
                Ok(Box::new(capture))
            }
            Input::Pcm(path) => Ok(Box::new(PcmCapture::open(path, self.pace)?)),
        }
    }

    /// Opens the speaker; without one the session is silent, and the sentence says so.
    ///
    /// # Errors
    /// Where a speaker that was asked for by name cannot be opened, or a file not be made.
    pub fn open_playback(&self, rate: SampleRate) -> Result<(Box<dyn Playback>, Option<String>)> {
        match &self.output {
            Output::Device(name) => {
                let options = DeviceOptions { host: self.host.clone(), name: name.clone() };
                match device::open_playback(&options) {
                    Ok(playback) => Ok((playback, None)),
                    Err(error) if name.is_some() => Err(error.into()),
                    Err(error) => Ok((
                        Box::new(NullPlayback::new(rate)),
                        Some(format!("{error}. The questions are shown, not heard.")),
                    )),
                }
            }
            Output::Wav(path) => Ok((Box::new(create(path, rate)?), None)),
            Output::Nowhere => Ok((Box::new(NullPlayback::new(rate)), None)),
        }
    }
}

fn create(path: &Path, rate: SampleRate) -> Result<WavPlayback> {
    WavPlayback::create(path, rate).with_context(|| format!("cannot write what is heard to {}", text::path(path)))
}
