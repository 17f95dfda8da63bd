//! What `session.json` says of the panel of a session, and what the journal's lines about it do to that.

use serde::{Deserialize, Serialize};

use super::manifest::{Manifest, ManifestTurn};
use super::take_name::MOST_TURNS;
use super::unplanned::unknown_turn;
use crate::interview::Text;
use crate::interview::panel::Ask;

/// The most remarks of a session, and the most panelists: no session has so many.
const MOST_REMARKS: usize = 10_000;
const MOST_PANELISTS: usize = 100;

/// So many turns may have been lost with the lines that put them, and are believed to have been because later lines or
/// the names of takes say so.
pub(super) const MOST_LOST_TURNS: usize = 20;

/// A day: no session is longer.
const LONGEST: f64 = 86_400.0;

/// The panel of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestPanel {
    /// The id of the panel.
    pub id: String,
    /// How long the session is, in seconds.
    pub length_s: f64,
    /// Who asks.
    pub panelists: Vec<ManifestPanelist>,
    /// What was said besides the questions, in its order.
    #[serde(default)]
    pub remarks: Vec<ManifestRemark>,
}

/// One who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestPanelist {
    /// The name of the panelist in this file.
    pub id: String,
    /// What the panelist is.
    pub role: String,
    /// Who spoke for the panelist when the session began.
    #[serde(default)]
    pub voice: String,
}

/// Something that a panelist said and nobody answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestRemark {
    /// How many turns had been put before it, the one that it leads to included.
    pub turns: usize,
    /// The id of the panelist.
    pub panelist: String,
    /// What was said.
    pub text: String,
}

impl ManifestPanel {
    /// Makes what was read fit to be used.
    ///
    /// # Errors
    /// A sentence about what cannot be put right.
    pub(super) fn check(&mut self) -> Result<(), String> {
        if self.panelists.len() > MOST_PANELISTS {
            return Err(format!("it has a panel of more than {MOST_PANELISTS}"));
        }
        if self.remarks.len() > MOST_REMARKS {
            return Err(format!("it has more than {MOST_REMARKS} remarks"));
        }
        let clean = |text: &mut String| *text = Text::clean(text).to_string();
        clean(&mut self.id);
        self.length_s = self.length_s.clamp(0.0, LONGEST);
        for one in &mut self.panelists {
            [&mut one.id, &mut one.role, &mut one.voice].into_iter().for_each(clean);
        }
        for remark in &mut self.remarks {
            [&mut remark.panelist, &mut remark.text].into_iter().for_each(clean);
        }
        Ok(())
    }
}

impl Manifest {
    /// Who asks in a turn, in words, where that is one of a panel.
    pub fn asker(&self, turn: &ManifestTurn) -> Option<&str> {
        let id = self.panel.as_ref().zip(turn.panelist.as_deref());
        // The borrow of the turn ends here: a role is the manifest's.
        id.and_then(|(panel, id)| panel.panelists.iter().find(|one| one.id == id)).map(|one| one.role.as_str())
    }
}

impl ManifestTurn {
    /// A turn that a panelist puts; `clock_s` is the panel's time.
    pub fn put(ask: &Ask, panelist: &str, clock_s: f64) -> ManifestTurn {
        let turn = crate::interview::Turn {
            question: ask.question.clone(),
            section: ask.section.clone(),
            prompt: ask.prompt.clone(),
            timing: ask.timing,
        };
        ManifestTurn {
            panelist: Some(panelist.to_owned()),
            follow_up: ask.follow_up.clone(),
            clock_s: Some(clock_s),
            ..ManifestTurn::planned(&turn)
        }
    }

    /// Makes what belongs to a panel fit to be used.
    pub(super) fn check_panel_part(&mut self) {
        for text in [&mut self.panelist, &mut self.follow_up].into_iter().flatten() {
            *text = Text::clean(text).to_string();
        }
        self.clock_s = self.clock_s.map(|clock| clock.clamp(0.0, LONGEST));
    }
}

impl Manifest {
    /// Whether its turns are put while it runs; a session of a panel may have lost what is known of the panel.
    pub(super) fn grows(&self) -> bool {
        self.panel.is_some() || self.kind == "panel"
    }

    /// A panel has put a further turn. Turns before it whose lines are lost keep their places, so that its takes are
    /// those of its own question.
    pub(super) fn put(&mut self, turn: usize, entry: &ManifestTurn) {
        let next = self.turns.len();
        if !self.grows() || turn >= MOST_TURNS || !(next..=next + MOST_LOST_TURNS).contains(&turn) {
            return;
        }
        // What is read passes the same checks as a manifest of its own.
        let alone = Manifest { turns: vec![ManifestTurn { takes: Vec::new(), ..entry.clone() }], ..self.clone_bare() };
        if let Ok(checked) = alone.checked() {
            self.turns.resize_with(turn, unknown_turn);
            self.turns.extend(checked.turns);
        }
    }

    /// A panelist has said something.
    pub(super) fn remarked(&mut self, panelist: &str, text: &str) {
        let turns = self.turns.len();
        let Some(panel) = &mut self.panel else { return };
        if panel.remarks.len() < MOST_REMARKS {
            let clean = |text: &str| Text::clean(text).to_string();
            panel.remarks.push(ManifestRemark { turns, panelist: clean(panelist), text: clean(text) });
        }
    }

    fn clone_bare(&self) -> Manifest {
        Manifest {
            session: String::new(),
            kind: String::new(),
            bank: String::new(),
            title: String::new(),
            order: String::new(),
            started: String::new(),
            ended: None,
            outcome: String::new(),
            voice: String::new(),
            input: String::new(),
            output: String::new(),
            boot: None,
            panel: None,
            turns: Vec::new(),
            ..*self
        }
    }
}
