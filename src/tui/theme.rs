//! How things look: a style for each role, that can be read on light and dark backgrounds, in 16 colours and in none.
//!
//! Text has the terminal's own colours, and beside them only red and magenta, which stand out from black and from white
//! alike. Every other colour is a background with its own text on it.

use ratatui::style::{Color, Modifier, Style};

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Anything.
    Text,
    /// What matters most: the question, the time.
    Strong,
    /// What may be overlooked: the keys.
    Faint,
    /// What stands above something else: who asks, which question it is.
    Heading,
    /// What needs attention: little time is left, the sound is too loud, the microphone is gone.
    Alarm,
    /// A label: nothing is recorded.
    Badge,
    /// A label: the recording runs.
    Recording,
    /// A label: the recording runs, and little time is left.
    Hurry,
    /// A label: the session stands still.
    Held,
    /// What is chosen of several.
    Chosen,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 10] = [
        Role::Text,
        Role::Strong,
        Role::Faint,
        Role::Heading,
        Role::Alarm,
        Role::Badge,
        Role::Recording,
        Role::Hurry,
        Role::Held,
        Role::Chosen,
    ];
}

/// The styles, with or without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    painted: bool,
}

impl Theme {
    /// Styles, where things are to be `painted`; else there are none, and words and signs alone say everything.
    pub const fn new(painted: bool) -> Theme {
        Theme { painted }
    }

    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        if !self.painted {
            return plain;
        }
        match role {
            Role::Text => plain,
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Faint => plain.add_modifier(Modifier::DIM),
            Role::Heading => plain.fg(Color::Magenta),
            Role::Alarm => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Badge => plain.fg(Color::Black).bg(Color::Cyan),
            Role::Recording => plain.fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Hurry => plain.fg(Color::Black).bg(Color::Yellow).add_modifier(Modifier::BOLD),
            Role::Held => plain.fg(Color::White).bg(Color::Blue).add_modifier(Modifier::BOLD),
            Role::Chosen => plain.add_modifier(Modifier::REVERSED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sixteen colours as usual terminals have them: red, green and blue of the first eight.
    const PALETTES: [(&str, [[u8; 3]; 8]); 3] = [
        (
            "xterm",
            [
                [0, 0, 0],
                [205, 0, 0],
                [0, 205, 0],
                [205, 205, 0],
                [0, 0, 238],
                [205, 0, 205],
                [0, 205, 205],
                [229, 229, 229],
            ],
        ),
        (
            "VGA",
            [
                [0, 0, 0],
                [170, 0, 0],
                [0, 170, 0],
                [170, 85, 0],
                [0, 0, 170],
                [170, 0, 170],
                [0, 170, 170],
                [170, 170, 170],
            ],
        ),
        (
            "Windows",
            [
                [12, 12, 12],
                [197, 15, 31],
                [19, 161, 14],
                [193, 156, 0],
                [0, 55, 218],
                [136, 23, 152],
                [58, 150, 221],
                [204, 204, 204],
            ],
        ),
    ];

    fn number(color: Color) -> usize {
        let order = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            // The seventh is called grey here.
            Color::Gray,
        ];
        let color = if color == Color::White { Color::Gray } else { color };
        order.iter().position(|each| *each == color).expect("one of the first eight colours")
    }

    /// The relative luminance of WCAG 2.1.
    fn luminance(rgb: [u8; 3]) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_role_can_be_read_on_light_and_dark_backgrounds() {
        for (role, (palette, colours)) in Role::ALL.iter().flat_map(|role| PALETTES.map(|palette| (role, palette))) {
            let style = Theme::new(true).style(*role);
            for (background, own_text) in [([0, 0, 0], [255, 255, 255]), ([255, 255, 255], [0, 0, 0])] {
                let front = style.fg.map_or(own_text, |color| colours[number(color)]);
                let back = style.bg.map_or(background, |color| colours[number(color)]);
                let found = contrast(front, back);
                // WCAG asks for 3 of large or bold text.
                assert!(found >= 2.5, "{role:?} in {palette} on {background:?}: {found:.1}");
            }
        }
    }

    #[test]
    fn without_paint_nothing_has_a_style() {
        assert!(Role::ALL.iter().all(|role| Theme::new(false).style(*role) == Style::new()));
    }
}
