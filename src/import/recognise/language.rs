//! In which language a document is written, where that is plain.

use crate::import::block::Block;

/// So many words are read.
const READ: usize = 2_000;
/// So many of the words that tell a language are wanted at least.
const LEAST: usize = 5;

/// Small words that each of these languages has for itself, or nearly.
const LANGUAGES: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "the", "and", "you", "your", "is", "of", "to", "what", "how", "with", "that", "have", "for", "was", "are",
            "about", "would", "why", "it", "my",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "qué", "por", "usted", "su", "una", "cómo", "cuál", "es", "y", "con", "del", "para",
            "porque", "muy", "está", "sus", "soy", "quiere", "dónde", "pero",
        ],
    ),
    (
        "fr",
        &[
            "le", "les", "des", "est", "vous", "votre", "vos", "pour", "dans", "une", "et", "je", "du", "avec",
            "pourquoi", "quel", "quelle", "êtes", "où", "suis", "mais", "parce", "nous",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "sie", "ich", "nicht", "wie", "was", "mit", "ein", "eine", "ihre",
            "ihr", "warum", "für", "zu", "von", "einem", "wegen", "auf", "uns",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "você", "não", "uma", "um", "por", "seu", "sua", "é", "com", "do", "da", "para", "como",
            "porque", "em", "foi", "são", "qual", "mas", "você",
        ],
    ),
    (
        "it",
        &[
            "il", "lo", "gli", "di", "che", "è", "un", "una", "perché", "come", "con", "del", "della", "sono", "per",
            "lei", "suo", "sua", "non", "quale", "nel", "ho", "ma",
        ],
    ),
];

/// The language as a BCP 47 tag; `None` where it is English or not plain.
pub(super) fn language(blocks: &[Block]) -> Option<String> {
    let mut counts = [0_usize; LANGUAGES.len()];
    let mut all = 0;
    let words = blocks.iter().flat_map(|block| block.text.split(|c: char| !c.is_alphabetic()));
    for word in words.filter(|word| !word.is_empty()).take(READ) {
        all += 1;
        let lower = word.to_lowercase();
        for (count, (_, known)) in counts.iter_mut().zip(&LANGUAGES) {
            *count += usize::from(known.contains(&lower.as_str()));
        }
    }
    let (place, most) = counts.iter().copied().enumerate().max_by_key(|(_, count)| *count)?;
    let next = counts.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, count)| *count).max()?;
    let plain = most >= LEAST && most * 2 >= next * 3 && most * 100 >= all * 15;
    (plain && place > 0).then(|| LANGUAGES[place].0.to_owned())
}
