//! Bytes of a file somebody saved, as text whose lines are numbered as an editor numbers them.
//!
//! It knows encodings and what is no text at all; what stands in the text is not its concern.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 8 << 20;

/// How much of a file says how it is encoded, in bytes.
const HEAD: usize = 4_096;

/// So many characters that no text has make no noise of the shortest one.
const FEW: usize = 2;

/// A text, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; its lines end in `\n`, whatever they ended in.
    pub text: String,
    /// The name of its encoding.
    pub encoding: &'static str,
    /// The line of the first character that could not be read, where there is one.
    pub broken: Option<usize>,
}

/// Why a file is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Nothing is in it.
    #[error("it is empty")]
    Empty,
    /// It is too large.
    #[error("it is larger than {} MiB: make it several files", LARGEST >> 20)]
    TooLarge,
    /// It is of a known kind that is no text.
    #[error("it is {kind}: {remedy}")]
    Kind {
        /// What it is.
        kind: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// It is something else that is no text.
    #[error("it is not a text file: save the questions as text, Markdown, HTML, CSV or JSON first")]
    Binary,
}

const AS_TEXT: &str = "save it as text or HTML first";
const AS_PAGE: &str = "save the page as HTML first (“Web page, HTML only”)";
const AS_TABLE: &str = "save it as text, HTML or CSV first";
const NO_QUESTIONS: &str = "give it a file of text with questions in it";

/// How files begin that are no text, what they are, and what to do about it.
const KINDS: [(&[u8], &str, &str); 17] = [
    (b"%PDF", "a PDF", AS_TEXT),
    (b"PK\x03\x04", "a zip file, which is what DOCX, XLSX, ODT, PAGES, EPUB and APKG are", AS_TABLE),
    (b"bplist00", "a web archive", AS_PAGE),
    (b"\xD0\xCF\x11\xE0", "an old Office file", AS_TABLE),
    (b"{\\rtf", "an RTF file", AS_TEXT),
    (b"SQLite format 3", "a database", "export it as text first"),
    (b"\x1F\x8B", "a compressed file", "unpack it first"),
    (b"BZh", "a compressed file", "unpack it first"),
    (b"\xFD7zXZ", "a compressed file", "unpack it first"),
    (b"7z\xBC\xAF", "a compressed file", "unpack it first"),
    (b"\x89PNG", "a picture", NO_QUESTIONS),
    (b"GIF8", "a picture", NO_QUESTIONS),
    (b"\xFF\xD8\xFF", "a picture", NO_QUESTIONS),
    (b"RIFF", "a recording or a picture", NO_QUESTIONS),
    (b"ID3", "a recording", NO_QUESTIONS),
    (b"OggS", "a recording", NO_QUESTIONS),
    (b"\x7FELF", "a program", NO_QUESTIONS),
];

/// Reads bytes as text.
///
/// A byte order mark decides; else UTF-16 is told by its NULs, UTF-8 by being valid, another encoding by what the file
/// says of itself, and what is left is Windows-1252.
///
/// # Errors
/// Where there is nothing, too much, or no text.
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    if bytes.len() > LARGEST {
        return Err(DecodeError::TooLarge);
    }
    if let Some((_, kind, remedy)) = KINDS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(DecodeError::Kind { kind, remedy });
    }
    if is_archive(bytes) {
        return Err(DecodeError::Kind { kind: "a web archive (MHTML) or an e-mail with its parts", remedy: AS_PAGE });
    }
    let (encoding, start) =
        Encoding::for_bom(bytes).or_else(|| sixteen(bytes).map(|found| (found, 0))).unwrap_or((UTF_8, 0));
    let body = &bytes[start..];
    let (encoding, text) = match encoding {
        encoding if encoding != UTF_8 => (encoding, encoding.decode_without_bom_handling(body).0),
        _ => match std::str::from_utf8(body) {
            Ok(text) => (UTF_8, text.into()),
            Err(_) if mostly_utf8(body) => (UTF_8, UTF_8.decode_without_bom_handling(body).0),
            Err(_) => {
                let encoding = declared(body).unwrap_or(WINDOWS_1252);
                (encoding, encoding.decode_without_bom_handling(body).0)
            }
        },
    };
    if text.contains('\0') || is_noise(&text) {
        return Err(DecodeError::Binary);
    }
    let text = one_line_end(&text);
    if text.trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    let broken = text.find('\u{fffd}').map(|at| 1 + text[..at].bytes().filter(|byte| *byte == b'\n').count());
    Ok(Decoded { text, encoding: encoding.name(), broken })
}

/// UTF-16 without a mark: NULs stand in one half of the pairs, as in every text with spaces and line ends, and nowhere
/// in the other.
fn sixteen(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() % 2 == 1 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in bytes[..bytes.len().min(HEAD)].chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let pairs = bytes.len().min(HEAD) / 2;
    match (even, odd) {
        (0, odd) if odd * 20 >= pairs.max(1) => Some(UTF_16LE),
        (even, 0) if even * 20 >= pairs.max(1) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether these are the headers of several files in one: browsers save pages so, and mail programs letters.
fn is_archive(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let header =
        |name: &str| head.lines().take_while(|line| !line.trim().is_empty()).any(|line| line.starts_with(name));
    header("mime-version:") && head.contains("multipart/")
}

/// Whether the text is UTF-8 but for a few torn characters.
///
/// Letters of another encoding are hardly ever whole characters of UTF-8 by chance.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad
}

/// The encoding that an HTML or XML file says it has.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let at = head.find("charset=").map(|at| at + 8).or_else(|| head.find("encoding=").map(|at| at + 9))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c))).unwrap_or(label.len());
    // Bytes that stand for UTF-16 were told before by their NULs.
    Encoding::for_label(&label.as_bytes()[..end]).filter(|found| *found != UTF_8 && found.is_ascii_compatible())
}

/// Whether more control characters stand in it than a text has, or more that could not be read.
fn is_noise(text: &str) -> bool {
    let (mut all, mut controls, mut unread) = (0, 0, 0);
    for c in text.chars() {
        all += 1;
        controls += usize::from(c.is_control() && !"\t\n\r\u{b}\u{c}\u{85}".contains(c));
        unread += usize::from(c == '\u{fffd}');
    }
    controls > FEW && controls * 50 > all || unread > FEW && unread * 8 > all
}

/// CRLF and lone CR become LF.
fn one_line_end(text: &str) -> String {
    if !text.contains('\r') {
        return text.to_owned();
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes).unwrap_or_else(|error| panic!("{error}"));
        (decoded.text, decoded.encoding)
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_in_the_wild_gives_the_same_text() {
        let said = "1. What’s a naïve café – and why?\n";
        let mut marked = b"\xEF\xBB\xBF".to_vec();
        marked.extend(said.as_bytes());
        assert_eq!(text(said.as_bytes()), (said.into(), "UTF-8"));
        assert_eq!(text(&marked), (said.into(), "UTF-8"));
        for mark in [true, false] {
            assert_eq!(text(&utf16(said, false, mark)), (said.into(), "UTF-16LE"));
            assert_eq!(text(&utf16(said, true, mark)), (said.into(), "UTF-16BE"));
        }
        assert_eq!(text(b"1. What\x92s a na\xEFve caf\xE9 \x96 and why?\n"), (said.into(), "windows-1252"));
    }

    #[test]
    fn utf16_of_another_script_is_known_without_a_mark() {
        let said = "Как вы решаете конфликты в команде?\nРасскажите о себе.\n";
        assert_eq!(text(&utf16(said, false, false)), (said.into(), "UTF-16LE"));
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_names() {
        let page = b"<html><meta charset=\"iso-8859-2\"><p>\xB3\xF3d\xBC?</p>";
        assert!(text(page).0.contains("łódź?"), "{:?}", text(page));
    }

    #[test]
    fn one_torn_character_does_not_make_mojibake_of_a_text() {
        let mut bytes = "“é” ".repeat(20).into_bytes();
        bytes.extend(b"\n\xE2\x80 and on\n");
        let decoded = decode(&bytes).unwrap();
        assert_eq!((decoded.encoding, decoded.broken), ("UTF-8", Some(2)));
        assert!(decoded.text.contains("“é”"));
    }

    #[test]
    fn a_short_text_with_one_torn_character_is_utf8_too() {
        let decoded = decode(b"1. Why the caf\xC3\xA9?\nIt is na\xC3\xAFve.\n2. Why \xE2\x80?\n").unwrap();
        assert_eq!((decoded.encoding, decoded.broken), ("UTF-8", Some(3)));
        assert!(decoded.text.contains("café") && decoded.text.contains("naïve"));
        assert_eq!(text(b"caf\xE9, na\xEFve, \x93so\x94\n").1, "windows-1252");
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(text(format!("a{end}{end}b{end}").as_bytes()).0, "a\n\nb\n");
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_a_remedy() {
        for (bytes, word) in [
            (&b"%PDF-1.7 \x00"[..], "save it as text"),
            (b"PK\x03\x04\x14\x00", "DOCX"),
            (b"{\\rtf1\\ansi 1. Why?}", "RTF"),
            (
                b"From: <Saved by a browser>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n<p>1. Why?",
                "as HTML",
            ),
            (b"a\x00b", "not a text file"),
            (b"\x00\x00\x00\x00", "not a text file"),
            (b"", "empty"),
            (b"\xEF\xBB\xBF \n\t\n", "empty"),
            (b"\x01\x02\x03\x04\x05", "not a text file"),
        ] {
            let said = decode(bytes).unwrap_err().to_string();
            assert!(said.contains(word), "{bytes:?}: {said}");
        }
        assert_eq!(decode(&vec![b'a'; LARGEST + 1]), Err(DecodeError::TooLarge));
    }
}
