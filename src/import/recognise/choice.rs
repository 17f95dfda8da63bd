//! Which of a document's pieces are its questions.

use super::asks::{Asks, MOST_WORDS, ends_asking, is_whole, requests, words_up_to};
use super::doubt::{remarks, shown};
use super::furniture::is_around;
use super::loose;
use super::mark::{Label, Style};
use super::piece::Piece;
use super::series::{self, Numbered};
use super::title;
use crate::import::block::Kind;
use crate::import::outline::Remark;

/// The questions among the pieces.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Whether each piece is a question.
    pub is_question: Vec<bool>,
    /// The level of the headings that are questions, where they are headings.
    pub level: Option<u8>,
    /// What is not certain.
    pub unsure: Vec<Remark>,
}

/// The most words of a question that nothing but its question mark shows to be one.
const MOST_UNMARKED: usize = 70;

/// A way in which documents set their questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// "Q:", "Question 3:"
    Labels,
    /// Numbers that go on.
    Numbers,
    /// What is seen of something folded away.
    Summaries,
    /// Headings of one level.
    Headings(u8),
    /// Paragraphs in bold.
    Bold,
    /// Items of lists.
    Items,
    /// Paragraphs.
    Paragraphs,
    /// Links, where there is nothing else.
    Links,
}

/// The ways, the surest first.
const WAYS: [Way; 12] = [
    Way::Labels,
    Way::Numbers,
    Way::Summaries,
    Way::Headings(1),
    Way::Headings(2),
    Way::Headings(3),
    Way::Headings(4),
    Way::Headings(5),
    Way::Headings(6),
    Way::Bold,
    Way::Items,
    Way::Paragraphs,
];

/// Chooses the questions: those that most of the document sets alike, and then, where a part has none of them, those of
/// that part.
pub(super) fn choose(pieces: &[Piece]) -> Choice {
    let mut choice = Choice { is_question: vec![false; pieces.len()], ..Choice::default() };
    let (way, places) = main(pieces);
    for place in &places {
        choice.is_question[*place] = true;
    }
    choice.level = match way {
        Way::Headings(level) => Some(level),
        _ => common_level(pieces, &places),
    };
    if let Way::Headings(level) = way {
        quiet_headings(pieces, level, &mut choice);
    }
    plain_signs(pieces, way, &mut choice);
    parts(pieces, 0, way, &mut choice);
    bare_lists(pieces, &mut choice);
    remarks(pieces, way, &mut choice);
    choice
}

/// The way in which a document, or a part of it, sets its questions, and these.
fn main(pieces: &[Piece]) -> (Way, Vec<usize>) {
    let row = row(pieces);
    let found: Vec<(Way, Vec<usize>)> = WAYS.into_iter().map(|way| (way, by(way, pieces, &row))).collect();
    let most = found.iter().map(|(_, places)| places.len()).max().unwrap_or(0);
    let enough = |places: &Vec<usize>| !places.is_empty() && places.len() * 5 >= most;
    if let Some((way, mut places)) = found.into_iter().find(|(_, places)| enough(places)) {
        if way == Way::Summaries {
            places.extend(beside_summaries(pieces));
            places.sort_unstable();
        }
        return (way, places);
    }
    // Where links hold all there is, they are what was meant.
    let links = by(Way::Links, pieces, &row);
    if !links.is_empty() {
        return (Way::Links, links);
    }
    // Nothing asks anything: numbers alone may still make questions.
    (Way::Numbers, if row.1.len() >= 2 { row.1 } else { Vec::new() })
}

/// The items of lists that ask, beside a table or a list whose answers are folded away.
fn beside_summaries(pieces: &[Piece]) -> Vec<usize> {
    let items = by(Way::Items, pieces, &(0.0, Vec::new()));
    let behind = |place: &usize| {
        place.checked_sub(1).is_some_and(|before| pieces[before].folded || pieces[before].kind == Kind::Summary)
    };
    if items.len() >= 2 || items.iter().any(behind) { items } else { Vec::new() }
}

/// Which pieces are summaries of a run of them, most of which ask: a row of a table that says its question in a word.
fn among_asking(pieces: &[Piece]) -> Vec<bool> {
    let mut among = vec![false; pieces.len()];
    let mut at = 0;
    while at < pieces.len() {
        let start = at;
        let (mut all, mut asked) = (0, 0);
        while at < pieces.len() && (pieces[at].kind == Kind::Summary || at > start && pieces[at].folded) {
            let summary = usize::from(pieces[at].kind == Kind::Summary);
            all += summary;
            asked += summary * usize::from(pieces[at].asks != Asks::No);
            at += 1;
        }
        if all > 0 && asked * 2 >= all {
            among[start..at].fill(true);
        }
        at = at.max(start + 1);
    }
    among
}

/// The level of the headings that all these are.
fn common_level(pieces: &[Piece], places: &[usize]) -> Option<u8> {
    let level = pieces[*places.first()?].level()?;
    places.iter().all(|place| pieces[*place].level() == Some(level)).then_some(level)
}

/// What a form shows to be a question, whatever the others look like: a label, something folded away below it, bold.
fn plain_signs(pieces: &[Piece], way: Way, choice: &mut Choice) {
    let Some(first) = choice.is_question.iter().position(|is| *is) else { return };
    let among = among_asking(pieces);
    for (place, piece) in pieces.iter().enumerate() {
        if choice.is_question[place] || piece.furniture.is_some() || piece.label.is_some() || piece.folded {
            continue;
        }
        let labelled = piece.mark.is_some_and(|mark| mark.style == Style::Label);
        let summary = piece.kind == Kind::Summary
            && (piece.asks != Asks::No
                || among[place] && pieces.get(place + 1).is_some_and(|next| next.folded && next.kind != Kind::Summary));
        let bold = piece.bold
            && place > first
            && piece.mark.is_none()
            && piece.asks == Asks::Question
            && is_whole(&piece.text)
            && piece.level().is_none();
        if labelled && way != Way::Links || summary {
            choice.is_question[place] = true;
        } else if bold {
            choice.is_question[place] = true;
            let text = format!("taken for a question because it is bold and asks: {}", shown(&piece.text));
            choice.unsure.push(Remark { line: piece.line, text });
        }
    }
}

/// Goes through the parts of a document below its headings; one that has no question yet may set its own otherwise.
fn parts(pieces: &[Piece], offset: usize, way: Way, choice: &mut Choice) {
    let heading = |place: usize| pieces[place].level().filter(|_| !choice.is_question[offset + place]);
    // The first is the title.
    let Some(level) = (1..pieces.len()).filter_map(heading).min() else { return };
    let starts: Vec<usize> = (0..pieces.len()).filter(|place| heading(*place) == Some(level)).collect();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(pieces.len());
        let part = &pieces[start + 1..end];
        let from = offset + start + 1;
        let title = &pieces[*start].text;
        let answers = choice.level.is_some_and(|asked| level > asked);
        if part.is_empty()
            || answers
            || title::is_aside(title)
            || title::is_advice(title)
            || pieces[*start].label.is_some()
        {
            continue;
        }
        if !choice.is_question[from..from + part.len()].iter().any(|is| *is) {
            let (found, places) = main(part);
            let weak = matches!(found, Way::Items | Way::Paragraphs | Way::Links)
                || found == Way::Numbers && !places.iter().any(|place| part[*place].asks != Asks::No);
            // Beside questions that are set clearly, a loose one counts only below a heading that promises questions.
            if found == Way::Links
                || weak
                    && way != found
                    && !(places.len() >= 2 && (title::names_section(title) || places.len() == part.len()))
            {
                parts(part, from, way, choice);
                continue;
            }
            for place in &places {
                choice.is_question[from + place] = true;
            }
            if weak && way != found && !places.is_empty() {
                let text = format!("{} questions below “{title}” are set otherwise than the others", places.len());
                choice.unsure.push(Remark { line: part[places[0]].line, text });
            }
        }
        parts(part, from, way, choice);
    }
}

/// The row of numbers that holds together best, with the share of it that asks something.
fn row(pieces: &[Piece]) -> (f64, Vec<usize>) {
    let listed = listed(pieces);
    let numbered = |(place, piece): (usize, &Piece)| {
        let mark = piece.mark.filter(|mark| mark.number > 0 && mark.style != Style::Label)?;
        let long = words_up_to(&piece.text, MOST_WORDS + 1) > MOST_WORDS;
        if piece.kind == Kind::Link || piece.folded || long && !piece.text.contains('?') {
            return None;
        }
        let before = place.checked_sub(1).map(|before| &pieces[before]);
        let after_heading = before.is_none_or(|before| {
            before.level().is_some()
                || (before.asks == Asks::No && title::is_heading(&before.text) && title::is_strong(&before.text))
        });
        let after_colon = before.is_some_and(|before| before.text.ends_with(':'));
        let asks = if asked_inline(piece) { Asks::Question } else { piece.asks };
        let before_one = pieces.get(place + 1).is_some_and(|next| next.mark.is_some_and(|mark| mark.number == 1));
        let listed = listed[place] || asks == Asks::No && before_one;
        Some(Numbered {
            place,
            number: mark.number,
            key: (mark.style, piece.place()),
            asks,
            after_heading,
            after_colon,
            listed,
        })
    };
    let numbered: Vec<Numbered> = pieces.iter().enumerate().filter_map(numbered).collect();
    let row = out_of_order(&numbered, series::row(&numbered));
    let asking = row.iter().filter(|place| pieces[**place].asks != Asks::No || asked_inline(&pieces[**place])).count();
    (asking as f64 / row.len().max(1) as f64, row)
}

/// Whether the numbers of a row hold what is asked: they go on without a gap from 1, in one kind, something stands
/// between them, and hardly anything asks that is not in the row.
fn hold_all(pieces: &[Piece], row: &[usize]) -> bool {
    let key = |place: &usize| pieces[*place].mark.map(|mark| (mark.style, pieces[*place].place()));
    let in_order = row.iter().zip(1..).all(|(place, number)| {
        pieces[*place].mark.is_some_and(|mark| mark.number == number) && key(place) == key(&row[0])
    });
    let parted = row.windows(2).all(|pair| pair[1] > pair[0] + 1);
    let asking = pieces.iter().filter(|piece| piece.mark.is_none() && is_whole(&piece.text)).count();
    in_order && parted && row.len() >= 2 && asking * 3 <= row.len()
}

/// The numbers that a row leaves out only because they are in no order, where all of the numbers are there once.
fn out_of_order(numbered: &[Numbered], row: Vec<usize>) -> Vec<usize> {
    let Some((key, _)) = series::leading(numbered) else { return row };
    let alike: Vec<&Numbered> = numbered.iter().filter(|each| each.key == key && !each.listed).collect();
    let asking = alike.iter().filter(|each| each.asks != Asks::No).count();
    let mut numbers: Vec<u32> = alike.iter().map(|each| each.number).collect();
    numbers.sort_unstable();
    let once = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let near = numbers.windows(2).filter(|pair| pair[1] - pair[0] <= 2).count();
    if alike.len() <= row.len() || !once || asking * 5 < alike.len() * 3 || near + 1 < numbers.len() {
        return row;
    }
    let mut all: Vec<usize> = row.into_iter().chain(alike.iter().map(|each| each.place)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Which pieces are of a row of numbers that begins at 1 and has nothing between its numbers: a list, where it asks
/// nothing or a colon leads to it.
fn listed(pieces: &[Piece]) -> Vec<bool> {
    let mut listed = vec![false; pieces.len()];
    let mut led = false;
    // Before anything is asked there is no answer to hold a list: "Here is what they asked:"
    let first = pieces.iter().position(|piece| piece.asks != Asks::No).unwrap_or(pieces.len());
    let number = |piece: &Piece| piece.mark.map_or(0, |mark| mark.number);
    let quiet = |piece: &Piece| if piece.asks == Asks::No { number(piece) } else { 0 };
    for place in 0..pieces.len() {
        let own = number(&pieces[place]);
        let before = place.checked_sub(1).map(|before| &pieces[before]);
        if own == 1 {
            led = place > first
                && before.is_some_and(|before| before.text.ends_with(':') && !title::names_section(&before.text));
            listed[place] =
                led || quiet(&pieces[place]) == 1 && pieces.get(place + 1).is_some_and(|next| quiet(next) == 2);
        } else if let Some(before) = before.filter(|before| own > 1 && number(before) + 1 == own) {
            let both = quiet(&pieces[place]) > 0 && quiet(before) > 0;
            listed[place] = listed[place - 1] && (led || both);
        }
    }
    listed
}

/// Whether a question and its answer stand in one piece.
pub(super) fn asked_inline(piece: &Piece) -> bool {
    piece.asks == Asks::No && piece.mark.is_some() && split(&piece.text).is_some()
}

/// A question and the answer that a dash parts from it: "Why us? – Because of the tea."
pub(super) fn dashed(text: &str) -> Option<(&str, &str)> {
    let end = text.find(['?', '？'])?;
    let end = end + text[end..].chars().next().map_or(1, char::len_utf8);
    let answer = text[end..].trim_start().strip_prefix(['-', '–', '—'])?;
    let answer = answer.strip_prefix(' ')?.trim_start();
    (!answer.is_empty() && !answer.contains('?')).then_some((text[..end].trim(), answer))
}

/// A question and the answer behind it in the same text.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    for label in [" Answer:", " A:", " Ans:", " Sample answer:", " Sample Answer:"] {
        // With a "B:" behind it, "A:" is one of several to choose from.
        if let Some(at) = text.find(label).filter(|at| !text[at + label.len()..].contains(" B:")) {
            return Some((text[..at].trim_end(), text[at + label.len()..].trim_start()))
                .filter(|(asked, _)| !asked.is_empty());
        }
    }
    let at = text.find(['?', '？'])?;
    let mut end = at + text[at..].chars().next().map_or(1, char::len_utf8);
    end += text[end..].len() - text[end..].trim_start_matches(['”', '"', '\'', ')', '?', '!', '*']).len();
    // "What went well? And what did not? …": all that asks belongs together.
    while let Some(next) = text[end..].find(['?', '？']) {
        let next = end + next;
        let sentence = text[end..next].trim();
        if sentence.contains(". ") || words_up_to(sentence, 31) > 30 {
            break;
        }
        end = next + text[next..].chars().next().map_or(1, char::len_utf8);
    }
    let (asked, answer) = text.split_at(end);
    let answer = answer.trim_start_matches(|c: char| c.is_whitespace() || "-–—:*".contains(c));
    let asked_enough = words_up_to(asked, MOST_WORDS + 1) <= MOST_WORDS;
    (asked_enough && words_up_to(answer, 9) > 8 && !requests(answer)).then_some((asked.trim(), answer))
}

/// The pieces that are questions if the document sets them in this way.
fn by(way: Way, pieces: &[Piece], row: &(f64, Vec<usize>)) -> Vec<usize> {
    let among = |is_one: &dyn Fn(&Piece) -> bool| -> Vec<usize> {
        let places = pieces.iter().enumerate();
        places.filter(|(_, piece)| piece.furniture.is_none() && is_one(piece)).map(|(place, _)| place).collect()
    };
    // Most of those that are set so have to ask something, or they are something else.
    let mostly = |places: Vec<usize>, all: usize| if places.len() * 2 >= all { places } else { Vec::new() };
    let asking = |piece: &Piece| piece.asks != Asks::No && words_up_to(&piece.text, MOST_UNMARKED + 1) <= MOST_UNMARKED;
    match way {
        Way::Labels => {
            let places = among(&|piece| piece.mark.is_some_and(|mark| mark.style == Style::Label));
            let answered = pieces.iter().any(|piece| piece.label == Some(Label::Answer));
            let others = |piece: &&Piece| piece.mark.is_none() && piece.label.is_none() && ends_asking(&piece.text);
            let others = || pieces.iter().filter(others).count();
            if places.len() >= 2 || answered && others() <= 1 { places } else { Vec::new() }
        }
        Way::Numbers if row.0 >= 0.4 || row.0 > 0.0 && hold_all(pieces, &row.1) => row.1.clone(),
        Way::Numbers => Vec::new(),
        Way::Summaries => {
            let all = among(&|piece| piece.kind == Kind::Summary).len();
            mostly(among(&|piece| piece.kind == Kind::Summary && asking(piece)), all)
        }
        Way::Headings(level) => {
            // A title that asks is no question.
            let own = |piece: &Piece| {
                piece.level() == Some(level)
                    && (level > 1 || pieces.first().is_none_or(|first| first.line != piece.line))
            };
            let asked = among(&|piece| own(piece) && asking(piece) && !is_around(&piece.text));
            let marked = asked.iter().filter(|place| pieces[**place].asks == Asks::Question).count();
            let all = among(&|piece| own(piece) && !title::is_aside(&piece.text)).len();
            if marked >= 2 && marked * 3 >= all || marked * 2 > all && all > 0 { asked } else { Vec::new() }
        }
        Way::Bold => among(&|piece| {
            piece.bold
                && asking(piece)
                && matches!(piece.kind, Kind::Paragraph | Kind::Item { .. })
                && piece.label.is_none()
                && piece.asks == Asks::Question
        }),
        Way::Items => {
            let outer = |piece: &Piece| matches!(piece.kind, Kind::Item { depth: 0, .. }) && !piece.folded;
            let all = among(&|piece| outer(piece)).len();
            let asked = mostly(among(&|piece| outer(piece) && asking(piece) && piece.label.is_none()), all);
            if asked.is_empty() { asked } else { loose::items(pieces, outer, asked) }
        }
        Way::Paragraphs => loose::paragraphs(pieces, &asking),
        Way::Links => among(&|piece| piece.kind == Kind::Link && asking(piece)),
    }
}

/// Headings among headings that ask, without a question mark: "Biggest weakness".
fn quiet_headings(pieces: &[Piece], level: u8, choice: &mut Choice) {
    let asked = choice.is_question.iter().filter(|is| **is).count();
    let first = choice.is_question.iter().position(|is| *is).unwrap_or(pieces.len());
    let of_level = pieces.iter().filter(|piece| piece.level() == Some(level)).count();
    if asked * 3 < of_level * 2 {
        return;
    }
    for (place, piece) in pieces.iter().enumerate().skip(first) {
        let next = pieces.get(place + 1);
        let answered = next.is_some_and(|next| next.level().is_none_or(|next| next > level));
        let asks_more = pieces[place + 1..].iter().take(40).any(|later| later.level() == Some(level));
        let fits = piece.level() == Some(level) && piece.furniture.is_none() && piece.label.is_none();
        if fits
            && !choice.is_question[place]
            && answered
            && asks_more
            && !title::is_aside(&piece.text)
            && !title::names_section(&piece.text)
        {
            choice.is_question[place] = true;
        }
    }
}

/// Lists of questions without any of the marks that the others have: "Bonus questions" with bullets below.
fn bare_lists(pieces: &[Piece], choice: &mut Choice) {
    let mut at = 0;
    while at < pieces.len() {
        let start = at;
        let is_bare = |piece: &Piece| {
            piece.asks == Asks::Question
                && piece.furniture.is_none()
                && piece.label.is_none()
                && !piece.folded
                && piece.kind != Kind::Link
                && words_up_to(&piece.text, MOST_UNMARKED + 1) <= MOST_UNMARKED
                && is_whole(&piece.text)
        };
        while at < pieces.len() && !choice.is_question[at] && is_bare(&pieces[at]) {
            at += 1;
        }
        let promises = |before: &Piece| {
            let marked =
                before.level().is_some() || title::is_heading(&before.text) && title::names_section(&before.text);
            marked && !title::is_aside(&before.text)
        };
        let listed = at - start >= 2
            && start > 0
            && !choice.is_question[start - 1]
            && promises(&pieces[start - 1])
            && choice.is_question.iter().any(|is| *is);
        if listed {
            for place in start..at {
                choice.is_question[place] = true;
            }
            let text = format!(
                "{} lines are taken for questions because they ask, though they are not set as the others are",
                at - start
            );
            choice.unsure.push(Remark { line: pieces[start].line, text });
        }
        at = at.max(start) + usize::from(at == start);
    }
}
