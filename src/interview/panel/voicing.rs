//! How a panelist sounds, whatever voice speaks.

/// How a panelist sounds with each kind of voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voicing {
    /// Which of the built-in speakers.
    pub accent: Accent,
    /// Which voices of the system and of espeak-ng fit.
    pub gender: Gender,
    /// Pitch in percent of the speaker's own, 50 to 200.
    pub pitch: u16,
    /// Speed in percent of the speaker's own, 50 to 200.
    pub speed: u16,
    /// The variant of espeak-ng, such as `en-us+f3`.
    pub espeak: String,
    /// The voice of the system by its name, where one was given.
    pub system: Option<String>,
}

/// Where a speaker seems to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accent {
    /// American English.
    American,
    /// British English.
    British,
}

/// Which voices fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// Higher voices.
    Female,
    /// Lower voices.
    Male,
}

/// The most panelists: so many voices are still told apart.
pub const SEATS: usize = 6;

impl Voicing {
    /// How the panelist on a seat, from 0 to [`SEATS`], sounds where the panel does not say: no two alike.
    pub fn of_seat(seat: usize) -> Voicing {
        let (accent, gender, pitch, speed, espeak) = match seat % SEATS {
            0 => (Accent::American, Gender::Female, 100, 100, "en-us+f2"),
            1 => (Accent::British, Gender::Male, 66, 97, "en-gb"),
            2 => (Accent::British, Gender::Female, 112, 104, "en-gb-scotland+f4"),
            3 => (Accent::American, Gender::Male, 58, 94, "en-us+m3"),
            4 => (Accent::American, Gender::Female, 128, 106, "en-us+f5"),
            _ => (Accent::British, Gender::Male, 80, 92, "en-gb-x-rp"),
        };
        Voicing { accent, gender, pitch, speed, espeak: espeak.to_owned(), system: None }
    }
}
