//! A text as Pico can be given it: the characters it knows, no markup, in pieces that its buffers hold.

/// The longest piece, in characters. Pico's tokens go through buffers of 255 bytes.
const PIECE: usize = 240;
/// The longest word, in characters; a longer one is spoken in parts.
const WORD: usize = 40;

/// Splits a text into pieces, at the ends of sentences where it can; none if there is nothing to be spoken.
pub fn pieces(text: &str) -> Vec<String> {
    let plain = known(text);
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut length = 0;
    for word in plain.split_whitespace().flat_map(parts) {
        let count = word.chars().count();
        if length + 1 + count > PIECE {
            finish(&mut pieces, &mut piece);
            length = 0;
        }
        if !piece.is_empty() {
            piece.push(' ');
            length += 1;
        }
        piece.push_str(word);
        length += count;
        if ends_sentence(word) {
            finish(&mut pieces, &mut piece);
            length = 0;
        }
    }
    finish(&mut pieces, &mut piece);
    pieces
}

/// Whether there is anything in the text that a voice would pronounce: a letter or a digit.
pub fn speakable(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn finish(pieces: &mut Vec<String>, piece: &mut String) {
    if speakable(piece) {
        pieces.push(std::mem::take(piece));
    } else {
        piece.clear();
    }
}

/// A word, or the parts of one that is too long.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(WORD).map_or(rest.len(), |(at, _)| at);
        let (part, later) = rest.split_at(end);
        rest = later;
        (!part.is_empty()).then_some(part)
    })
}

/// Whether a sentence ends with this word: not after an initial or an abbreviation such as `e.g.`.
fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['"', '\'', ')']);
    if bare.ends_with(['?', '!']) {
        return true;
    }
    let Some(stem) = bare.strip_suffix('.') else { return false };
    stem.chars().count() > 3 && !stem.contains('.')
}

/// The text in Latin-1 without Pico's markup; what has no counterpart there becomes a space.
fn known(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // `<` opens Pico's markup, which can read and write files; no text of ours needs it.
            '<' | '>' => out.push(' '),
            '&' => out.push_str(" and "),
            '\u{a0}'..='\u{ff}' | ' '..='~' => out.push(character),
            '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' | '‟' | '″' => out.push('"'),
            '‐' | '‑' | '−' => out.push('-'),
            '–' | '—' | '―' => out.push_str(", "),
            '…' => out.push_str("... "),
            '•' | '◦' => out.push_str(", "),
            '€' => out.push_str(" euro "),
            '™' => {}
            '→' => out.push_str(" to "),
            '≤' => out.push_str(" at most "),
            '≥' => out.push_str(" at least "),
            _ => match plain_letter(character) {
                Some(letter) => out.push(letter),
                None => out.push(' '),
            },
        }
    }
    out
}

/// The base letter of the accented Latin letters outside Latin-1 that occur in European names.
fn plain_letter(character: char) -> Option<char> {
    const TABLE: [(&str, char); 28] = [
        ("ĀĂĄ", 'A'),
        ("āăąǎ", 'a'),
        ("ĆĈĊČ", 'C'),
        ("ćĉċč", 'c'),
        ("ĎĐ", 'D'),
        ("ďđ", 'd'),
        ("ĒĔĖĘĚ", 'E'),
        ("ēĕėęě", 'e'),
        ("ĜĞĠĢ", 'G'),
        ("ĝğġģ", 'g'),
        ("ĪĬĮİ", 'I'),
        ("īĭįı", 'i'),
        ("ŁĹĻĽ", 'L'),
        ("łĺļľ", 'l'),
        ("ŃŅŇ", 'N'),
        ("ńņň", 'n'),
        ("ŌŎŐ", 'O'),
        ("ōŏő", 'o'),
        ("ŔŘ", 'R'),
        ("ŕř", 'r'),
        ("ŚŜŞŠȘ", 'S'),
        ("śŝşšș", 's'),
        ("ŢŤŦȚ", 'T'),
        ("ţťŧț", 't'),
        ("ŪŬŮŰŲ", 'U'),
        ("ūŭůűų", 'u'),
        ("ŹŻŽ", 'Z'),
        ("źżž", 'z'),
    ];
    TABLE.iter().find(|(letters, _)| letters.contains(character)).map(|&(_, letter)| letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_cannot_reach_pico() {
        for piece in pieces("Hello <play file='/etc/passwd'/> you &lt;break/&gt; </volume> end") {
            assert!(!piece.contains(['<', '>', '&', '\0']), "{piece}");
        }
    }

    #[test]
    fn a_text_is_split_at_the_ends_of_its_sentences() {
        assert_eq!(
            pieces("Tell me about Acme Inc. and e.g. its OKRs. Why? “Because.” Well…"),
            ["Tell me about Acme Inc. and e.g. its OKRs.", "Why?", "\"Because.\"", "Well..."]
        );
    }

    #[test]
    fn no_piece_outgrows_the_buffers_and_no_character_of_a_long_word_is_lost() {
        let long = "x".repeat(4_000);
        let all = pieces(&long);
        assert!(all.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(all.concat().replace(' ', ""), long);
    }

    #[test]
    fn typographic_signs_are_spoken_as_their_plain_forms_and_foreign_letters_as_their_base() {
        assert_eq!(pieces("It’s Łódź — naïve, 5 ≤ 7"), ["It's Lódz , naïve, 5 at most 7"]);
    }

    #[test]
    fn what_cannot_be_spoken_leaves_nothing() {
        assert_eq!(pieces("…!? -- 日本語 👍"), Vec::<String>::new());
        assert_eq!(pieces(""), Vec::<String>::new());
    }
}
