use proptest::prelude::*;
use ratatui::style::Modifier;

use super::*;
use crate::speech::PeaksBuilder;

/// Ten seconds at 100 frames a second: each swings so far for a second.
fn seconds(sizes: &[i16]) -> Peaks {
    let mut builder = PeaksBuilder::new(100, 1);
    for &size in sizes {
        let second: Vec<i16> = (0..100).map(|n| if n % 2 == 0 { size } else { -size }).collect();
        builder.add_i16(&second);
    }
    builder.finish()
}

const SPEECH: [i16; 10] = [0, 3_000, 12_000, 6_000, 40, 40, i16::MAX, 9_000, 3_000, 10];

fn waveform<'a>(peaks: Option<&'a Peaks>) -> Waveform<'a> {
    Waveform {
        peaks,
        length_s: 10.0,
        silences: &[],
        warn_s: None,
        marks: &[],
        taps: &[],
        looped: None,
        position_s: f64::NAN,
    }
}

fn drawn(waveform: &Waveform<'_>, width: u16, height: u16) -> Vec<String> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    waveform.draw(buffer.area, &mut buffer, Theme::new(false));
    rows(&buffer)
}

fn rows(buffer: &Buffer) -> Vec<String> {
    let Rect { width, height, .. } = buffer.area;
    (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
}

/// Everything that can be seen.
fn full(peaks: &Peaks) -> Waveform<'_> {
    Waveform {
        silences: &[(4.0, 6.0), (9.0, 10.0)],
        warn_s: Some(8.0),
        marks: &[2.1],
        taps: &[1.0, 7.6],
        looped: Some((3.0, Some(7.0))),
        position_s: 5.0,
        ..waveform(Some(peaks))
    }
}

#[test]
fn everything_is_seen_on_a_large_waveform() {
    let peaks = seconds(&SPEECH);
    assert_eq!(
        drawn(&full(&peaks), 40, 7),
        [
            "                    ┃   !!!!    ┊       ",
            "    ⣤⣤⣤⣤⣿⣿⣿⣿⣶⣶⣶⣶    ┃   ⣿⣿⣿⣿⣿⣿⣿⣿┊⣤⣤⣤    ",
            "⠒⠒⠒⠒⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿····┃···⣿⣿⣿⣿⣿⣿⣿⣿┊⣿⣿⣿····",
            "    ⠉⠉⠉⠉⣿⣿⣿⣿⠛⠛⠛⠛    ┃   ⣿⣿⣿⣿⠿⠿⠿⠿┊⠉⠉⠉    ",
            "                    ┃   ⣿⣿⣿⣿    ┊       ",
            "    f   m   a───────────────b f         ",
            "0:00    0:02    0:04    0:06    0:08    ",
        ]
    );
}

#[test]
fn a_smaller_waveform_gives_up_the_times_first_and_the_row_of_marks_last() {
    let peaks = seconds(&SPEECH);
    assert_eq!(
        drawn(&full(&peaks), 40, 3),
        [
            "        ⣀⣀⣀⣀        ┃   !!!!⣀⣀⣀⣀┊       ",
            "⣀⣀⣀⣀⣶⣶⣶⣶⣿⣿⣿⣿⣿⣿⣿⣿····┃···⣿⣿⣿⣿⣿⣿⣿⣿┊⣶⣶⣶····",
            "    f   m   a───────────────b f         ",
        ]
    );
    assert_eq!(drawn(&full(&peaks), 40, 1), ["⣀⣀⣀⣀f⣤⣤⣤m⣶⣶⣶a⣤⣤⣤····┃···!!!!b⣶f⣶┊⣤⣤⣤····"]);
    assert_eq!(drawn(&full(&peaks), 5, 3), [" ⡀┃!┊", "⣰⣿┃⣿┊", "fa─b "]);
    assert_eq!(drawn(&full(&peaks), 1, 1), ["┃"]);
}

#[test]
fn what_is_not_looked_at_yet_is_not_taken_for_silence() {
    let beginning = seconds(&SPEECH[..4]);
    let partly = Waveform { silences: &[(4.0, 6.0)], ..waveform(Some(&beginning)) };
    assert_eq!(
        drawn(&partly, 40, 4),
        [
            "    ⣀⣀⣀⣀⣤⣤⣤⣤⣀⣀⣀⣀                        ",
            "⠒⠒⠒⠒⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
            "        ⠛⠛⠛⠛⠉⠉⠉⠉                        ",
            "                                        ",
        ]
    );
    assert_eq!(drawn(&waveform(None), 6, 1), ["╌╌╌╌╌╌"]);
}

#[test]
fn a_recording_without_sound_or_length_is_an_empty_line() {
    let nothing = seconds(&[]);
    let empty = Waveform { length_s: 0.0, marks: &[0.0], position_s: 0.0, ..waveform(Some(&nothing)) };
    assert_eq!(drawn(&empty, 3, 2), ["   ", "   "]);
    let unknown = Waveform { length_s: f64::NAN, ..waveform(Some(&nothing)) };
    assert_eq!(drawn(&unknown, 3, 1), ["   "]);
    // Its outline knows how long it is.
    let second = seconds(&[12_000]);
    assert_eq!(drawn(&Waveform { length_s: f64::NAN, ..waveform(Some(&second)) }, 2, 1), ["⣶⣶"]);
}

#[test]
fn a_loud_noise_in_a_silence_is_seen() {
    let peaks = seconds(&[20, 20, 20_000, 20]);
    let silent = Waveform { length_s: 4.0, silences: &[(0.0, 4.0)], ..waveform(Some(&peaks)) };
    assert_eq!(drawn(&silent, 8, 4), ["    ⣶⣶  ", "········", "    ⠿⠿  ", "        "]);
}

#[test]
fn a_loop_shows_both_its_ends_however_short_it_is() {
    let peaks = seconds(&SPEECH);
    let row = |looped| drawn(&Waveform { looped: Some(looped), ..waveform(Some(&peaks)) }, 10, 2).remove(1);
    assert_eq!(row((3.0, None)), "   a      ");
    assert_eq!(row((3.0, Some(6.0))), "   a──b   ");
    assert_eq!(row((3.0, Some(3.1))), "   ab     ");
    assert_eq!(row((9.9, Some(10.0))), "        ab");
    assert_eq!(row((f64::NAN, Some(6.0))), "      b   ");
    assert_eq!(row((6.0, Some(3.0))), "   b──a   ", "whoever loops knows better");
}

#[test]
fn times_that_are_none_are_passed_over() {
    let peaks = seconds(&SPEECH);
    let odd = [f64::NAN, f64::INFINITY, -0.1, 10.2, 1e300];
    let spans: Vec<_> = odd.iter().flat_map(|from| odd.iter().map(|to| (*from, *to))).collect();
    let silences: Vec<_> = spans.into_iter().filter(|(from, to)| !(*from < 0.0 && *to > 0.0)).collect();
    let strange =
        Waveform { silences: &silences, warn_s: Some(-1.0), marks: &odd, taps: &odd, ..waveform(Some(&peaks)) };
    assert_eq!(drawn(&strange, 40, 6), drawn(&waveform(Some(&peaks)), 40, 6));
}

#[test]
fn where_it_plays_is_seen_at_every_size() {
    let peaks = seconds(&SPEECH);
    for position_s in [-5.0, 0.0, 9.999, 10.0, 1e9] {
        for (width, height) in [(1, 1), (2, 1), (7, 2), (80, 24), (300, 100)] {
            let rows = drawn(&Waveform { position_s, ..full(&peaks) }, width, height);
            let at = rows[0].chars().position(|sign| sign == '┃').expect("it is seen");
            let expected = if position_s < 5.0 { 0 } else { usize::from(width) - 1 };
            assert_eq!(at, expected, "{position_s} in {width}x{height}");
        }
    }
}

#[test]
fn colour_changes_nothing_that_is_read() {
    let peaks = seconds(&SPEECH);
    let area = Rect::new(0, 0, 60, 8);
    let [plain, painted] = [false, true].map(|painted| {
        let mut buffer = Buffer::empty(area);
        full(&peaks).draw(area, &mut buffer, Theme::new(painted));
        buffer
    });
    assert_eq!(rows(&plain), rows(&painted));
    assert!(plain.content.iter().all(|cell| cell.modifier == Modifier::empty() && cell.fg == plain[(0, 0)].fg));
    assert!(painted.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)));
}

#[test]
fn the_page_of_help_knows_every_sign() {
    let (peaks, beginning) = (seconds(&SPEECH), seconds(&SPEECH[..4]));
    let mut seen: Vec<String> = drawn(&full(&peaks), 60, 10);
    seen.truncate(9);
    seen.extend(drawn(&waveform(Some(&beginning)), 60, 3));
    let known = |sign: char| {
        SIGNS.iter().any(|(known, _)| *known == sign) || " ─".contains(sign) || ('⠀'..='⣿').contains(&sign)
    };
    assert_eq!(seen.concat().chars().find(|sign| !known(*sign)), None);
    for (sign, _) in SIGNS {
        assert!(seen.iter().any(|row| row.contains(sign)), "{sign}");
    }
}

/// Times as they may be in a file that anyone wrote.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), -1.0..12.0, Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), Just(10.0)]
}

proptest! {
    #[test]
    fn nothing_outside_of_the_area_is_touched_whatever_is_drawn(
        (x, y, width, height) in (0u16..20, 0u16..20, 0u16..60, 0u16..40),
        (length_s, position_s, from, to) in (time(), time(), time(), time()),
        warn_s in proptest::option::of(time()),
        marks in proptest::collection::vec(time(), 0..9),
        silences in proptest::collection::vec((time(), time()), 0..9),
        sizes in proptest::collection::vec(any::<i16>(), 0..12),
        (painted, known, ended) in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let mut builder = PeaksBuilder::new(100, 1);
        sizes.iter().for_each(|size| builder.add_i16(&[*size; 100]));
        let peaks = builder.finish();
        let drawn = Waveform {
            peaks: known.then_some(&peaks),
            length_s,
            silences: &silences,
            warn_s,
            marks: &marks,
            taps: &marks,
            looped: Some((from, ended.then_some(to))),
            position_s,
        };
        let mut buffer = Buffer::empty(Rect::new(3, 2, 50, 30));
        let untouched = {
            buffer.content.iter_mut().for_each(|cell| { cell.set_char('X'); });
            buffer.clone()
        };
        let area = Rect::new(x, y, width, height);
        drawn.draw(area, &mut buffer, Theme::new(painted));
        for place in buffer.area.positions() {
            let (now, before) = (&buffer[place], &untouched[place]);
            if area.contains(place) {
                prop_assert_ne!(now.symbol(), "X");
                prop_assert_eq!(unicode_width::UnicodeWidthStr::width(now.symbol()), 1, "{}", now.symbol());
                prop_assert!(painted || now.modifier.is_empty());
            } else {
                prop_assert_eq!(now, before);
            }
        }
    }
}

proptest! {
    #[test]
    fn a_cell_is_silent_where_half_of_it_is(
        silences in proptest::collection::vec((0u16..100, 1u16..40), 0..6),
        width in 1u16..30,
    ) {
        // Tenths of a second, one silence after the other, none touching the next.
        let mut at = 0;
        let spans: Vec<(u16, u16)> = silences.iter().map(|(gap, long)| {
            let from = at + gap + 1;
            at = from + long;
            (from, at)
        }).collect();
        let seconds: Vec<_> = spans.iter().map(|(from, to)| (f64::from(*from) / 10.0, f64::from(*to) / 10.0)).collect();
        let across = Across { length_s: 30.0, width };
        for (cell, silent) in across.silent(&seconds).into_iter().enumerate() {
            // In so many parts of a cell as there are cells, times 300: no rounding.
            let (start, end) = (300 * cell as u32, 300 * (cell as u32 + 1));
            let time = |tenths: u16| u32::from(tenths) * u32::from(width);
            let time = |(from, to): &(u16, u16)| time(*to).min(end).saturating_sub(time(*from).max(start));
            prop_assert_eq!(silent, 2 * spans.iter().map(time).sum::<u32>() >= 300, "cell {} of {}", cell, width);
        }
    }
}
