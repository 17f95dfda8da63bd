//! Which variant of espeak-ng each panelist speaks with.

use crate::interview::panel::{Gender, Voicing};

/// Variants in the order in which they are given to whoever has none, the deepest and the highest apart; their medians
/// with espeak-ng 1.51 are 86, 107, 126 and 94 Hz, and 179, 205, 228 and 269 Hz.
const MALE: [&str; 4] = ["m8", "m7", "ed", "m1"];
const FEMALE: [&str; 4] = ["f1", "f5", "linda", "anika"];

/// The variant of each panelist, none twice while there are enough; in `language` where one was chosen.
///
/// The panelists' own variants give way to a language that was chosen, their timbres (what stands behind the `+`) do
/// not.
pub fn variants(panel: &[Voicing], language: Option<&str>) -> Vec<String> {
    let mut given: Vec<String> = Vec::new();
    for voicing in panel {
        let (own, timbre) = match voicing.espeak.split_once('+') {
            Some((own, timbre)) => (own, Some(timbre)),
            None => (voicing.espeak.as_str(), None),
        };
        let language = language.unwrap_or(own);
        let wished = match timbre {
            Some(timbre) => with(language, timbre),
            None => language.to_owned(),
        };
        let free = |variant: &String| !given.contains(variant);
        let others = match voicing.gender {
            Gender::Male => MALE.iter().chain(&FEMALE),
            Gender::Female => FEMALE.iter().chain(&MALE),
        };
        let first = std::iter::once(wished.clone()).chain(others.map(|timbre| with(language, timbre))).find(free);
        given.push(first.unwrap_or(wished));
    }
    given
}

/// A language with a timbre: `en-gb` ignores every one, `en` is the same language and does not.
fn with(language: &str, timbre: &str) -> String {
    format!("{}+{timbre}", if language == "en-gb" { "en" } else { language })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::panel::voicing::SEATS;
    use crate::voice::espeak::check;

    fn seats() -> Vec<Voicing> {
        (0..SEATS).map(Voicing::of_seat).collect()
    }

    fn distinct(variants: &[String]) -> bool {
        variants.iter().all(|one| check(one).is_ok() && variants.iter().filter(|other| *other == one).count() == 1)
    }

    #[test]
    fn every_panelist_has_their_own_variant() {
        let own: Vec<String> = seats().into_iter().map(|voicing| voicing.espeak).collect();
        assert_eq!(variants(&seats(), None), own);
        assert!(distinct(&own));
    }

    #[test]
    fn a_language_that_was_chosen_is_spoken_by_all_in_their_own_timbres() {
        let chosen = variants(&seats(), Some("en-us"));
        assert!(distinct(&chosen) && chosen.iter().all(|variant| variant.starts_with("en-us+")), "{chosen:?}");
        assert_eq!(chosen[1], "en-us+m7");
        assert!(variants(&seats(), Some("en-gb")).iter().all(|variant| variant.starts_with("en+")));
    }

    #[test]
    fn panelists_who_ask_for_the_same_get_another_of_their_gender() {
        let mut panel = seats();
        for voicing in &mut panel {
            voicing.espeak = "en-gb".to_owned();
        }
        let chosen = variants(&panel, None);
        assert_eq!(chosen, ["en-gb", "en+m8", "en+f1", "en+m7", "en+ed", "en+f5"]);
        assert!(variants(&vec![panel[0].clone(); 40], None).len() == 40, "and the last of a crowd what they ask for");
    }
}
