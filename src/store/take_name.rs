//! The names of the files in takes/.

use super::entry::LONGEST_ID;

/// The highest number of a turn that a file name is believed.
pub(super) const MOST_TURNS: usize = 5_000;

/// The highest number of a take, and of a part of one, that a file name can have.
pub(super) const HIGHEST: u32 = 1_000_000;

/// The highest number of a take that is believed where only its file name has it: more takes than a turn can have may
/// follow it.
pub(super) const HIGHEST_FOREIGN: u32 = HIGHEST - 2 * super::manifest::MOST_TAKES as u32;

/// What the name of a take's file says: `takes/03-okr-alignment-1.wav`, `takes/03-okr-alignment-1.2.wav`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TakeName<'f> {
    /// From 0.
    pub(super) turn: usize,
    pub(super) question: &'f str,
    /// From 1.
    pub(super) take: u32,
    /// From 1; the others are what the take rolled over into.
    pub(super) part: u32,
}

impl<'f> TakeName<'f> {
    /// Reads a name as the manifest has it; `None` where it is not as this module writes it.
    pub(super) fn of(file: &'f str) -> Option<TakeName<'f>> {
        let (turn, rest) = file.strip_prefix("takes/")?.strip_suffix(".wav")?.split_once('-')?;
        let (question, numbers) = rest.rsplit_once('-')?;
        let (take, part) = numbers.split_once('.').unwrap_or((numbers, "1"));
        let turn: usize = turn.parse().ok()?;
        let name =
            TakeName { turn: turn.checked_sub(1)?, question, take: take.parse().ok()?, part: part.parse().ok()? };
        let believed = name.turn < MOST_TURNS && name.take <= HIGHEST && name.part <= HIGHEST;
        // Other ways to write the same numbers are files of somebody else.
        (believed && name.take > 0 && name.part > 0 && name.file() == file).then_some(name)
    }

    /// The name as the manifest has it.
    pub(super) fn file(&self) -> String {
        let TakeName { turn, question, take, part } = self;
        match part {
            1 => format!("takes/{:02}-{question}-{take}.wav", turn + 1),
            _ => format!("takes/{:02}-{question}-{take}.{part}.wav", turn + 1),
        }
    }
}

/// A text as part of a file name: a-z, 0-9 and -, as ids are.
pub(super) fn file_name_part(text: &str, otherwise: &str) -> String {
    let fine = |character: char| match character.to_ascii_lowercase() {
        character if character.is_ascii_lowercase() || character.is_ascii_digit() => character,
        _ => '-',
    };
    let part: String = text.chars().take(LONGEST_ID).map(fine).collect();
    match part.trim_matches('-') {
        "" => otherwise.to_owned(),
        part => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_turn_question_take_and_part() {
        let name = |turn, question, take, part| Some(TakeName { turn, question, take, part });
        assert_eq!(TakeName::of("takes/03-okr-alignment-1.wav"), name(2, "okr-alignment", 1, 1));
        assert_eq!(TakeName::of("takes/120-x-12.3.wav"), name(119, "x", 12, 3));
        for file in [
            "takes/3-x-1.wav",
            "takes/003-x-1.wav",
            "takes/00-x-1.wav",
            "takes/03-x-0.wav",
            "takes/03-x-01.wav",
            "takes/03-x-+1.wav",
            "takes/03-x-1.1.wav",
            "takes/03-x-1.wav.tail",
            "takes/03-x.wav",
            "takes/99999-x-1.wav",
            "takes/03-x-4294967295.wav",
            "takes/03-x-99999999999999999999.wav",
            "03-x-1.wav",
        ] {
            assert_eq!(TakeName::of(file), None, "{file}");
        }
    }
}
