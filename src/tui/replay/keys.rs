//! What a person presses, as it comes: what it means depends on what is on the screen, and on whether a line is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// The backspace key.
    Backspace,
    /// The key that deletes what is under the cursor.
    Delete,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow with shift.
    FarLeft,
    /// An arrow with shift.
    FarRight,
    /// An arrow with control or alt.
    WordLeft,
    /// An arrow with control or alt.
    WordRight,
    /// The key to the beginning.
    Home,
    /// The key to the end.
    End,
    /// A page back.
    PageUp,
    /// A page on.
    PageDown,
    /// Control and U: the typed line is emptied.
    EraseLine,
    /// Control and W: the last typed word goes.
    EraseWord,
    /// Ctrl-C.
    Interrupt,
    /// Control and L: the screen is drawn anew.
    Redraw,
}

/// What a key is; `None` for one that is never asked for.
pub fn press(key: KeyEvent) -> Option<Press> {
    let (shift, control) = (KeyModifiers::SHIFT, KeyModifiers::CONTROL | KeyModifiers::ALT);
    let with = |of: KeyModifiers| key.modifiers.intersects(of);
    if key.modifiers.contains(KeyModifiers::CONTROL)
        && let KeyCode::Char(character) = key.code
    {
        return match character {
            'c' | 'd' => Some(Press::Interrupt),
            'u' => Some(Press::EraseLine),
            'w' => Some(Press::EraseWord),
            'h' => Some(Press::Backspace),
            'l' => Some(Press::Redraw),
            'b' => Some(Press::Left),
            'f' => Some(Press::Right),
            'a' => Some(Press::Home),
            'e' => Some(Press::End),
            _ => None,
        };
    }
    match key.code {
        KeyCode::Char('b') if with(KeyModifiers::ALT) => Some(Press::WordLeft),
        KeyCode::Char('f') if with(KeyModifiers::ALT) => Some(Press::WordRight),
        KeyCode::Char(_) if with(KeyModifiers::ALT) => None,
        KeyCode::Char(character) => Some(Press::Char(character)),
        KeyCode::Left if with(control) => Some(Press::WordLeft),
        KeyCode::Right if with(control) => Some(Press::WordRight),
        KeyCode::Left if with(shift) => Some(Press::FarLeft),
        KeyCode::Right if with(shift) => Some(Press::FarRight),
        KeyCode::Left => Some(Press::Left),
        KeyCode::Right => Some(Press::Right),
        KeyCode::Up => Some(Press::Up),
        KeyCode::Down => Some(Press::Down),
        KeyCode::Enter => Some(Press::Enter),
        KeyCode::Esc => Some(Press::Escape),
        KeyCode::Tab | KeyCode::BackTab => Some(Press::Tab),
        KeyCode::Backspace => Some(Press::Backspace),
        KeyCode::Delete => Some(Press::Delete),
        KeyCode::Home => Some(Press::Home),
        KeyCode::End => Some(Press::End),
        KeyCode::PageUp => Some(Press::PageUp),
        KeyCode::PageDown => Some(Press::PageDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_from_the_same_with_another_held() {
        let of = |code, modifiers| press(KeyEvent::new(code, modifiers));
        assert_eq!(of(KeyCode::Left, KeyModifiers::NONE), Some(Press::Left));
        assert_eq!(of(KeyCode::Left, KeyModifiers::SHIFT), Some(Press::FarLeft));
        assert_eq!(of(KeyCode::Left, KeyModifiers::ALT), Some(Press::WordLeft));
        assert_eq!(of(KeyCode::Right, KeyModifiers::CONTROL | KeyModifiers::SHIFT), Some(Press::WordRight));
        assert_eq!(of(KeyCode::Char('M'), KeyModifiers::SHIFT), Some(Press::Char('M')));
        assert_eq!(of(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Press::Interrupt));
        assert_eq!(of(KeyCode::Char('x'), KeyModifiers::ALT), None);
    }
}
