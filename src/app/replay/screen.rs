//! A replay on the whole screen of a terminal: keys in, pictures out. What is heard and said is known elsewhere.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::index::{Choice, Index};
use super::items::{self, Answer, Chosen, Session};
use super::listening::{Listening, Turned};
use super::wish::Wish;
use crate::app::failure::Interrupted;
use crate::app::library::Library;
use crate::app::signals;
use crate::interview::{Text, text};
use crate::store::recovery;
use crate::tui::canvas::Canvas;
use crate::tui::keys::Keys;
use crate::tui::replay::keys::Press;
use crate::tui::replay::{Foot, Front, Replay, TypedLine};

/// How long a key is waited for, between two looks at the sound.
const STEP: Duration = Duration::from_millis(20);

/// How often it is drawn while nothing is pressed.
const DRAWN: Duration = Duration::from_millis(100);

/// How often it is drawn while keys are pressed.
const DRAWN_AT_KEYS: Duration = Duration::from_millis(30);

/// How long what was said stays.
const SAID_FOR: Duration = Duration::from_secs(6);

/// A note that is typed.
struct Note {
    /// The answer that was on when it was begun.
    of: Answer,
    at: Duration,
    line: TypedLine,
    /// Its end was wished for, and it would be lost.
    asked: bool,
}

/// A replay on a screen.
pub struct Shown<'l> {
    listening: Listening,
    library: Option<&'l Library>,
    which: Chosen,
    index: Index,
    front: Front,
    scrolled: isize,
    note: Option<Note>,
    said: Option<(String, Instant)>,
    over: bool,
}

impl<'l> Shown<'l> {
    /// Shows what is listened to; from the library other sessions can be opened.
    pub fn new(listening: Listening, library: Option<&'l Library>, which: Chosen) -> Shown<'l> {
        let index = Index::begin(library.map(|library| library.home.clone()));
        let (front, scrolled) = (Front::Answer, 0);
        Shown { listening, library, which, index, front, scrolled, note: None, said: None, over: false }
    }

    /// Goes on until the person leaves. Gives what is still to be said then, and whether it went well: an error is that
    /// what is heard cannot be written, or that the program was asked to end.
    pub fn run(mut self, keys: &mut Keys<Press>, canvas: &Canvas) -> (Vec<String>, Result<()>) {
        let went = self.listen(keys, canvas);
        // What was typed is not lost because something else went wrong.
        if let Some(note) = self.note.take().filter(|note| !note.line.is_blank()) {
            self.listening.mark(&note.of, note.at, Text::clean(&note.line.text()));
        }
        let (said, ended) = self.listening.finish();
        (said, went.and(ended))
    }

    fn listen(&mut self, keys: &mut Keys<Press>, canvas: &Canvas) -> Result<()> {
        let mut drawn: Option<Instant> = None;
        while !self.over {
            if signals::asked() {
                bail!(Interrupted);
            }
            let mut pressed = keys.wait(STEP);
            let any = pressed.is_some();
            while let Some(key) = pressed {
                match key {
                    Press::Redraw => canvas.redraw(),
                    key => self.press(key)?,
                }
                pressed = keys.pressed();
            }
            if self.listening.pass(Duration::ZERO)? == Turned::End || self.listening.is_left() {
                return Ok(());
            }
            self.index.news();
            self.index.hears(self.listening.heard());
            self.hear_what_is_said();
            let wait = if any { DRAWN_AT_KEYS } else { DRAWN };
            if drawn.is_none_or(|drawn| drawn.elapsed() >= wait) {
                canvas.show(Box::new(self.picture()));
                drawn = Some(Instant::now());
            }
        }
        Ok(())
    }

    /// Takes in what is to be said; the last of it stands at the foot for a while.
    fn hear_what_is_said(&mut self) {
        if self.listening.has_begun() {
            (self.scrolled, self.said) = (0, None);
        }
        if self.listening.has_changed() {
            self.index.refresh();
        }
        for said in self.listening.said() {
            if !said.seen {
                self.said = Some((said.text, Instant::now()));
            }
        }
        if self.said.as_ref().is_some_and(|(_, since)| since.elapsed() > SAID_FOR) {
            self.said = None;
        }
    }

    fn say(&mut self, text: &str) {
        // What was said before comes before.
        self.hear_what_is_said();
        self.said = Some((text.to_owned(), Instant::now()));
    }

    fn press(&mut self, key: Press) -> Result<()> {
        if key == Press::Interrupt {
            bail!(Interrupted);
        }
        if self.note.is_some() {
            self.type_note(key);
            return Ok(());
        }
        match key {
            Press::Char('q') => {
                self.over = true;
                return Ok(());
            }
            Press::Char('?') => {
                (self.front, self.scrolled) = (if self.front == Front::Help { Front::Answer } else { Front::Help }, 0);
                return Ok(());
            }
            _ => {}
        }
        match self.front {
            Front::Help => {
                if !self.scroll(key) {
                    (self.front, self.scrolled) = (Front::Answer, 0);
                }
                Ok(())
            }
            Front::List => self.press_in_list(key),
            Front::Answer => self.press_in_answer(key),
        }
    }

    /// Moves what is longer than the screen; says whether the key does that.
    fn scroll(&mut self, key: Press) -> bool {
        let arrows = self.front == Front::Help;
        let pages: isize = match key {
            Press::PageUp => -1,
            Press::PageDown => 1,
            Press::Up if arrows => -1,
            Press::Down if arrows => 1,
            _ => return false,
        };
        self.scrolled = self.scrolled.saturating_add(pages);
        true
    }

    fn press_in_answer(&mut self, key: Press) -> Result<()> {
        let wish = match key {
            Press::Char('l') | Press::Tab => {
                if self.library.is_none() {
                    self.say("This file belongs to no session: there is no list.");
                    return Ok(());
                }
                self.index.choose_heard();
                self.front = Front::List;
                return Ok(());
            }
            Press::Char('m') => {
                self.begin_note();
                return Ok(());
            }
            Press::Char(character) => match Wish::of_char(character) {
                Some(wish) => wish,
                None => return Ok(()),
            },
            Press::Enter => Wish::Next,
            Press::Left => Wish::short(false),
            Press::Right => Wish::short(true),
            Press::Down | Press::FarLeft => Wish::long(false),
            Press::Up | Press::FarRight => Wish::long(true),
            Press::WordLeft => Wish::Phrase(false),
            Press::WordRight => Wish::Phrase(true),
            Press::Home => Wish::To(Duration::ZERO),
            Press::Backspace => Wish::RateAgain,
            Press::Escape => Wish::Leave,
            key => {
                self.scroll(key);
                return Ok(());
            }
        };
        self.said = None;
        self.listening.wish(wish)
    }

    fn press_in_list(&mut self, key: Press) -> Result<()> {
        match key {
            Press::Up => self.index.by(-1),
            Press::Down => self.index.by(1),
            Press::PageUp => self.index.by(-10),
            Press::PageDown => self.index.by(10),
            Press::Home => self.index.by(isize::MIN),
            Press::End => self.index.by(isize::MAX),
            Press::Left => {
                self.index.close();
            }
            Press::Enter | Press::Right => {
                if let Choice::Answer(path, turn) = self.index.enter() {
                    self.open(path, turn)?;
                }
            }
            Press::Escape | Press::Tab | Press::Char('l') => self.front = Front::Answer,
            Press::Char(' ') => self.listening.wish(Wish::Pause)?,
            _ => {}
        }
        Ok(())
    }

    /// Plays an answer of the list.
    fn open(&mut self, path: std::path::PathBuf, turn: usize) -> Result<()> {
        let Some(library) = self.library else { return Ok(()) };
        let manifest = match recovery::look(&path) {
            Ok(manifest) => manifest,
            Err(error) => {
                self.say(&error.to_string());
                return Ok(());
            }
        };
        let session = Session::of(path, manifest, &library.banks);
        let which = Chosen { answers_only: self.which.answers_only, ..Chosen::default() };
        let items = match items::items(&session, &which) {
            Ok(items) => items,
            Err(error) => {
                self.say(&format!("{error:#}"));
                return Ok(());
            }
        };
        let of_turn = |item: &items::Item| item.answer.as_ref().is_some_and(|answer| answer.turn == turn);
        if let Some(at) = items.iter().position(of_turn) {
            self.front = Front::Answer;
            self.listening.open(items, at)?;
        }
        Ok(())
    }

    /// A note is typed; it belongs to where the sound is now.
    fn begin_note(&mut self) {
        match self.listening.answer() {
            Ok(of) => {
                let at = self.listening.position();
                self.note = Some(Note { of, at, line: TypedLine::new(text::LONGEST), asked: false });
                self.listening.hold(true);
            }
            Err(why) => self.say(why),
        }
    }

    fn type_note(&mut self, key: Press) {
        let Some(note) = &mut self.note else { return };
        let was_asked = std::mem::take(&mut note.asked);
        match key {
            Press::Enter => {
                self.listening.mark(&note.of, note.at, Text::clean(&note.line.text()));
                self.note = None;
            }
            Press::Escape if was_asked || note.line.is_blank() => {
                self.note = None;
                self.say("Nothing is marked.");
            }
            Press::Escape => note.asked = true,
            key => {
                note.line.press(key);
            }
        }
        self.listening.hold(self.note.is_some());
    }

    /// The moment.
    fn picture(&mut self) -> Replay {
        let keys = match (&self.note, self.front) {
            (Some(_), _) => vec!["enter keeps the note".to_owned(), "esc keeps nothing".to_owned()],
            (None, Front::List) => {
                ["enter play", "↑/↓ choose", "esc back", "space pause", "q quit"].map(str::to_owned).to_vec()
            }
            (None, Front::Help) => vec!["q quit".to_owned()],
            (None, Front::Answer) => self.listening.keys(),
        };
        let asked = self.note.as_ref().filter(|note| note.asked);
        let foot = Foot {
            said: self.said.as_ref().map(|(text, _)| text.clone()),
            asked: asked.map(|_| "esc again discards the note, any other key goes on".to_owned()),
            typed: self.note.as_ref().map(|note| {
                let at = crate::interview::time::show_clock(note.at);
                (format!("Note at {at}:"), note.line.clone())
            }),
            keys,
        };
        let page = self.listening.page();
        Replay { front: self.front, list: self.index.list(), page, foot, scrolled: self.scrolled }
    }
}
