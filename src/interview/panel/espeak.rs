//! The names of the voices of espeak-ng, as far as they are known to sound different.
//!
//! espeak-ng takes a variant that it does not have for none, and says nothing: whoever wrote it would hear two
//! panelists with one voice. It knows nothing of the program itself.

/// The kinds of English, without `en-gb`, whose variants are passed over; of espeak-ng 1.51.
pub const LANGUAGES: [&str; 9] =
    ["en", "en-029", "en-gb", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-gb-x-rp", "en-us", "en-us-nyc"];

/// The other languages of espeak-ng 1.51, for banks that are not English.
const OTHERS: [&str; 121] = [
    "af",
    "am",
    "an",
    "ar",
    "as",
    "az",
    "ba",
    "be",
    "bg",
    "bn",
    "bpy",
    "bs",
    "ca",
    "cmn",
    "cmn-latn-pinyin",
    "cs",
    "cv",
    "cy",
    "da",
    "de",
    "el",
    "eo",
    "es",
    "es-419",
    "et",
    "eu",
    "fa",
    "fa-latn",
    "fi",
    "fr-be",
    "fr-ch",
    "fr-fr",
    "ga",
    "gd",
    "gn",
    "grc",
    "gu",
    "hak",
    "haw",
    "he",
    "hi",
    "hr",
    "ht",
    "hu",
    "hy",
    "hyw",
    "ia",
    "id",
    "io",
    "is",
    "it",
    "ja",
    "jbo",
    "ka",
    "kk",
    "kl",
    "kn",
    "ko",
    "kok",
    "ku",
    "ky",
    "la",
    "lb",
    "lfn",
    "lt",
    "ltg",
    "lv",
    "mi",
    "mk",
    "ml",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "nci",
    "ne",
    "nl",
    "nog",
    "om",
    "or",
    "pa",
    "pap",
    "piqd",
    "pl",
    "pt",
    "pt-br",
    "py",
    "qdb",
    "qu",
    "quc",
    "qya",
    "ro",
    "ru",
    "ru-lv",
    "sd",
    "shn",
    "si",
    "sjn",
    "sk",
    "sl",
    "smj",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tk",
    "tn",
    "tr",
    "tt",
    "ug",
    "uk",
    "ur",
    "uz",
    "vi",
    "vi-vn-x-central",
    "vi-vn-x-south",
    "yue",
];

/// The variants that a person would take for another voice; of espeak-ng 1.51.
pub const VARIANTS: [&str; 36] = [
    "adam", "anika", "antonio", "aunty", "belinda", "boris", "croak", "david", "ed", "edward", "f1", "f2", "f3", "f4",
    "f5", "grandma", "grandpa", "gustave", "linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "marcelo",
    "miguel", "pablo", "paul", "pedro", "quincy", "shelby", "steph", "victor",
];

/// The longest name, in bytes.
const LONGEST: usize = 40;

/// Why a name is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It is not written as the name of a voice.
    Spelling,
    /// Its variant would be passed over; another has it.
    Ignored {
        /// The voice that is most like it.
        instead: String,
    },
    /// There is no such language, or no such kind of English.
    Language(String),
    /// There is no such variant.
    Variant(String),
}

/// Checks the name of a voice: a language, and after a `+` a variant, which may be left out.
///
/// # Errors
/// What is wrong with it.
pub fn check(name: &str) -> Result<(), Wrong> {
    let (language, variant) = name.split_once('+').map_or((name, None), |(language, it)| (language, Some(it)));
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let part = |part: &str| part.starts_with(|first: char| first.is_ascii_lowercase()) && part.bytes().all(fine);
    if name.len() > LONGEST || !part(language) || !variant.is_none_or(part) {
        return Err(Wrong::Spelling);
    }
    if !LANGUAGES.contains(&language) && !OTHERS.contains(&language) {
        return Err(Wrong::Language(language.to_owned()));
    }
    match variant {
        Some(variant) if !VARIANTS.contains(&variant) => Err(Wrong::Variant(variant.to_owned())),
        Some(variant) if language == "en-gb" => Err(Wrong::Ignored { instead: format!("en-gb-x-rp+{variant}") }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::panel::voicing::{SEATS, Voicing};

    #[test]
    fn every_seat_has_a_voice_that_is_known() {
        for seat in 0..SEATS {
            let name = Voicing::of_seat(seat).espeak;
            assert_eq!(check(&name), Ok(()), "{name}");
        }
        assert_eq!(check("de+f2"), Ok(()), "other languages have names of their own");
    }

    #[test]
    fn what_espeak_would_take_for_another_is_told() {
        assert_eq!(check("en-gb+f2"), Err(Wrong::Ignored { instead: "en-gb-x-rp+f2".into() }));
        assert_eq!(check("en-uk+f2"), Err(Wrong::Language("en-uk".into())));
        assert_eq!(check("en-us+f9"), Err(Wrong::Variant("f9".into())));
        for name in ["", "+f2", "en-us+", "-f", "en us", "EN", "en-us+f2+m1", "../x", &"e".repeat(41)] {
            assert_eq!(check(name), Err(Wrong::Spelling), "{name}");
        }
    }

    #[test]
    fn the_names_are_sorted_so_that_a_hint_is_always_the_same() {
        assert!(LANGUAGES.is_sorted() && VARIANTS.is_sorted());
    }
}
