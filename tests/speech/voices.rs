//! Voices whose phonemes are known: those of flite, by the times that it prints, and of eSpeak, by its library's events.
//!
//! Both are optional: where they are not installed there is nothing from them, and the caller says so.

use super::truth::{RATE, Said, Stretch, resampled};
use std::process::{Command, Stdio};

/// flite's phonemes that make a syllable (the CMU dictionary's vowels).
const FLITE_VOWELS: [&str; 18] =
    ["aa", "ae", "ah", "ao", "aw", "ax", "axr", "ay", "eh", "er", "ey", "ih", "ix", "iy", "ow", "oy", "uh", "uw"];

/// A text in one of flite's voices; `None` where it is not installed.
pub fn flite(voice: &str, text: &str) -> Option<Said> {
    let folder = tempfile_folder()?;
    let file =
        folder.join(format!("{voice}-{}.wav", text.len() * 1_000 + text.bytes().map(usize::from).sum::<usize>()));
    let output = Command::new("flite")
        .args(["-voice", voice, "-t", text, "-psdur", "-o"])
        .arg(&file)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let bytes = std::fs::read(&file).ok()?;
    let _ = std::fs::remove_file(&file);
    let times = String::from_utf8(output.stdout).ok()?;
    let mut phones: Vec<(String, f64)> = Vec::new();
    for word in times.split_whitespace() {
        let (name, end) = word.split_once(':')?;
        phones.push((name.to_owned(), end.parse().ok()?));
    }
    let (rate, samples) = wav(&bytes)?;
    let mut start = 0.0;
    let phones = phones.into_iter().map(|(name, end)| {
        let stretch = (std::mem::replace(&mut start, end), end);
        let vowel = FLITE_VOWELS.contains(&name.as_str());
        (stretch, vowel, name == "pau")
    });
    let phones: Vec<_> = phones.collect();
    said(resampled(&samples, rate, RATE), &phones)
}

/// Where the files of other programs go for a moment.
fn tempfile_folder() -> Option<std::path::PathBuf> {
    let folder = std::env::temp_dir().join(format!("greenroom-speech-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

/// What was said, from its first to its last sound, by its phonemes: where each is, whether it is a vowel, or nothing.
fn said(samples: Vec<f32>, phones: &[(Stretch, bool, bool)]) -> Option<Said> {
    let first = phones.iter().find(|(_, _, pause)| !pause)?.0.0;
    let last = phones.iter().rfind(|(_, _, pause)| !pause)?.0.1;
    let of = |wanted: fn(&(Stretch, bool, bool)) -> bool| {
        phones.iter().filter(move |phone| wanted(phone)).map(|phone| phone.0).collect::<Vec<Stretch>>()
    };
    let vowels = of(|(_, vowel, _)| *vowel);
    let syllables = vowels.len();
    let gaps = of(|(_, _, pause)| *pause);
    Some(Said { samples, vowels: Some(vowels), gaps, syllables, filler: false }.trimmed(first, last))
}

/// The rate and the samples of a mono WAV file of 16 bits.
fn wav(bytes: &[u8]) -> Option<(u32, Vec<f32>)> {
    let rate = u32::from_le_bytes(bytes.get(24..28)?.try_into().ok()?);
    let data = bytes.windows(4).position(|window| window == b"data")? + 8;
    let samples =
        bytes[data..].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0);
    Some((rate, samples.collect()))
}

#[cfg(target_os = "linux")]
pub use espeak::Espeak;

#[cfg(target_os = "linux")]
mod espeak {
    use super::{RATE, Said, Stretch, resampled, said};
    use std::ffi::{CStr, CString, c_char, c_int, c_short, c_uint, c_void};
    use std::sync::Mutex;

    /// An event of eSpeak's library.
    #[repr(C)]
    struct Event {
        kind: c_int,
        identifier: c_uint,
        text: c_int,
        length: c_int,
        /// Where in the sound it is, in ms.
        audio: c_int,
        sample: c_int,
        user: *mut c_void,
        name: [u8; 8],
    }

    const LIST_ENDS: c_int = 0;
    const PHONEME: c_int = 7;

    type Callback = extern "C" fn(*mut c_short, c_int, *mut Event) -> c_int;
    type Synth = extern "C" fn(*const c_char, usize, c_uint, c_int, c_uint, c_uint, *mut c_uint, *mut c_void) -> c_int;

    /// Samples, and phonemes with where they begin.
    type Sounded = (Vec<i16>, Vec<(String, f64)>);
    /// What the callback has heard so far; the library has but one voice at a time.
    static HEARD: Mutex<Sounded> = Mutex::new((Vec::new(), Vec::new()));

    extern "C" fn listen(wave: *mut c_short, count: c_int, mut events: *mut Event) -> c_int {
        let mut heard = HEARD.lock().expect("nothing panics with it");
        if !wave.is_null() && count > 0 {
            // SAFETY: the library promises so many samples.
            heard.0.extend_from_slice(unsafe { std::slice::from_raw_parts(wave, count as usize) });
        }
        // SAFETY: the library ends the list with an event of its own kind.
        while let Some(event) = unsafe { events.as_ref() }.filter(|event| event.kind != LIST_ENDS) {
            if event.kind == PHONEME {
                let name = event.name.split(|byte| *byte == 0).next().unwrap_or_default();
                heard.1.push((String::from_utf8_lossy(name).into_owned(), f64::from(event.audio) / 1_000.0));
            }
            events = events.wrapping_add(1);
        }
        0
    }

    /// eSpeak's library.
    pub struct Espeak {
        rate: u32,
        voice: extern "C" fn(*const c_char) -> c_int,
        parameter: extern "C" fn(c_int, c_int, c_int) -> c_int,
        synth: Synth,
    }

    fn symbol(library: *mut c_void, name: &CStr) -> Option<*mut c_void> {
        // SAFETY: the library is open and the name ends with zero.
        let found = unsafe { libc::dlsym(library, name.as_ptr()) };
        (!found.is_null()).then_some(found)
    }

    impl Espeak {
        /// The library; `None` where it is not installed.
        pub fn open() -> Option<Espeak> {
            // SAFETY: the signatures are those of espeak-ng/speak_lib.h, unchanged since version 1.49.
            unsafe {
                let library = libc::dlopen(c"libespeak-ng.so.1".as_ptr(), libc::RTLD_NOW);
                if library.is_null() {
                    return None;
                }
                let initialize: extern "C" fn(c_int, c_int, *const c_char, c_int) -> c_int =
                    std::mem::transmute(symbol(library, c"espeak_Initialize")?);
                let callback: extern "C" fn(Callback) =
                    std::mem::transmute(symbol(library, c"espeak_SetSynthCallback")?);
                // Synchronous, with an event for each phoneme, and no exit where its data are missing.
                let rate = initialize(2, 0, std::ptr::null(), 0x8001);
                callback(listen);
                Some(Espeak {
                    rate: u32::try_from(rate).ok().filter(|rate| *rate > 0)?,
                    voice: std::mem::transmute::<*mut c_void, extern "C" fn(*const c_char) -> c_int>(symbol(
                        library,
                        c"espeak_SetVoiceByName",
                    )?),
                    parameter: std::mem::transmute::<*mut c_void, extern "C" fn(c_int, c_int, c_int) -> c_int>(symbol(
                        library,
                        c"espeak_SetParameter",
                    )?),
                    synth: std::mem::transmute::<*mut c_void, Synth>(symbol(library, c"espeak_Synth")?),
                })
            }
        }

        /// A text in a voice at so many words a minute.
        pub fn say(&self, voice: &str, speed: i32, text: &str) -> Option<Said> {
            let (voice, text) = (CString::new(voice).ok()?, CString::new(text).ok()?);
            *HEARD.lock().ok()? = (Vec::new(), Vec::new());
            if (self.voice)(voice.as_ptr()) != 0 {
                return None;
            }
            (self.parameter)(1, speed, 0);
            let size = text.as_bytes_with_nul().len();
            (self.synth)(text.as_ptr(), size, 0, 1, 0, 1, std::ptr::null_mut(), std::ptr::null_mut());
            let (samples, events) = std::mem::take(&mut *HEARD.lock().ok()?);
            let samples: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
            let end = samples.len() as f64 / f64::from(self.rate);
            let ends = events.iter().skip(1).map(|event| event.1).chain([end]);
            let phones: Vec<(Stretch, bool, bool)> = events
                .iter()
                .zip(ends)
                .map(|((name, start), end)| ((*start, end), is_vowel(name), name.is_empty() || name.starts_with('_')))
                .filter(|phone| phone.0.1 > phone.0.0)
                .collect();
            said(resampled(&samples, self.rate, RATE), &phones)
        }
    }

    /// Whether one of eSpeak's phonemes of English makes a syllable.
    fn is_vowel(name: &str) -> bool {
        name.starts_with(['@', 'a', 'A', 'e', 'E', 'i', 'I', 'o', 'O', 'u', 'U', 'V', '0', '3']) || name.ends_with('-')
    }
}
