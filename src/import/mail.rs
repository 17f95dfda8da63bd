//! What a mail puts around what was written: its head, the marks of a quotation, a signature.
//!
//! It looks at lines only, and knows nothing of questions.

/// What of a text is a mail's.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mail {
    /// Most lines are quoted.
    quoted: bool,
    /// So many lines at the beginning are the head.
    pub(super) head: usize,
    /// The line of the subject, from 0.
    pub(super) subject: Option<usize>,
    /// From this line on, from 0, stands a signature.
    pub(super) signature: usize,
}

/// A signature has no more lines than this.
const LONGEST_SIGNATURE: usize = 10;

/// The lines of a mail's head, by how they begin.
const HEADS: [&str; 10] =
    ["from:", "to:", "cc:", "bcc:", "subject:", "date:", "sent:", "reply-to:", "message-id:", "received:"];

impl Mail {
    /// Reads the lines of a text.
    pub(super) fn of(raw: &[&str]) -> Mail {
        let mut mail = Mail { signature: raw.len(), ..Mail::default() };
        let first = raw.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
        let is_head = |line: &&&str| {
            let start = line.get(..line.len().min(12)).unwrap_or_default().to_ascii_lowercase();
            HEADS.iter().any(|head| start.starts_with(head))
        };
        let heads = raw[first..].iter().take_while(is_head).count();
        if heads >= 2 {
            mail.head = first + heads;
            let subject = |line: &&str| line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("subject:"));
            mail.subject = raw[..mail.head].iter().position(subject);
        }
        let (mut all, mut quoted) = (0, 0);
        for line in raw[mail.head..].iter().filter(|line| !line.trim().is_empty()) {
            all += 1;
            quoted += usize::from(line.starts_with('>'));
        }
        // Somebody's own words above and below a quotation are few.
        mail.quoted = quoted >= 2 && quoted * 5 >= all * 4;
        if let Some(parted) = raw.iter().rposition(|line| mail.bare(line).trim_end() == "--")
            && parted > mail.head
            && raw[parted + 1..].iter().filter(|line| !mail.bare(line).trim().is_empty()).count() <= LONGEST_SIGNATURE
        {
            mail.signature = parted;
        }
        mail
    }

    /// A line without the marks of a quotation.
    pub(super) fn bare<'t>(&self, line: &'t str) -> &'t str {
        let mut bare = line;
        while let Some(inner) = bare.strip_prefix('>').filter(|_| self.quoted) {
            bare = inner.strip_prefix(' ').unwrap_or(inner);
        }
        bare
    }
}

/// What a mail is about, without "Fwd:" and the like before it.
pub(super) fn subject(line: &str) -> &str {
    let mut text = line.split_once(':').map_or("", |(_, text)| text).trim();
    for _ in 0..8 {
        let Some((start, rest)) = text.split_once(':') else { break };
        if !["re", "fw", "fwd", "aw", "wg", "rv", "tr"].contains(&start.trim().to_ascii_lowercase().as_str()) {
            break;
        }
        text = rest.trim();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_known_by_its_head_its_quotation_and_its_signature() {
        let text = "From: A\nSubject: Fwd: Re: Bread\n\n> 1. Why rye?\n> > It keeps.\n>\n> --\n> A. Baker\n";
        let raw: Vec<&str> = text.split('\n').collect();
        let mail = Mail::of(&raw);
        assert_eq!((mail.head, mail.subject, mail.signature), (2, Some(1), 6));
        assert_eq!((mail.bare(raw[3]), mail.bare(raw[4])), ("1. Why rye?", "It keeps."));
        assert_eq!(subject(raw[1]), "Bread");
    }

    #[test]
    fn a_text_with_a_quotation_in_it_is_no_mail() {
        let raw = ["From: here to there", "1. Why rye?", "> It keeps.", "--", "2. Why wheat?", "It rises."];
        let mail = Mail::of(&raw);
        assert_eq!((mail.head, mail.bare(raw[2])), (0, "> It keeps."));
        assert_eq!(Mail::of(&[]).signature, 0);
    }
}
