//! What can happen in a session: the events of the journal, typed.
//!
//! Their serde form is the form of the file. What an event does to a manifest is for `fold.rs` to say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::manifest::{Manifest, ManifestTurn};
use crate::interview::Text;

/// Something that happened, as the journal has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// The session was planned; the first line of a journal.
    Planned(Box<Manifest>),
    /// A later program goes on with the session; frames are counted from 0 again.
    Resumed {
        /// The boot of the machine, where it is known.
        #[serde(default)]
        boot: Option<String>,
        /// Who speaks.
        voice: String,
        /// The microphone.
        input: String,
        /// The speaker.
        output: String,
        /// Frames a second of the session's clock.
        rate: u32,
    },
    /// A panel goes on with a further turn.
    Put {
        /// Which turn, from 0.
        turn: usize,
        /// The turn, not yet asked.
        entry: Box<ManifestTurn>,
    },
    /// A panelist says something that nobody answers.
    Remark {
        /// The id of the panelist.
        panelist: String,
        /// Who speaks.
        voice: String,
        /// What is said.
        text: String,
    },
    /// The prompt of a turn begins.
    Speak {
        /// Which turn, from 0.
        turn: usize,
        /// Who speaks.
        voice: String,
        /// The prompt's file; none where the voice gave no sound.
        #[serde(default)]
        file: Option<String>,
    },
    /// A take begins; its file is made after this is on the disk.
    OpenTake {
        /// Which turn, from 0.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
        /// Its file, from the session's folder.
        file: String,
        /// Frames a second.
        rate: u32,
    },
    /// Frames were lost on the way; silence stands in their place.
    Gap {
        /// Which turn, from 0.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
        /// Frames of the take before it.
        at: u64,
        /// How many frames it is long.
        frames: u64,
    },
    /// A take has ended, and what it holds is on the disk.
    CloseTake {
        /// Which turn, from 0.
        turn: usize,
        /// Which take of the turn, from 1.
        take: u32,
        /// Why it ended.
        end: String,
        /// How many of its frames are silence in the place of lost ones.
        dropped: u64,
        /// Its loudest sample in dB of full scale, where there is one.
        #[serde(default)]
        peak_db: Option<f32>,
        /// Its files in their order; none where nothing of it could be kept.
        files: Vec<TakePart>,
    },
    /// A turn is dealt with.
    EndTurn {
        /// Which turn, from 0.
        turn: usize,
        /// Whether it was passed over.
        skipped: bool,
    },
    /// The session is paused.
    Held {
        /// `candidate` or `microphone`.
        by: String,
    },
    /// The session goes on.
    Released,
    /// The microphone is gone.
    Lost {
        /// Why.
        reason: String,
    },
    /// A microphone is back.
    Back {
        /// Which.
        name: String,
    },
    /// The disk will soon be full.
    LowSpace {
        /// For how many seconds of sound there is room.
        left_s: u64,
    },
    /// The session is over.
    Finish {
        /// `finished`, `quit` or `interrupted`.
        outcome: String,
        /// When: RFC 3339, UTC.
        #[serde(default)]
        ended: Option<String>,
    },
    /// What a crash or damage had left was put in order; the manifest is this one from here on.
    Repaired {
        /// All that is known of the session.
        manifest: Box<Manifest>,
        /// What was done, in sentences.
        did: Vec<String>,
    },
    /// An event of another greenroom, with this name; it changes nothing.
    #[serde(skip)]
    Unknown(String),
}

/// A file of a take: all of it, or a part of a take that rolled over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakePart {
    /// From the session's folder: `takes/03-okr-alignment-1.wav`.
    pub file: String,
    /// Its length.
    pub frames: u64,
}

impl Happening {
    /// The name of the event in the journal.
    pub fn name(&self) -> &str {
        match self {
            Happening::Planned(_) => "planned",
            Happening::Resumed { .. } => "resumed",
            Happening::Put { .. } => "put",
            Happening::Remark { .. } => "remark",
            Happening::Speak { .. } => "speak",
            Happening::OpenTake { .. } => "open-take",
            Happening::Gap { .. } => "gap",
            Happening::CloseTake { .. } => "close-take",
            Happening::EndTurn { .. } => "end-turn",
            Happening::Held { .. } => "held",
            Happening::Released => "released",
            Happening::Lost { .. } => "lost",
            Happening::Back { .. } => "back",
            Happening::LowSpace { .. } => "low-space",
            Happening::Finish { .. } => "finish",
            Happening::Repaired { .. } => "repaired",
            Happening::Unknown(name) => name,
        }
    }

    /// The names of the events that are known here.
    const KNOWN: [&str; 16] = [
        "planned",
        "resumed",
        "put",
        "remark",
        "speak",
        "open-take",
        "gap",
        "close-take",
        "end-turn",
        "held",
        "released",
        "lost",
        "back",
        "low-space",
        "finish",
        "repaired",
    ];

    /// The object that belongs to the event, as JSON without spaces.
    pub(super) fn detail(&self) -> serde_json::Result<String> {
        if matches!(self, Happening::Released | Happening::Unknown(_)) {
            return Ok("{}".to_owned());
        }
        // The form that serde gives it is {"name":{…}}.
        let whole = serde_json::to_string(&self.cleaned())?;
        let inner = whole.get(self.name().len() + 4..whole.len().saturating_sub(1));
        Ok(inner.unwrap_or("{}").to_owned())
    }

    /// Reads an event; `None` where it is known but its object is not what belongs to it.
    pub(super) fn read(name: &str, detail: &str) -> Option<Happening> {
        if name == "released" {
            return Some(Happening::Released);
        }
        if !Happening::KNOWN.contains(&name) {
            let shown = Text::clean(name).to_string();
            // A name that only looks like a known one is no event at all.
            return (!Happening::KNOWN.contains(&shown.as_str())).then_some(Happening::Unknown(shown));
        }
        serde_json::from_str(&format!("{{{}:{detail}}}", Value::from(name))).ok()
    }

    /// The event with nothing in its texts that could steer a terminal.
    ///
    /// Manifests are cleaned where they are put to use, and paths are checked there.
    fn cleaned(&self) -> Happening {
        let mut copy = self.clone();
        let clean = |text: &mut String| *text = Text::clean(text).to_string();
        match &mut copy {
            Happening::Resumed { boot, voice, input, output, .. } => {
                [voice, input, output].into_iter().for_each(clean);
                boot.iter_mut().for_each(clean);
            }
            Happening::Remark { panelist, voice, text } => [panelist, voice, text].into_iter().for_each(clean),
            Happening::Speak { voice: text, .. }
            | Happening::CloseTake { end: text, .. }
            | Happening::Held { by: text }
            | Happening::Lost { reason: text }
            | Happening::Back { name: text }
            | Happening::Finish { outcome: text, .. } => clean(text),
            Happening::Repaired { did, .. } => did.iter_mut().for_each(clean),
            Happening::Planned(_)
            | Happening::Put { .. }
            | Happening::OpenTake { .. }
            | Happening::Gap { .. }
            | Happening::EndTurn { .. }
            | Happening::Released
            | Happening::LowSpace { .. }
            | Happening::Unknown(_) => {}
        }
        copy
    }
}
