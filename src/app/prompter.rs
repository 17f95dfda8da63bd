//! Renders what will be said soon before it is needed, so that nobody waits for a voice.
//!
//! Knows the speakers' voices and what may be said next; why it is said, and when, is known elsewhere.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::interview::Text;
use crate::ports::Utterance;
use crate::voice::{Chain, reading_time};

/// How many texts are rendered ahead: enough for whatever an answer may lead to, little enough for any memory.
const AHEAD: usize = 8;

/// What somebody says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Spoken {
    /// Who says it, by place.
    pub speaker: usize,
    /// What is said.
    pub text: Text,
}

/// What somebody says, rendered.
pub struct Ready {
    /// What will be heard.
    pub utterance: Utterance,
    /// Something that the candidate should know.
    pub notice: Option<String>,
    /// Who speaks.
    pub voice: String,
}

/// Renders on one thread, one text after the other, in the voices of the speakers.
///
/// Rendered texts are kept while they are foreseen or spoken, and forgotten otherwise.
pub struct Prompter {
    desk: Arc<Desk>,
    current: Option<(Spoken, Ready)>,
}

impl Prompter {
    /// Starts with a chain of voices for each speaker; whoever is beyond the last speaks with the last.
    pub fn start(mut chains: Vec<Chain>) -> Prompter {
        if chains.is_empty() {
            chains.push(Chain::of(Vec::new()));
        }
        let voices = chains.iter().map(Chain::speaking).collect();
        let desk = Arc::new(Desk { state: Mutex::new(State { voices, ..State::default() }), changed: Condvar::new() });
        let renderer = Renderer { desk: Arc::clone(&desk), chains };
        thread::spawn(move || renderer.work());
        Prompter { desk, current: None }
    }

    /// Has what may be said soon rendered, the likeliest first; of a long list, the first eight.
    ///
    /// What is neither in the list nor being spoken is forgotten.
    pub fn foresee(&mut self, soon: &[Spoken]) {
        let mut state = self.desk.state();
        state.soon = soon[..soon.len().min(AHEAD)].to_vec();
        state.forget();
        drop(state);
        self.desk.changed.notify_all();
    }

    /// What was rendered of `what`, waiting for it no longer than `patience`.
    ///
    /// Where it was not foreseen, or is not rendered yet, it is rendered before all else.
    pub fn get(&mut self, what: &Spoken, patience: Duration) -> Option<&mut Ready> {
        if self.current.as_ref().is_none_or(|(current, _)| current != what) {
            let until = Instant::now() + patience;
            let mut state = self.desk.state();
            let ready = loop {
                if let Some(ready) = state.take(what) {
                    break ready;
                }
                if state.gone {
                    break text_alone(&what.text);
                }
                state.asked = Some(what.clone());
                self.desk.changed.notify_all();
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return None;
                }
                state = self.desk.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            };
            state.put_back(self.current.replace((what.clone(), ready)));
            state.asked = None;
            state.current = Some(what.clone());
        }
        self.current.as_mut().map(|(_, ready)| ready)
    }

    /// Has `what` rendered once more: the voice that was to speak it has given up.
    pub fn render_again(&mut self, what: &Spoken) {
        let mut state = self.desk.state();
        if self.current.as_ref().is_some_and(|(current, _)| current == what) {
            self.current = None;
            state.current = None;
        }
        state.take(what);
        // What this voice was to speak later, it will not speak either.
        let (failed, good) = std::mem::take(&mut state.ready).into_iter().partition(|(spoken, ready)| {
            spoken.speaker == what.speaker && matches!(ready.utterance, Utterance::Live(_))
        });
        state.ready = good;
        state.remember_notices(failed);
        state.asked = Some(what.clone());
        drop(state);
        self.desk.changed.notify_all();
    }

    /// The name of the voice of a speaker as it stands.
    pub fn speaking(&self, speaker: usize) -> String {
        let state = self.desk.state();
        // There is one chain at least, and a name for each.
        state.voices[speaker.min(state.voices.len() - 1)].clone()
    }
}

impl Drop for Prompter {
    fn drop(&mut self) {
        self.desk.state().over = true;
        self.desk.changed.notify_all();
    }
}

/// Where wishes and rendered texts lie.
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What may be said soon, the likeliest first.
    soon: Vec<Spoken>,
    /// What is waited for.
    asked: Option<Spoken>,
    /// What was handed out last.
    current: Option<Spoken>,
    /// What is rendered and lies here.
    ready: Vec<(Spoken, Ready)>,
    /// The names of the speakers' voices.
    voices: Vec<String>,
    /// What the candidate should know of a speaker's voice, and was said with a text that was forgotten.
    untold: Vec<(usize, String)>,
    /// Nobody listens any more.
    over: bool,
    /// Nobody renders any more.
    gone: bool,
}

impl Desk {
    /// The state; no voice speaks while it is locked, and so a panic of one leaves nothing half done in it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What is to be rendered next.
    fn next(&self) -> Option<Spoken> {
        let here = |spoken: &&Spoken| {
            self.current.as_ref() != Some(spoken) && !self.ready.iter().any(|(ready, _)| ready == *spoken)
        };
        self.asked.iter().chain(&self.soon).find(here).cloned()
    }

    fn is_wanted(&self, spoken: &Spoken) -> bool {
        self.asked.as_ref() == Some(spoken) || self.soon.contains(spoken)
    }

    /// Takes what is ready, with what is still to be told of its speaker's voice.
    fn take(&mut self, what: &Spoken) -> Option<Ready> {
        let place = self.ready.iter().position(|(spoken, _)| spoken == what)?;
        let mut ready = self.ready.swap_remove(place).1;
        let (told, untold) =
            std::mem::take(&mut self.untold).into_iter().partition(|(speaker, _)| *speaker == what.speaker);
        self.untold = untold;
        let told: Vec<(usize, String)> = told;
        let notices: Vec<String> = told.into_iter().map(|(_, notice)| notice).chain(ready.notice).collect();
        ready.notice = (!notices.is_empty()).then(|| notices.join(". "));
        Some(ready)
    }

    /// Takes back what was handed out: it may be said again.
    fn put_back(&mut self, current: Option<(Spoken, Ready)>) {
        self.ready.extend(current);
        self.current = None;
        self.forget();
    }

    fn forget(&mut self) {
        let (wanted, forgotten) =
            std::mem::take(&mut self.ready).into_iter().partition(|(spoken, _)| self.is_wanted(spoken));
        self.ready = wanted;
        self.remember_notices(forgotten);
    }

    fn remember_notices(&mut self, forgotten: Vec<(Spoken, Ready)>) {
        let notices = forgotten.into_iter().filter_map(|(spoken, ready)| Some((spoken.speaker, ready.notice?)));
        self.untold.extend(notices);
    }
}

/// The thread's side.
struct Renderer {
    desk: Arc<Desk>,
    chains: Vec<Chain>,
}

impl Renderer {
    fn work(mut self) {
        loop {
            let mut state = self.desk.state();
            let what = loop {
                if state.over {
                    return;
                }
                match state.next() {
                    Some(what) => break what,
                    None => state = self.desk.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(state);
            let speaker = what.speaker.min(self.chains.len() - 1);
            let chain = &mut self.chains[speaker];
            let (utterance, notice) = chain.utter(&what.text);
            let voice = chain.speaking();
            let mut state = self.desk.state();
            state.voices[speaker].clone_from(&voice);
            state.ready.push((what, Ready { utterance, notice, voice }));
            state.forget();
            drop(state);
            self.desk.changed.notify_all();
        }
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        self.desk.state().gone = true;
        self.desk.changed.notify_all();
    }
}

/// What is left where nobody renders.
fn text_alone(text: &Text) -> Ready {
    Ready {
        utterance: Utterance::Reading(reading_time(text)),
        notice: Some("the voice has failed; the questions are shown, not spoken".to_owned()),
        voice: "none".to_owned(),
    }
}

#[cfg(test)]
#[path = "prompter_tests.rs"]
mod tests;
