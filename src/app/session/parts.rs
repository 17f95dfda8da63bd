//! What a session is made of, and what is left of it.

use std::sync::Arc;

use crate::app::coach::Coach;
use crate::app::keeper::Keeper;
use crate::app::prompter::Prompter;
use crate::app::reel::Reel;
use crate::app::session::Rating;
use crate::audio::pace::Pace;
use crate::interview::events::TurnRules;
use crate::interview::panel::Led;
use crate::interview::{Text, Turn};
use crate::ports::{Capture, Clip, Playback};
use crate::store::manifest::Manifest;
use crate::tui::keys::Keys;
use crate::tui::screen::Screen;

/// What happens when a played-back candidate has said all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenSaid {
    /// Silence until the limit; without one, the answer ends.
    Wait,
    /// The candidate presses Enter.
    Done,
}

/// What a session is made of.
pub struct Parts<'a> {
    /// The turns, in their order.
    pub turns: Vec<Turn>,
    /// Their rules.
    pub rules: Vec<TurnRules>,
    /// The titles of their sections.
    pub sections: Vec<String>,
    /// What is asked from.
    pub title: Text,
    /// What it takes to rate answers between the questions, where that is wanted.
    pub rating: Option<Rating>,
    /// The panel, where one asks.
    pub panel: Option<PanelParts>,
    /// The recording of the whole session, where one was asked for.
    pub reel: Option<Reel>,
    /// The microphone.
    pub capture: Box<dyn Capture>,
    /// The speaker.
    pub playback: Box<dyn Playback>,
    /// The prompts.
    pub prompter: Prompter,
    /// The files.
    pub keeper: Keeper,
    /// Where it is shown.
    pub screen: Box<dyn Screen + 'a>,
    /// What is said of each answer.
    pub coach: Coach,
    /// Who presses keys.
    pub keys: Keys,
    /// Whether a key that would cost something asks first.
    pub sure: bool,
    /// How time passes.
    pub pace: Pace,
    /// What happens when a played-back candidate has said all.
    pub when_said: WhenSaid,
    /// What the speaker plays while a take is recorded, one clip a take: the candidate of a demonstration.
    pub candidate: Vec<Arc<Clip>>,
}

/// What the session of a panel is made of besides.
pub struct PanelParts {
    /// Who leads, and what was asked before.
    pub led: Led,
    /// The sections of the bank, by id, with their titles.
    pub sections: Vec<(String, String)>,
}

impl PanelParts {
    pub(super) fn section(&self, id: &str) -> String {
        let title = self.sections.iter().find(|(section, _)| section == id).map(|(_, title)| title.clone());
        title.unwrap_or_else(|| id.to_owned())
    }
}

/// How a session ended.
pub struct Ending {
    /// What is known of it.
    pub manifest: Manifest,
    /// Whether the system, or the end of the input, ended it.
    pub interrupted: bool,
    /// What could not be kept; all before it is on the disk.
    pub failure: Option<anyhow::Error>,
}
