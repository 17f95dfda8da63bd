//! The reader of panels.

use std::sync::OnceLock;
use std::time::Duration;

use greenroom::interview::panel::voicing::{APART, SEATS};
use greenroom::interview::panel::{Agenda, espeak, needs, pool};
use greenroom::interview::{Bank, Format, Panel, Seed, Text};
use greenroom::store::bank_file::parse_bank;
use greenroom::store::banks::BankError;
use greenroom::store::format_file::formats;
use greenroom::store::panel_file::parse_panel;

use super::bank::places;
use super::harmless;

/// Twelve questions in three sections, so that blocks compete.
fn bank() -> &'static Bank {
    static BANK: OnceLock<Bank> = OnceLock::new();
    BANK.get_or_init(|| {
        let mut text = "schema = 1\nid = \"x\"\ntitle = \"X\"\n".to_owned();
        for section in ["a", "b", "c"] {
            text += &format!("[[section]]\nid = \"{section}\"\ntitle = \"S\"\nformat = \"drill\"\n");
        }
        for number in 0..12 {
            let (section, tag) = (["a", "b", "c"][number % 3], number % 5);
            text += &format!(
                "[[question]]\nid = \"q{number}\"\nsection = \"{section}\"\nprompt = \"Why {number}?\"\n\
                 tags = [\"t{tag}\", \"t{}\"]\n",
                number % 4
            );
        }
        parse_bank("x.toml", &text, known()).expect("the bank is well")
    })
}

fn known() -> &'static [Format] {
    static KNOWN: OnceLock<Vec<Format>> = OnceLock::new();
    KNOWN.get_or_init(|| formats(None).expect("the built-in formats are well"))
}

fn find(id: &str) -> Result<Bank, BankError> {
    match id {
        "x" => Ok(bank().clone()),
        _ => Err(BankError::Unknown { id: id.to_owned(), known: vec!["x".to_owned()], nearest: None }),
    }
}

/// A text is a panel that can be sat through, or it has flaws with their places.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse_panel("p.toml", text, known(), &find) {
        Ok(panel) => possible(&panel),
        Err(flaws) => places(text, &flaws),
    }
}

fn possible(panel: &Panel) {
    let hours = Duration::from_secs(4 * 60 * 60);
    assert!(panel.timing.prep.is_some() && panel.timing.limit.is_some() && panel.timing.retakes == Some(0));
    assert!(needs::least_length(panel, bank()) <= panel.length && panel.length <= hours, "{panel:?}");
    assert!(Some(panel.shortest) <= panel.timing.limit && panel.follow_ups <= 2 && (10..=90).contains(&panel.hesitant));
    assert!((1..=SEATS).contains(&panel.panelists.len()) && panel.chair < panel.panelists.len());
    assert!((1..=24).contains(&panel.blocks.len()));
    shown(&panel.title, 4_000);
    panel.welcome.iter().chain(&panel.closing.farewell).for_each(|words| shown(words, 4_000));
    for (place, panelist) in panel.panelists.iter().enumerate() {
        shown(&panelist.role, 80);
        let speaks = |block: &greenroom::interview::panel::Block| block.panelist == place;
        assert!(place == panel.chair || panel.blocks.iter().any(speaks), "{} never speaks", panelist.id);
        assert_eq!(espeak::check(&panelist.voicing.espeak), Ok(()));
        panelist.voicing.system.iter().for_each(|name| harmless(name, false));
        assert!((50..=200).contains(&panelist.voicing.pitch) && (50..=200).contains(&panelist.voicing.speed));
        for other in &panel.panelists[..place] {
            assert!(other.id != panelist.id && other.role != panelist.role);
            assert!(other.voicing.apart(&panelist.voicing) >= APART && other.voicing.espeak != panelist.voicing.espeak);
        }
    }
    for seed in 0..3 {
        assert_eq!(Agenda::draw(panel, bank(), None, Seed(seed)).map(drop), Ok(()), "{panel:?}");
    }
    let floors = pool::floors(panel, bank()).expect("every block has its least");
    for (block, floor) in panel.blocks.iter().zip(floors) {
        assert!(block.panelist < panel.panelists.len() && block.weight >= 1);
        assert!(floor.len() == block.least && block.most.is_none_or(|most| most >= block.least));
    }
}

fn shown(text: &Text, most: usize) {
    harmless(text.as_str(), false);
    assert!((1..=most).contains(&text.as_str().chars().count()), "{text:?}");
}
