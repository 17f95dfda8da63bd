//! The built-in voice: SVOX Pico, with its English voice data compiled in.
//!
//! It is C code of 2009 and runs only inside the host process (see `host`): a crash of it costs a prompt, not a take.

pub mod script;

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use super::sound;
use super::timbre::Accent;

/// Pico's one rate, in frames a second.
pub const RATE: u32 = 16_000;
/// What Pico works in; a speaker takes less than 3 MiB of it. Pages that are not used cost nothing.
const MEMORY: usize = 8 << 20;
/// The volume, in percent, at which neither speaker clips in its own pitch: at 60 the peak of 80 prompts is 29,962 for
/// the American one and 26,017 for the British; at 100 both clip.
const VOLUME: f32 = 60.0;
/// A deeper voice is louder: over pitches of 50 to 100 percent the peak goes with this power of the pitch, falling.
const LOUDER_WHEN_DEEPER: f32 = 0.6;
/// What is taken off the volume when a text clips all the same.
const STEP_DOWN: f32 = 0.7;
/// Pico copies the path of a resource into a buffer of 512 bytes without looking.
const LONGEST_PATH: usize = 500;
/// The silence between two pieces beyond what the first keeps at its end, in milliseconds: about 0.4 s between two
/// sentences, as people read aloud, where Pico leaves 0.7 s.
const PAUSE: usize = 280;
/// The longest sound of one piece of text, in samples: five minutes; anything beyond is a loop without end.
const LONGEST_PIECE: usize = 300 * RATE as usize;

const US: [&[u8]; 2] = [include_bytes!("en-US_ta.bin"), include_bytes!("en-US_lh0_sg.bin")];
const GB: [&[u8]; 2] = [include_bytes!("en-GB_ta.bin"), include_bytes!("en-GB_kh0_sg.bin")];

/// Pico with one speaker; it allows no more than one to a process.
pub struct Pico {
    engine: ttspico::Engine,
}

impl Pico {
    /// Starts Pico with a speaker.
    ///
    /// # Errors
    /// What Pico says, or why its data cannot be written to a temporary file.
    pub fn new(accent: Accent) -> Result<Pico, String> {
        let system = ttspico::System::new(MEMORY).map_err(|error| error.to_string())?;
        let data = match accent {
            Accent::Us => US,
            Accent::Gb => GB,
        };
        Ok(Pico { engine: engine(&system, accent.language(), data)? })
    }

    /// Speaks a text; no samples if there is nothing in it that can be spoken.
    ///
    /// # Errors
    /// What Pico says.
    pub fn speak(&mut self, pitch: u16, speed: u16, text: &str) -> Result<Vec<i16>, String> {
        let pieces = script::pieces(text);
        let mut volume = VOLUME * (f32::from(pitch) / 100.0).min(1.0).powf(LOUDER_WHEN_DEEPER);
        loop {
            let mut samples = Vec::new();
            for piece in &pieces {
                let marked = format!(
                    "<volume level='{volume:.0}'><pitch level='{pitch}'><speed level='{speed}'>{piece}</speed></pitch></volume>\0"
                );
                let mut sound = Vec::new();
                speak_piece(&mut self.engine, marked.as_bytes(), &mut sound)?;
                if !samples.is_empty() {
                    samples.resize(samples.len() + sound::frames(RATE, PAUSE), 0);
                }
                samples.extend(sound::trimmed(RATE, sound));
            }
            let clips = samples.iter().any(|&sample| sample == i16::MAX || sample == i16::MIN);
            if !clips || volume < VOLUME / 4.0 {
                return Ok(samples);
            }
            volume *= STEP_DOWN;
        }
    }
}

/// Puts one piece of text in and takes all of its sound out.
fn speak_piece(engine: &mut ttspico::Engine, mut text: &[u8], samples: &mut Vec<i16>) -> Result<(), String> {
    let mut block = [0i16; 1024];
    loop {
        let put = if text.is_empty() { 0 } else { engine.put_text(text).map_err(|error| error.to_string())? };
        text = &text[put..];
        loop {
            let (count, status) = engine.get_data(&mut block[..]).map_err(|error| error.to_string())?;
            samples.extend(&block[..count.min(block.len())]);
            if samples.len() > LONGEST_PIECE {
                return Err("it speaks without end".into());
            }
            if status == ttspico::EngineStatus::Idle {
                break;
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        if put == 0 {
            return Err("it takes no more text".into());
        }
    }
}

/// An engine for a speaker whose text analysis and sound data are given.
fn engine(system: &Rc<RefCell<ttspico::System>>, name: &str, data: [&[u8]; 2]) -> Result<ttspico::Engine, String> {
    let mut resources = Vec::new();
    for bytes in data {
        resources.push(with_file(bytes, |path| {
            let path = path.to_str().filter(|path| path.len() < LONGEST_PATH);
            let path = path.ok_or("the folder for temporary files has too long or too strange a name")?;
            ttspico::System::load_resource(Rc::clone(system), path).map_err(|error| error.to_string())
        })?);
    }
    let voice = ttspico::System::create_voice(Rc::clone(system), name).map_err(|error| error.to_string())?;
    for resource in resources {
        voice.borrow_mut().add_resource(resource).map_err(|error| error.to_string())?;
    }
    // SAFETY: the voice has its text analysis and its sound resource, which is all that is asked for.
    unsafe { ttspico::Voice::create_engine(voice) }.map_err(|error| error.to_string())
}

/// Gives `bytes` as a file for as long as `load` runs: Pico reads its data from files alone.
#[cfg(not(windows))]
fn with_file<T>(bytes: &[u8], load: impl FnOnce(&Path) -> Result<T, String>) -> Result<T, String> {
    let write = || -> io::Result<tempfile::TempPath> {
        let mut file = tempfile::Builder::new().prefix("greenroom-").suffix(".bin").tempfile()?;
        file.write_all(bytes)?;
        Ok(file.into_temp_path())
    };
    let path = write().map_err(|error| format!("its data cannot be written to a temporary file: {error}"))?;
    load(&path)
}

/// Gives `bytes` as a file. Pico keeps it open, and Windows deletes no open file: it stays, and is used again after its
/// content has been compared.
#[cfg(windows)]
fn with_file<T>(bytes: &[u8], load: impl FnOnce(&Path) -> Result<T, String>) -> Result<T, String> {
    let folder = std::env::temp_dir();
    let kept = folder.join(format!("greenroom-pico-{}-{}.bin", env!("CARGO_PKG_VERSION"), bytes.len()));
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix("greenroom-").suffix(".bin").tempfile_in(&folder)?;
        file.write_all(bytes)?;
        file.into_temp_path().persist(&kept).map_err(|error| error.error)
    };
    let same = || std::fs::read(&kept).is_ok_and(|content| content == bytes);
    if !same()
        && let Err(error) = write()
        && !same()
    {
        return Err(format!("its data cannot be written to {}: {error}", crate::interview::text::path(&kept)));
    }
    load(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_speaker_clips_at_any_pitch_and_all_are_about_as_loud() {
        let text = "Tell me about a time when you had to align several engineering teams behind one goal.";
        for accent in [Accent::Us, Accent::Gb] {
            let mut pico = Pico::new(accent).unwrap();
            for pitch in [50, 70, 100, 160] {
                let samples = pico.speak(pitch, 100, text).unwrap();
                let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
                assert!((14_000..32_700).contains(&peak), "{accent:?} at {pitch} %: {peak}");
            }
        }
    }
}
