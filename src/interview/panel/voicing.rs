//! How a panelist sounds, whatever voice speaks.

use std::ops::RangeInclusive;

/// How a panelist sounds with each kind of voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voicing {
    /// Which of the built-in speakers.
    pub accent: Accent,
    /// Which voices of the system and of espeak-ng fit.
    pub gender: Gender,
    /// Pitch in percent of the speaker's own, 50 to 200.
    pub pitch: u16,
    /// Speed in percent of the speaker's own, 90 to 130.
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

/// The lowest and the highest pitch, in percent.
pub const PITCHES: RangeInclusive<u16> = 50..=200;

/// The lowest and the highest speed, in percent: slower than this, a panel would speak longer than its clock reckons
/// with, and faster is hard to follow.
pub const SPEEDS: RangeInclusive<u16> = 90..=130;

/// Two whose voices are closer than this, in semitones, are taken for one another.
pub const APART: f64 = 2.0;

/// The fundamental of the built-in American speaker at a pitch of 100 %, in Hz.
///
/// The median over 30 s of five prompts, by autocorrelation over 50 ms; single prompts lie between 167 and 170. From
/// 50 to 150 % the fundamental follows the pitch: 84, 126, 168, 219 (130 %) and 250 Hz.
const AMERICAN: f64 = 168.0;

/// The same of the British speaker; single prompts lie between 168 and 182 Hz, and at 50 to 150 % it is 87 to 258 Hz.
const BRITISH: f64 = 174.0;

impl Voicing {
    /// How the panelist on a seat, from 0 to [`SEATS`], sounds where the panel does not say: no two alike.
    ///
    /// The built-in voices are 3.1 semitones apart or more, those of espeak-ng 2.4, as measured: 168, 114, 203, 96,
    /// 138 and 246 Hz, and 179, 107, 206, 86, 127 and 269 Hz.
    pub fn of_seat(seat: usize) -> Voicing {
        let (accent, gender, pitch, speed, espeak) = match seat % SEATS {
            0 => (Accent::American, Gender::Female, 100, 100, "en-us+f1"),
            1 => (Accent::British, Gender::Male, 66, 97, "en-gb-x-rp+m7"),
            2 => (Accent::British, Gender::Female, 117, 103, "en-gb-scotland+f5"),
            3 => (Accent::American, Gender::Male, 57, 95, "en-us+m8"),
            4 => (Accent::British, Gender::Male, 80, 106, "en-gb-x-gbclan+ed"),
            _ => (Accent::American, Gender::Female, 147, 104, "en-us+anika"),
        };
        Voicing { accent, gender, pitch, speed, espeak: espeak.to_owned(), system: None }
    }

    /// The seats of panelists of whom some say that they are women or men.
    ///
    /// Each has the seat of its own place unless that is of the other gender; these have the first free seats of
    /// theirs, and where there are none any that is free.
    pub fn seats(genders: &[Option<Gender>]) -> Vec<Voicing> {
        let fits = |seat: usize, gender: Option<Gender>| gender.is_none_or(|it| it == Voicing::of_seat(seat).gender);
        let mut taken: Vec<usize> = (0..genders.len()).filter(|&place| fits(place, genders[place])).collect();
        let mut voicings = Vec::new();
        for (place, &gender) in genders.iter().enumerate() {
            let seat = if fits(place, gender) {
                place
            } else {
                let free = |seat: &usize| !taken.contains(seat);
                let found = (0..SEATS).filter(free).find(|&seat| fits(seat, gender)).or((0..SEATS).find(free));
                let seat = found.unwrap_or(place);
                taken.push(seat);
                seat
            };
            let voicing = Voicing::of_seat(seat);
            voicings.push(Voicing { gender: gender.unwrap_or(voicing.gender), ..voicing });
        }
        voicings
    }

    /// The fundamental with the built-in voice, in Hz.
    pub fn fundamental(&self) -> f64 {
        let base = match self.accent {
            Accent::American => AMERICAN,
            Accent::British => BRITISH,
        };
        base * f64::from(self.pitch) / 100.0
    }

    /// How far apart two are with the built-in voice, in semitones.
    pub fn apart(&self, other: &Voicing) -> f64 {
        12.0 * (self.fundamental() / other.fundamental()).log2().abs()
    }

    /// The pitch nearest to its own at which it is [`APART`] from all these.
    pub fn other_pitch(&self, others: &[&Voicing]) -> Option<u16> {
        let fits = |pitch: &u16| {
            let moved = Voicing { pitch: *pitch, ..self.clone() };
            others.iter().all(|other| moved.apart(other) >= APART)
        };
        PITCHES.filter(fits).min_by_key(|pitch| pitch.abs_diff(self.pitch))
    }
}
