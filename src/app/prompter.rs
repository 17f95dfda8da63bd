//! Renders the prompts of a session before they are needed, so that nobody waits for a voice.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
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
    chain: Arc<Mutex<Chain>>,
    ready: Receiver<Ready>,
    /// A prompt that is rendered once more, by another voice.
    again: Option<Receiver<Ready>>,
    current: Option<Ready>,
    texts: Vec<(usize, Text)>,
}

impl Prompter {
    /// Starts to render `texts`, each with its turn.
    pub fn start(chain: Chain, texts: Vec<(usize, Text)>) -> Prompter {
        let (send, ready) = mpsc::sync_channel(AHEAD);
        let (jobs, chain) = (texts.clone(), Arc::new(Mutex::new(chain)));
        let voices = Arc::clone(&chain);
        thread::spawn(move || {
            // Nobody listens any more: the session is over.
            jobs.into_iter().all(|job| send.send(render(&voices, job)).is_ok())
        });
        Prompter { chain, ready, again: None, current: None, texts }
    }

    /// Has the prompt of `turn` rendered once more: the voice that was to speak it has given up.
    pub fn render_again(&mut self, turn: usize) {
        let (send, again) = mpsc::sync_channel(1);
        let (job, voices) = ((turn, self.text(turn)), Arc::clone(&self.chain));
        thread::spawn(move || send.send(render(&voices, job)));
        self.current = None;
        self.again = Some(again);
    }

    /// The prompt of `turn`, waiting for it no longer than `patience`.
    ///
    /// Turns may be passed over, but not gone back to.
    pub fn get(&mut self, turn: usize, patience: Duration) -> Option<&mut Ready> {
        while self.current.as_ref().is_none_or(|current| current.turn < turn) {
            match self.again.as_ref().unwrap_or(&self.ready).recv_timeout(patience) {
                Ok(next) => {
                    self.again = None;
                    self.current = Some(next);
                }
                Err(RecvTimeoutError::Timeout) => return None,
                // The renderer is gone: what is left is the text.
                Err(RecvTimeoutError::Disconnected) => self.current = Some(self.text_alone(turn)),
            }
        }
        self.current.as_mut()
    }

    fn text(&self, turn: usize) -> Text {
        self.texts.iter().find(|(each, _)| *each == turn).map(|(_, text)| text.clone()).unwrap_or_default()
    }

    fn text_alone(&self, turn: usize) -> Ready {
        Ready {
            turn,
            utterance: Utterance::Reading(reading_time(&self.text(turn))),
            notice: Some("the voice has failed; the questions are shown, not spoken".to_owned()),
            voice: "none".to_owned(),
        }
    }
}

fn render(voices: &Mutex<Chain>, (turn, text): (usize, Text)) -> Ready {
    // A voice that panicked has left nothing half done that the next one uses.
    let mut chain = voices.lock().unwrap_or_else(PoisonError::into_inner);
    let (utterance, notice) = chain.utter(&text);
    Ready { turn, utterance, notice, voice: chain.speaking() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Clip, Voice, VoiceError};

    /// A voice that speaks so many texts and then gives up.
    struct Tired(u32);

    impl Voice for Tired {
        fn name(&self) -> String {
            "tired".to_owned()
        }

        fn utter(&mut self, _: &Text) -> Result<Utterance, VoiceError> {
            let tired = VoiceError::Failed { voice: self.name(), reason: "it is tired".to_owned() };
            self.0 = self.0.checked_sub(1).ok_or(tired)?;
            Ok(Utterance::Clip(Arc::new(Clip { rate: 16_000, samples: vec![1; 16] })))
        }
    }

    const PATIENCE: Duration = Duration::from_secs(30);

    fn texts(count: usize) -> Vec<(usize, Text)> {
        (0..count).map(|turn| (turn, Text::clean("What do you do when the voice fails?"))).collect()
    }

    #[test]
    fn prompts_come_in_the_order_of_their_turns_and_may_be_passed_over() {
        let mut prompter = Prompter::start(Chain::of(vec![Box::new(Tired(9))]), texts(5));
        for turn in [0, 0, 2, 4] {
            assert_eq!(prompter.get(turn, PATIENCE).map(|ready| ready.turn), Some(turn));
        }
    }

    #[test]
    fn a_prompt_is_rendered_once_more_by_the_next_voice() {
        let mut prompter = Prompter::start(Chain::of(vec![Box::new(Tired(1))]), texts(1));
        assert!(matches!(prompter.get(0, PATIENCE).map(|ready| &ready.utterance), Some(Utterance::Clip(_))));
        prompter.render_again(0);
        let ready = prompter.get(0, PATIENCE).expect("the text alone is always left");
        assert_eq!(ready.turn, 0);
        assert!(matches!(ready.utterance, Utterance::Reading(_)));
        assert!(ready.notice.is_some(), "the candidate is told");
    }

    #[test]
    fn without_a_renderer_the_text_is_left() {
        let mut prompter = Prompter::start(Chain::of(vec![]), Vec::new());
        let ready = prompter.get(3, PATIENCE).expect("the text alone is always left");
        assert!(matches!(ready.utterance, Utterance::Reading(_)));
    }
}
