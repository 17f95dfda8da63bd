//! Measuring recordings: WAV files in, reports out.

use std::path::{Path, PathBuf};

use crate::audio::wav::WavError;
use crate::audio::wav_sound::WavSound;
use crate::ports::Clip;
use crate::speech::{Delivery, Mix, Report};
use crate::store::analyses;
use crate::store::analysis::Analysis;
use crate::store::manifest::Recorded;
use crate::store::session::is_free;

/// Measures a recording.
///
/// # Errors
/// Where it is no WAV file, or cannot be read.
pub fn file(path: &Path, progress: impl FnMut(f64)) -> Result<Report, WavError> {
    measure(&[path.to_owned()], progress)
}

/// Measures a sound that is in no file.
pub fn clip(clip: &Clip) -> Report {
    let mut delivery = Delivery::new(clip.rate, 1);
    delivery.add_i16(&clip.samples);
    delivery.finish()
}

/// Measures a recording that goes on from file to file; `progress` is told which part of it is done.
///
/// # Errors
/// Those of [`file`]; files of another form than the first are none that go on.
fn measure(paths: &[PathBuf], mut progress: impl FnMut(f64)) -> Result<Report, WavError> {
    let mut sounds = Vec::new();
    for path in paths {
        sounds.push(WavSound::open(path)?);
    }
    let form = sounds.first().map(|first| (first.rate(), first.channels()));
    let (rate, channels) = form.unwrap_or((48_000, 1));
    let mut delivery = Delivery::new(rate, channels).listening_to(channel(paths, channels)?);
    let whole: u64 = sounds.iter().map(WavSound::frames).sum();
    let mut done = 0;
    for sound in sounds.iter_mut().filter(|sound| form == Some((sound.rate(), sound.channels()))) {
        while let Some(samples) = sound.piece()? {
            delivery.add(samples);
            done += (samples.len() / channels) as u64;
            progress(done as f64 / whole.max(1) as f64);
        }
    }
    Ok(delivery.finish())
}

/// The channel to listen to; a recording of one is not looked at twice.
fn channel(paths: &[PathBuf], channels: usize) -> Result<Option<usize>, WavError> {
    let mut mix = Mix::new(channels);
    for path in paths.iter().filter(|_| channels > 1) {
        let mut sound = WavSound::open(path)?;
        while let Some(samples) = sound.piece()? {
            mix.add(samples);
        }
    }
    Ok(mix.channel())
}

/// What is measured of a take, `turn` from 0: what was kept, or what is measured now and then kept.
///
/// # Errors
/// Those of [`file`].
pub fn take(session: &Path, turn: usize, take: &Recorded<'_>) -> Result<Analysis, WavError> {
    if let Some(kept) = analyses::read(session, turn, take) {
        return Ok(kept);
    }
    let (report, name) = take_anew(session, take, |_| ())?;
    let analysis = Analysis::of(&name, &report);
    keep(session, turn, take.number, &analysis);
    Ok(analysis)
}

/// Keeps what was measured of a take. A session that another program has is its own business, and where the folder cannot
/// be written to, its takes are measured anew each time.
pub fn keep(session: &Path, turn: usize, take: u32, analysis: &Analysis) {
    if is_free(session) {
        let _ = analyses::write(session, turn, take, analysis);
    }
}

/// Measures a take; its name comes with it.
///
/// # Errors
/// Those of [`file`].
pub fn take_anew(session: &Path, take: &Recorded<'_>, progress: impl FnMut(f64)) -> Result<(Report, String), WavError> {
    let paths: Vec<PathBuf> = take.parts.iter().map(|part| session.join(&part.file)).collect();
    let report = measure(&paths, progress)?;
    Ok((report, take.parts.first().map(|first| first.file.clone()).unwrap_or_default()))
}
