//! The sections of a bank that is made of an outline: their ids stay while their titles or their questions do.

use std::collections::{HashMap, HashSet};

use super::draft::{Earlier, Fresh};
use super::names;
use super::outline::Outline;
use crate::interview::text::LONGEST;
use crate::interview::{Section, Text};

/// The format of a section that nobody chose one for.
const FORMAT: &str = "standard";
/// What a section is called that has no heading.
const UNNAMED: &str = "Questions";

/// The sections of a bank, and in which of them each question is.
pub(super) struct Sections {
    /// As the bank has them.
    pub list: Vec<Section>,
    /// As the file alone would have them.
    pub file: Vec<Section>,
    /// The id of the section of each question of the file.
    pub of_item: Vec<String>,
}

/// Makes the sections; `paired` says of each question which of the earlier ones it is, counted as `Earlier` lists them.
pub(super) fn sections(
    outline: &Outline,
    fresh: &[Fresh],
    paired: &[Option<usize>],
    earlier: Option<Earlier>,
) -> Sections {
    let ids = earlier.map(ids).unwrap_or_default();
    // In which earlier section the questions of each were.
    let mut votes: HashMap<(usize, &str), usize> = HashMap::new();
    for (place, new) in fresh.iter().enumerate() {
        let old = paired[place].and_then(|at| ids.get(at).copied()).and_then(|id| {
            let earlier = earlier?;
            earlier.written.unwrap_or(earlier.now).question(id)
        });
        if let Some(old) = old {
            *votes.entry((of(outline, new), &old.section)).or_default() += 1;
        }
    }
    let mut taken: HashSet<String> = HashSet::new();
    let mut known: Vec<&Section> = Vec::new();
    if let Some(earlier) = earlier {
        for section in earlier.now.sections.iter().chain(earlier.written.iter().flat_map(|old| &old.sections)) {
            if taken.insert(section.id.clone()) {
                known.push(section);
            }
        }
    }
    let headings = outline.sections.len();
    let used: HashSet<usize> = fresh.iter().map(|new| of(outline, new)).collect();
    let (mut list, mut file): (Vec<Section>, Vec<Section>) = Default::default();
    let mut id_of: HashMap<usize, String> = HashMap::new();
    let mut claimed: HashSet<String> = HashSet::new();
    let mut by_title: HashMap<String, String> = HashMap::new();
    // What has no heading stands before all that have one.
    for place in std::iter::once(headings).chain(0..headings).filter(|place| used.contains(place)) {
        let heading = outline.sections.get(place);
        let raw = heading.map_or(UNNAMED, |heading| heading.title.as_str());
        let raw: String = raw.chars().take(LONGEST).collect();
        let title = Some(Text::clean(&raw)).filter(|title| !title.is_empty()).unwrap_or_else(|| Text::clean(UNNAMED));
        let folded = title.as_str().to_lowercase();
        if let Some(id) = by_title.get(&folded) {
            // Two headings with one name are one section.
            id_of.insert(place, id.clone());
            continue;
        }
        let own = heading
            .and_then(|heading| heading.id.as_deref())
            .map(|id| names::short(id, names::LONGEST))
            .filter(|id| !id.is_empty());
        let free = |section: &&&Section| !claimed.contains(&section.id);
        let written = |section: &Section| earlier.and_then(|earlier| earlier.written?.section(&section.id));
        let same = known.iter().filter(free).find(|section| {
            Some(&section.id) == own.as_ref()
                || section.title == title
                || written(section).is_some_and(|old| old.title == title)
        });
        let mostly = || {
            let mine = votes.iter().filter(|((at, _), _)| *at == place).map(|((_, id), count)| (*count, *id));
            let (_, id) = mine.max_by(|(one, id), (other, that)| one.cmp(other).then(that.cmp(id)))?;
            known.iter().filter(free).find(|section| section.id == id)
        };
        let fresh = title.clone();
        let section = match same.or_else(mostly) {
            Some(old) => {
                // A title that a person gave stays.
                let edited = written(old).is_some_and(|written| written.title != old.title);
                Section {
                    id: old.id.clone(),
                    title: if edited { old.title.clone() } else { title },
                    format: old.format.clone(),
                }
            }
            None => {
                let base = own.unwrap_or_else(|| names::short(title.as_str(), names::LONGEST));
                let base = if base.is_empty() { "section".to_owned() } else { base };
                Section { id: names::free(&base, &mut taken), title, format: FORMAT.to_owned() }
            }
        };
        claimed.insert(section.id.clone());
        by_title.insert(folded, section.id.clone());
        id_of.insert(place, section.id.clone());
        file.push(Section { title: fresh, ..section.clone() });
        list.push(section);
    }
    if let Some(earlier) = earlier {
        list.extend(earlier.now.sections.iter().filter(|section| !claimed.contains(&section.id)).cloned());
        let written = earlier.written.iter().flat_map(|old| &old.sections);
        file.extend(written.filter(|section| !claimed.contains(&section.id)).cloned());
    }
    let of_item = fresh.iter().map(|new| id_of.get(&of(outline, new)).cloned().unwrap_or_default()).collect();
    Sections { list, file, of_item }
}

/// The heading of a question; one past the last where it has none.
fn of(outline: &Outline, new: &Fresh) -> usize {
    new.item.section.filter(|section| *section < outline.sections.len()).unwrap_or(outline.sections.len())
}

/// The ids of all questions that were there before, each once, in the order in which they are counted.
pub(super) fn ids(earlier: Earlier<'_>) -> Vec<&str> {
    let mut seen = HashSet::new();
    let banks = earlier.written.into_iter().chain([earlier.now]).chain(earlier.before);
    banks.flat_map(|bank| &bank.questions).map(|question| question.id.as_str()).filter(|id| seen.insert(*id)).collect()
}
