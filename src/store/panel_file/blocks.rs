//! The parts of a panel's session: what is asked in them, and whether all of it fits.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::super::entry::{At, Entry};
use super::super::flaw::quote;
use super::super::nearest::hint;
use super::super::sheet::Sheet;
use super::seconds_up;
use crate::interview::Bank;
use crate::interview::panel::{Block, Panel, needs, pool};
use crate::interview::time::show_duration;

const MOST_BLOCKS: usize = 24;
/// The most questions that a block may insist on.
const MOST_LEAST: u32 = 20;
const MOST_COUNT: u32 = 100;

/// What blocks may name.
pub(super) struct Known<'k, 'a> {
    /// The ids of the panelists, in their order.
    pub(super) ids: &'k [&'a str],
    /// The bank, where there is one.
    pub(super) bank: Option<&'k Bank>,
}

/// What is known of the blocks besides what the panel keeps, in their order.
#[derive(Default)]
pub(super) struct Notes {
    claims: Vec<Claim>,
    /// What a person would call each of them.
    names: Vec<String>,
    /// The byte where each of them begins.
    places: Vec<usize>,
    /// Whether each of them names only what there is, and has questions.
    pub(super) sound: bool,
    /// Whether the panelist of each of them is on the panel.
    pub(super) people_known: bool,
}

/// How much of the time a block asks for.
#[derive(Debug, Clone, Copy)]
enum Claim {
    /// So many percent, as is said at this byte.
    Share(At<u32>),
    /// What the most questions of the block take, as is said at this byte.
    Count(usize),
    /// A part of the rest as large as that of others.
    Rest,
}

/// Reads the blocks into the panel.
pub(super) fn read<'a>(sheet: &mut Sheet, root: &Entry<'a, '_>, known: &Known<'_, 'a>, panel: &mut Panel) -> Notes {
    let mut notes = Notes::default();
    let entries = root.entries(sheet, "block", "block");
    if entries.is_empty() && !root.has("block") {
        sheet.lack(root.at, "nobody asks anything: the panel needs at least one [[block]]");
    }
    if let Some(entry) = entries.get(MOST_BLOCKS) {
        sheet.flaw(entry.at, format!("too many blocks: {}, at most {MOST_BLOCKS}", entries.len()));
        return notes;
    }
    notes.sound = !entries.is_empty();
    notes.people_known = true;
    let mut named = HashMap::new();
    for entry in &entries {
        let who = entry.string_or_none("panelist");
        notes.people_known &= who.is_some_and(|who| known.ids.contains(&who));
        let (block, fine) = block(sheet, entry, known, &mut named);
        panel.blocks.push(block);
        notes.claims.push(claim(sheet, entry));
        notes.names.push(entry.what.clone());
        notes.places.push(entry.at);
        notes.sound &= fine;
    }
    let Some(bank) = known.bank.filter(|_| notes.sound) else {
        notes.sound = false;
        return notes;
    };
    for (place, entry) in entries.iter().enumerate() {
        let block = &panel.blocks[place];
        let found = pool::pool(panel, place, bank).len();
        if found == 0 {
            let message = format!("{} has no questions: {}", entry.what, why_none(block, bank));
            let key = if block.tags.is_empty() { "sections" } else { "tags" };
            sheet.lack(entry.place(key), message);
        } else if found < block.least {
            let (what, least) = (&entry.what, block.least);
            let message = format!(
                "{what} is to ask {least} questions at least and has only {found}: lower `least`, or name more \
                 questions, sections or tags"
            );
            sheet.lack(entry.place("least"), message);
        }
        notes.sound &= found >= block.least;
    }
    notes
}

/// Why the filters of a block let no question through.
fn why_none(block: &Block, bank: &Bank) -> String {
    let (sections, tags) = (block.sections.join(", "), block.tags.join(", "));
    match (block.sections.as_slice(), block.tags.as_slice()) {
        ([], _) => "other blocks name all that have its tags; name others".to_owned(),
        (_, []) => "other blocks name all of its sections; name others".to_owned(),
        (here, any) => {
            let both = |question: &&crate::interview::Question| {
                here.contains(&question.section) && any.iter().any(|tag| question.tags.contains(tag))
            };
            match bank.questions.iter().find(both) {
                Some(_) => "other blocks name all that pass both filters; name others".to_owned(),
                None => {
                    let mut there: Vec<&str> = bank
                        .questions
                        .iter()
                        .filter(|question| here.contains(&question.section))
                        .flat_map(|question| question.tags.iter().map(String::as_str))
                        .collect();
                    there.sort_unstable();
                    there.dedup();
                    let there: Vec<String> = there.into_iter().take(12).map(quote).collect();
                    let there = there.join(", ");
                    let (sections, tags) = (quote(&sections), quote(&tags));
                    format!("none of the section {sections} has the tag {tags}; there are {there}")
                }
            }
        }
    }
}

/// Reads a block, and says whether it names only what there is. `named` are the questions that blocks have named, each
/// with its byte.
fn block<'a>(
    sheet: &mut Sheet,
    entry: &Entry<'a, '_>,
    known: &Known<'_, 'a>,
    named: &mut HashMap<&'a str, usize>,
) -> (Block, bool) {
    entry.only(sheet, &["panelist", "share", "count", "least", "questions", "sections", "tags"]);
    let who = entry.needed(sheet, "panelist");
    let panelist = who.and_then(|who| known.ids.iter().position(|id| *id == who.value));
    if let (Some(who), None) = (who, panelist) {
        let message = format!("{} is on no seat of the panel: {}", quote(who.value), hint(who.value, known.ids));
        sheet.lack(who.at, message);
    }
    let most = entry.number(sheet, "count", 1..=MOST_COUNT);
    let least = entry.number(sheet, "least", 1..=MOST_LEAST);
    if let (Some(most), Some(least)) = (most, least)
        && least.value > most.value
    {
        let message =
            format!("`least` in {} is more than its `count`, {}: make one of them fit", entry.what, most.value);
        sheet.flaw(least.at, message);
    }
    let mut fine = panelist.is_some();
    let ids = |bank: &Bank| bank.questions.iter().map(|question| question.id.clone()).collect::<Vec<_>>();
    let questions = names(sheet, entry, "questions", "question", known.bank.map(ids), &mut fine);
    for At { at, value: id } in &questions {
        if let Some(first) = named.insert(id, *at) {
            let line = sheet.line(first);
            let message = format!("the question {} is asked on line {line} already: nothing is asked twice", quote(id));
            sheet.flaw(*at, message);
            fine = false;
        }
    }
    let ids = |bank: &Bank| bank.sections.iter().map(|section| section.id.clone()).collect::<Vec<_>>();
    let sections = names(sheet, entry, "sections", "section", known.bank.map(ids), &mut fine);
    let ids = |bank: &Bank| bank.tags().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let tags = names(sheet, entry, "tags", "tag", known.bank.map(ids), &mut fine);
    if ["questions", "sections", "tags"].iter().all(|key| !entry.has(key)) {
        let message = format!("{} asks nothing: name its `questions`, `sections` or `tags`", entry.what);
        sheet.lack(entry.at, message);
        fine = false;
    } else if questions.is_empty() && sections.is_empty() && tags.is_empty() {
        // Where some were named, each of them is told of already.
        if fine {
            let message =
                format!("{} asks nothing: its lists are empty; name a question, a section or a tag", entry.what);
            sheet.lack(entry.at, message);
        }
        fine = false;
    }
    let owned = |names: Vec<At<&str>>| -> Vec<String> {
        let mut seen = HashSet::new();
        names.into_iter().filter(|name| seen.insert(name.value)).map(|name| name.value.to_owned()).collect()
    };
    let block = Block {
        panelist: panelist.unwrap_or_default(),
        weight: 1,
        questions: owned(questions),
        sections: owned(sections),
        tags: owned(tags),
        least: least.map_or(1, |least| least.value as usize),
        most: most.map(|most| most.value as usize),
    };
    (block, fine)
}

/// The names of a list, each of which the bank has; `fine` becomes false where one is not.
fn names<'a>(
    sheet: &mut Sheet,
    entry: &Entry<'a, '_>,
    key: &str,
    what: &str,
    known: Option<Vec<String>>,
    fine: &mut bool,
) -> Vec<At<&'a str>> {
    let mut names = entry.strings(sheet, key);
    let Some(known) = known else { return names };
    let there: HashSet<&str> = known.iter().map(String::as_str).collect();
    let listed: Vec<&str> = known.iter().map(String::as_str).collect();
    names.retain(|name| {
        let is_there = there.contains(name.value);
        if !is_there && !sheet.has_enough() {
            let hint = hint(name.value, &listed);
            sheet.flaw(name.at, format!("unknown {what} {} in {}: {hint}", quote(name.value), entry.what));
        }
        *fine &= is_there;
        is_there
    });
    names
}

/// What a block says of its time; a share counts before a count, which then only says how many questions it has.
fn claim(sheet: &mut Sheet, entry: &Entry) -> Claim {
    match (entry.number(sheet, "share", 1..=100), entry.has("count")) {
        (Some(share), _) => Claim::Share(share),
        // The count itself was told of when the block was read, where it is none.
        (None, true) => Claim::Count(entry.place("count")),
        (None, false) => Claim::Rest,
    }
}

/// Notes what does not fit into the length, which stands at byte `at`, and gives each block its weight.
pub(super) fn fits(sheet: &mut Sheet, notes: &Notes, panel: &mut Panel, bank: &Bank, at: usize) {
    if let Err(starved) = pool::floors(panel, bank) {
        let least = match panel.blocks[starved.block].least {
            1 => "the one question".to_owned(),
            least => format!("the {least} questions"),
        };
        let found = match starved.found {
            0 => "none is".to_owned(),
            1 => "one is".to_owned(),
            found => format!("{found} are"),
        };
        let message = format!(
            "{} cannot have {least} that it asks at least: other blocks need the same ones, and {found} left for it; \
             name more questions, sections or tags",
            notes.names[starved.block]
        );
        sheet.lack(notes.places[starved.block], message);
    }
    let need = needs::least_length(panel, bank);
    if panel.length < need {
        let (length, need) = (show_duration(panel.length), seconds_up(need));
        let message = format!(
            "`length` is {length}, too short for this agenda: the opening, the least questions of each block with \
             answers of {}, and the closing take {need}; give it that, or ask less",
            show_duration(panel.shortest)
        );
        sheet.lack(at, message);
        return;
    }
    weigh(sheet, notes, panel, bank);
}

/// Gives each block its part of the time between opening and closing, in seconds.
fn weigh(sheet: &mut Sheet, notes: &Notes, panel: &mut Panel, bank: &Bank) {
    let middle = needs::middle(panel);
    let mut left = middle;
    let (mut percent, mut rest, mut last) = (0, Vec::new(), None);
    let mut weights = vec![Duration::ZERO; panel.blocks.len()];
    for (place, claim) in notes.claims.iter().enumerate() {
        let (time, at) = match *claim {
            Claim::Rest => {
                rest.push(place);
                continue;
            }
            Claim::Share(share) => {
                percent += share.value;
                if percent > 100 {
                    let message = format!("the shares make {percent} percent up to here: all together have 100");
                    sheet.lack(share.at, message);
                    return;
                }
                (middle * share.value / 100, share.at)
            }
            Claim::Count(at) => (needs::full(panel, place, bank, panel.blocks[place].most.unwrap_or(1)), at),
        };
        if time > left {
            let (time, left, middle) = (seconds_up(time), show_duration(left), show_duration(middle));
            let message = format!(
                "{} takes {time} with full answers, and of the {middle} between opening and closing {left} is left: \
                 lower shares and counts, or make the session longer",
                notes.names[place],
            );
            sheet.lack(at, message);
            return;
        }
        left -= time;
        weights[place] = time;
        last = Some(at);
    }
    let part = left / u32::try_from(rest.len().max(1)).unwrap_or(u32::MAX);
    if let (Some(&place), Some(at)) = (rest.first(), last)
        && part < Duration::from_secs(1)
    {
        let name = &notes.names[place];
        sheet.lack(at, format!("shares and counts leave no time for {name}: lower them, or give it a share"));
    }
    rest.into_iter().for_each(|place| weights[place] = part);
    for (block, weight) in panel.blocks.iter_mut().zip(weights) {
        block.weight = u32::try_from(weight.as_secs()).unwrap_or(u32::MAX).max(1);
    }
}
