//! The system's voices as a panel speaks with them: each panelist through a connection of their own.
//!
//! Which voices there are is asked when the first of them is to speak: asking may start a service that nobody needs.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use super::built_in::Host;
use super::system::{ANSWER, GONE, SEARCH, System};
use super::system_packets::{DONE, LIST, LISTED, OPEN, PROBLEM, SystemVoice, read_listed};
use super::system_parts::{Parts, by_name, parts};
use super::worker::{NoReply, Worker};
use super::{pico, silent};
use crate::interview::Text;
use crate::interview::panel::Voicing;
use crate::interview::text;
use crate::ports::{Utterance, Voice, VoiceError};

/// What all panelists share.
struct Company {
    host: Host,
    panel: Vec<Voicing>,
    /// The voice that was chosen by its name, for the first who may have it.
    first: Option<String>,
    parts: OnceLock<Result<Parts, VoiceError>>,
    told: Mutex<bool>,
}

/// One panelist with a voice of the system's.
struct Panelist {
    company: Arc<Company>,
    place: usize,
    voice: Option<System>,
}

/// A voice for each panelist; `first` is one that was asked for by its name.
pub fn company(host: Host, panel: &[Voicing], first: Option<&str>) -> Vec<Box<dyn Voice>> {
    let company = Arc::new(Company {
        host,
        panel: panel.to_vec(),
        first: first.map(str::to_owned),
        parts: OnceLock::new(),
        told: Mutex::new(false),
    });
    let panelist = |place| Panelist { company: Arc::clone(&company), place, voice: None };
    (0..panel.len()).map(|place| Box::new(panelist(place)) as Box<dyn Voice>).collect()
}

impl Company {
    fn parts(&self) -> Result<&Parts, VoiceError> {
        let parts = self.parts.get_or_init(|| {
            let listed = list(&self.host)?;
            let mut panel = self.panel.clone();
            if let Some(first) = &self.first {
                by_name(&listed, first)
                    .ok_or_else(|| failed(&format!("it has no voice of the name {}", Text::clean(first))))?;
                if let Some(voicing) = panel.iter_mut().find(|voicing| voicing.system.is_none()) {
                    voicing.system = Some(first.clone());
                }
            }
            Ok(parts(&listed, &panel))
        });
        parts.as_ref().map_err(Clone::clone)
    }
}

impl Voice for Panelist {
    fn name(&self) -> String {
        self.voice.as_ref().map_or_else(|| "system".to_owned(), Voice::name)
    }

    fn utter(&mut self, text: &Text) -> Result<Utterance, VoiceError> {
        if !pico::script::speakable(text.as_str()) {
            return Ok(silent::reading(text));
        }
        let voice = match self.voice.take() {
            Some(voice) => voice,
            None => match &self.company.parts()?.voices[self.place] {
                Some(voice) => System::listed(self.company.host.clone(), voice),
                None => System::through(self.company.host.clone(), None),
            },
        };
        self.voice.insert(voice).utter(text)
    }

    fn notice(&mut self) -> Option<String> {
        let alike = self.voice.is_some() && self.company.parts().is_ok_and(|parts| parts.alike);
        let told = &mut *self.company.told.lock().unwrap_or_else(PoisonError::into_inner);
        (alike && !std::mem::replace(told, true))
            .then(|| "the system has too few English voices: some of the panel sound alike".to_owned())
    }
}

/// Asks the service which voices it has.
fn list(host: &Host) -> Result<Vec<SystemVoice>, VoiceError> {
    let worker = host.start().map_err(|error| {
        let remedy = format!("its helper {} does not start: {error}", text::path(&host.program));
        VoiceError::Absent { voice: "system".to_owned(), remedy }
    })?;
    worker.send(OPEN, Vec::new());
    answer(&worker, DONE, ANSWER)?;
    worker.send(LIST, Vec::new());
    Ok(read_listed(&answer(&worker, LISTED, SEARCH)?))
}

/// Waits for a packet of a kind.
fn answer(worker: &Worker, wanted: u8, patience: std::time::Duration) -> Result<Vec<u8>, VoiceError> {
    let deadline = Instant::now() + patience;
    loop {
        match worker.receive(deadline) {
            Ok((kind, body)) if kind == wanted => return Ok(body),
            Ok((PROBLEM, why)) => return Err(failed(&String::from_utf8_lossy(&why))),
            Ok(_) => {}
            Err(NoReply::Gone) => return Err(failed(GONE)),
            Err(NoReply::TooSlow) => {
                return Err(VoiceError::TooSlow { voice: "system".to_owned(), seconds: patience.as_secs() });
            }
        }
    }
}

fn failed(reason: &str) -> VoiceError {
    VoiceError::Failed { voice: "system".to_owned(), reason: Text::clean(reason).to_string() }
}
