//! Renders the prompts of a session before they are needed, so that nobody waits for a voice.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use crate::interview::Text;
use crate::ports::Utterance;
use crate::voice::{Chain, reading_time};

/// How many prompts are rendered ahead: enough for any gap, little enough to leave the processor to the recording.
const AHEAD: usize = 2;

/// A prompt, rendered.
pub struct Ready {
    /// Which turn of the plan.
    pub turn: usize,
    /// What will be heard.
    pub utterance: Utterance,
    /// Something that the candidate should know.
    pub notice: Option<String>,
    /// Who speaks.
    pub voice: String,
}

/// The prompts of a session, in the order of its turns.
pub struct Prompter {
    ready: Receiver<Ready>,
    current: Option<Ready>,
    texts: Vec<(usize, Text)>,
}

impl Prompter {
    /// Starts to render `texts`, each with its turn.
    pub fn start(chain: Chain, texts: Vec<(usize, Text)>) -> Prompter {
        let (send, ready) = mpsc::sync_channel(AHEAD);
        let jobs = texts.clone();
        thread::spawn(move || render(chain, jobs, &send));
        Prompter { ready, current: None, texts }
    }

    /// The prompt of `turn`, waiting for it no longer than `patience`.
    ///
    /// Turns may be passed over, but not gone back to.
    pub fn get(&mut self, turn: usize, patience: Duration) -> Option<&mut Ready> {
        while self.current.as_ref().is_none_or(|current| current.turn < turn) {
            match self.ready.recv_timeout(patience) {
                Ok(next) => self.current = Some(next),
                Err(RecvTimeoutError::Timeout) => return None,
                // The renderer is gone: what is left is the text.
                Err(RecvTimeoutError::Disconnected) => self.current = Some(self.text_alone(turn)),
            }
        }
        self.current.as_mut()
    }

    fn text_alone(&self, turn: usize) -> Ready {
        let text = self.texts.iter().find(|(each, _)| *each == turn).map(|(_, text)| text.clone());
        Ready {
            turn,
            utterance: Utterance::Reading(reading_time(&text.unwrap_or_default())),
            notice: Some("the voice has failed; the questions are shown, not spoken".to_owned()),
            voice: "none".to_owned(),
        }
    }
}

fn render(mut chain: Chain, jobs: Vec<(usize, Text)>, send: &SyncSender<Ready>) {
    for (turn, text) in jobs {
        let (utterance, notice) = chain.utter(&text);
        let voice = chain.speaking();
        if send.send(Ready { turn, utterance, notice, voice }).is_err() {
            return;
        }
    }
}
