//! The packets between the program and the process in which the system's voice is reached.

pub use crate::interview::panel::Gender;

/// Connect to the system's speech service; no body.
pub const OPEN: u8 = 1;
/// Take the voice whose name is the body.
pub const CHOOSE: u8 = 2;
/// Ask the service for anything, to see that it answers; no body.
pub const PING: u8 = 3;
/// Speak: four bytes of serial number (little-endian), then the text, never empty and without NUL.
pub const SPEAK: u8 = 4;
/// Stop speaking; no body.
pub const STOP: u8 = 5;
/// Tell which voices there are; no body.
pub const LIST: u8 = 6;

/// What [`OPEN`], [`CHOOSE`] or [`PING`] asked for is done.
pub const DONE: u8 = 1;
/// It failed; the body says why.
pub const PROBLEM: u8 = 2;
/// The speech with the serial number in the body is heard from now on.
pub const BEGAN: u8 = 3;
/// The speech with the serial number in the body is over.
pub const ENDED: u8 = 4;
/// The voices that there are, as [`listed`] writes them.
pub const LISTED: u8 = 5;

/// A voice of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemVoice {
    /// The system's own name for it, unique among its voices.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The language that it speaks, such as `en-GB`.
    pub language: String,
    /// What the system tells of it.
    pub gender: Option<Gender>,
}

/// The body of [`LISTED`]: a line for each voice, with tabs between its fields.
pub fn listed(voices: impl Iterator<Item = SystemVoice>) -> Vec<u8> {
    let mut body = String::new();
    for voice in voices {
        let gender = match voice.gender {
            Some(Gender::Female) => "female",
            Some(Gender::Male) => "male",
            None => "",
        };
        let fields = [&voice.id, &voice.name, &voice.language, gender];
        // A voice whose name breaks the lines cannot be asked for by it either.
        if !fields.iter().any(|field| field.contains(['\t', '\n'])) {
            body.push_str(&(fields.join("\t") + "\n"));
        }
    }
    body.into_bytes()
}

/// Reads the body of [`LISTED`]; lines that are none are left out.
pub fn read_listed(body: &[u8]) -> Vec<SystemVoice> {
    let read = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[id, name, language, gender] = fields.as_slice() else { return None };
        let gender = match gender {
            "female" => Some(Gender::Female),
            "male" => Some(Gender::Male),
            _ => None,
        };
        Some(SystemVoice { id: id.to_owned(), name: name.to_owned(), language: language.to_owned(), gender })
    };
    String::from_utf8_lossy(body).lines().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_voices_come_back_as_they_were_listed() {
        let voice = |id: &str, gender| SystemVoice {
            id: id.to_owned(),
            name: format!("{id} (Enhanced)"),
            language: "en-GB".to_owned(),
            gender,
        };
        let voices = [voice("Daniel", Some(Gender::Male)), voice("Kate", Some(Gender::Female)), voice("", None)];
        assert_eq!(read_listed(&listed(voices.iter().cloned())), voices);
        assert!(read_listed(&listed([voice("two\tfields", None)].into_iter())).is_empty());
        assert!(read_listed(b"nonsense\n\xff\ta\n\t\t\n").is_empty());
    }
}
