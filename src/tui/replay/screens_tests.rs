//! Every page at several sizes, as it was looked at once and found good: `GREENROOM_BLESS=1` writes them anew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::keys::Press;
use super::*;
use crate::speech::PeaksBuilder;

const SIZES: [(u16, u16); 5] = [(20, 5), (40, 10), (80, 24), (120, 40), (300, 100)];

/// An answer of 84 seconds: words that come and go, and two pauses.
fn answer() -> Page {
    let mut builder = PeaksBuilder::new(1_000, 1);
    let sample = |n: u32| {
        let second = f64::from(n) / 1_000.0;
        let silent = (20.0..24.0).contains(&second) || (60.0..62.0).contains(&second) || second > 80.0;
        let loud = if silent { 0.002 } else { 0.25 + 0.2 * (second * 1.7).sin() + 0.1 * (second * 5.3).sin() };
        (loud * 32_767.0 * if n.is_multiple_of(2) { 1.0 } else { -1.0 }) as i16
    };
    builder.add_i16(&(0..84_000).map(sample).collect::<Vec<i16>>());
    Page {
        session: "22 November 2026, 09:30, VP of Engineering".to_owned(),
        heading: "Question 2 of 5, Chief Product Officer, follow-up".to_owned(),
        text: "Tell me about a change program of yours that ran over several quarters. What really shifted the \
               numbers, and why did it last?"
            .to_owned(),
        what: "Your answer, take 2 of 2".to_owned(),
        position_s: 31.4,
        length_s: 84.0,
        speed: 1.0,
        warn_s: Some(70.0),
        peaks: Some(Arc::new(builder.finish())),
        sounds: true,
        after: After::Unrated,
        ..Page::default()
    }
}

/// The same, rated, with all that can be on it.
fn rated() -> Page {
    let mark = |at_s: f64, text: &str| Mark { at_s, text: text.to_owned() };
    let point = |text: &str, ticked| Point { text: text.to_owned(), ticked };
    Page {
        sign: Sign::Paused,
        speed: 1.25,
        skips: true,
        looped: Some((30.0, Some(36.5))),
        marks: Arc::new(vec![
            mark(3.0, "too long a start"),
            mark(32.0, "here is the number: say it first"),
            mark(70.0, ""),
        ]),
        taps: Arc::new(vec![5.0, 33.0, 41.0]),
        silences: Arc::new(vec![(20.0, 24.0), (60.0, 62.0), (80.0, 84.0)]),
        after: After::Rated(Rated {
            grade: "good".to_owned(),
            measured: Some(vec![
                "Measured: spoken 1:16 of 2:00, 20 pauses, the longest 4.0 s at 0:20, 2 likely fillers, the first at \
                 0:32, about 150 words a minute."
                    .to_owned(),
                "+ You paused about 22 times a minute and never for long: keep them. (0:00 to 0:55)".to_owned(),
            ]),
            points: vec![
                point("Names a few measurable goals and the starting point of each", true),
                point("Lays out what came first, next and last, and why", false),
            ],
        }),
        ..answer()
    }
}

fn list() -> List {
    let session = |when: &str, title: &str, opened| Row::Session {
        when: when.to_owned(),
        title: title.to_owned(),
        extent: "2 of 5  2:43".to_owned(),
        opened,
    };
    let answer = |name: &str, rating: &str, measured: &str, heard| Row::Answer {
        name: name.to_owned(),
        length: "1:24".to_owned(),
        rating: rating.to_owned(),
        measured: measured.to_owned(),
        heard,
    };
    let mut rows = vec![
        session("2026-11-22 09:30", "VP of Engineering", false),
        session("2026-11-21 18:05", "השאלות שלי", true),
        answer("1 multi-quarter-transformation", "good", "about 150 words a minute, 2 likely fillers", true),
        answer("2 失敗から学んだこと, take 2", "", "not rated yet", false),
    ];
    let earlier = (1..=60).map(|ago| format!("2026-{:02}-{:02} 07:00", 10 - ago / 28, 28 - ago % 28));
    rows.extend(earlier.map(|when| session(&when, "Behavioural questions", false)));
    List { rows: Arc::new(rows), chosen: 2, remark: String::new() }
}

fn keys() -> Vec<String> {
    ["space pause", "1–4 rate", "q quit", "n/p next, previous", "←/→ 1 s", "m mark", "c compare"]
        .map(str::to_owned)
        .to_vec()
}

fn foot() -> Foot {
    Foot { keys: keys(), ..Foot::default() }
}

fn shown(picture: &Replay, (columns, rows): (u16, u16), theme: Theme) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("it is made of memory");
    terminal.draw(|frame| picture.draw(frame.area(), frame.buffer_mut(), theme)).expect("it takes everything");
    terminal.backend().buffer().clone()
}

/// The cells as text; a wide character has two of them, of which the second is left out.
fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let (mut row, mut skip) = (String::new(), 0);
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                row += symbol;
            }
            skip = if skip > 0 { skip - 1 } else { unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1) };
        }
        let _ = writeln!(out, "|{}", row.trim_end());
    }
    out
}

/// Which cells of which row are painted, and how.
fn paint(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut from = 0;
        while from < buffer.area.width {
            let style = buffer[(from, y)].style();
            let mut to = from + 1;
            while to < buffer.area.width && buffer[(to, y)].style() == style {
                to += 1;
            }
            if style != buffer_default() {
                let (fg, bg) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
                let _ = writeln!(out, "row {y}, {from} to {}: {fg} on {bg} {:?}", to - 1, style.add_modifier);
            }
            from = to;
        }
    }
    out
}

fn buffer_default() -> Style {
    ratatui::buffer::Cell::default().style()
}

#[track_caller]
fn golden(name: &str, picture: &Replay) {
    let mut found = String::new();
    for size in SIZES {
        let _ = writeln!(found, "== {} by {}", size.0, size.1);
        found += &text(&shown(picture, size, Theme::new(false)));
        let (bare, painted) = (shown(picture, size, Theme::new(false)), shown(picture, size, Theme::new(true)));
        assert_eq!(text(&bare), text(&painted), "paint says nothing that the signs do not say");
        assert_eq!(paint(&bare), "", "{name}");
    }
    let _ = writeln!(found, "== paint of 80 by 24");
    found += &paint(&shown(picture, (80, 24), Theme::new(true)));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/screens/replay-{name}.txt"));
    if std::env::var_os("GREENROOM_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        std::fs::write(&path, &found).expect("it can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} is otherwise; GREENROOM_BLESS=1 writes it anew:\n{found}", path.display());
}

#[test]
fn an_answer_that_is_to_be_rated() {
    golden("unrated", &Replay { page: answer(), list: list(), foot: foot(), ..Replay::default() });
}

#[test]
fn an_answer_that_is_rated_with_all_that_is_on_it() {
    let foot = Foot { said: Some("From 30 seconds to 36 seconds, again and again; a ends that.".to_owned()), ..foot() };
    golden("rated", &Replay { page: rated(), list: list(), foot, ..Replay::default() });
}

#[test]
fn a_question_in_characters_that_are_wide_or_go_from_right_to_left() {
    let page = Page {
        text: "יותר מרבעון אחד: מה באמת השתנה, ולמה זה החזיק מעמד? 四半期をまたいだ変革について話してください。何が数字を動かしましたか。"
            .to_owned(),
        what: "The question".to_owned(),
        heading: "Question 1 of 3, 最高技術責任者".to_owned(),
        after: After::Nothing,
        sign: Sign::Over,
        position_s: 84.0,
        warn_s: None,
        ..answer()
    };
    golden("question", &Replay { page, list: list(), foot: foot(), ..Replay::default() });
}

#[test]
fn a_note_that_is_typed_and_would_be_lost() {
    let mut line = TypedLine::new(100);
    for character in "the number comes far too late, say 失敗 first".chars() {
        line.press(Press::Char(character));
    }
    let keys = vec!["enter keeps the note".to_owned(), "esc keeps nothing".to_owned()];
    let foot = Foot { typed: Some(("Note at 0:31:".to_owned(), line)), keys, ..Foot::default() };
    let typed = Replay { page: rated(), list: list(), foot: foot.clone(), ..Replay::default() };
    golden("note", &typed);
    let asked = Some("esc again discards the note, any other key goes on".to_owned());
    golden("discard", &Replay { foot: Foot { asked, ..foot }, ..typed });
}

#[test]
fn the_list_of_sessions_and_answers() {
    let front = Front::List;
    golden("list", &Replay { page: answer(), list: list(), foot: foot(), front, ..Replay::default() });
    let far = List { chosen: 40, ..list() };
    golden("list-far", &Replay { page: answer(), list: far, foot: foot(), front, ..Replay::default() });
    let none = List { remark: "Reading the sessions…".to_owned(), ..List::default() };
    golden("list-reading", &Replay { page: answer(), list: none, foot: foot(), front, ..Replay::default() });
}

#[test]
fn the_keys() {
    let front = Front::Help;
    let keys = vec!["q quit".to_owned()];
    let foot = Foot { keys, ..Foot::default() };
    golden("keys", &Replay { page: answer(), list: list(), foot, front, ..Replay::default() });
}

/// A text of so many words, each of which can be told from the others.
fn words(count: usize) -> String {
    (0..count).map(|word| format!("w{word:04}")).collect::<Vec<String>>().join(" ")
}

#[test]
fn a_long_text_takes_the_rows_that_are_free_and_page_down_shows_all_of_it_and_what_comes_after() {
    let text_of = words(666);
    for (after, last) in
        [(After::Nothing, "w0665"), (After::Unrated, "What was measured"), (rated().after, "2 Lays out")]
    {
        for size in [(40, 10), (80, 24), (100, 40), (140, 50)] {
            let page = Page { text: text_of.clone(), asked: "Why?".to_owned(), after: after.clone(), ..answer() };
            let mut replay = Replay { page, foot: foot(), ..Replay::default() };
            let first = text(&shown(&replay, size, Theme::new(false)));
            let mut all = first.clone();
            for scrolled in 1..=300 {
                replay.scrolled = scrolled;
                let next = text(&shown(&replay, size, Theme::new(false)));
                if next == first {
                    break;
                }
                all += &next;
            }
            for word in text_of.split(' ') {
                assert!(all.contains(word), "{word} at {size:?}");
            }
            if size.0 >= 80 {
                assert!(all.contains(last), "{last} at {size:?}");
                assert!(first.contains("… page down"), "{first}");
                assert!(first.contains("|Asked: Why?") || first.contains("│ Asked: Why?"), "{first}");
                let empty = first.lines().filter(|line| line.trim_end() == "|").count();
                assert!(empty <= 3, "rows are free while the text is cut:\n{first}");
            }
        }
    }
}

#[test]
fn marks_at_one_place_do_not_hide_each_other() {
    let mark = |at_s: f64, text: &str| Mark { at_s, text: text.to_owned() };
    let long = "the number comes far too late: it belongs into the first sentence, before who was there and why";
    let marks =
        vec![mark(0.0, "one"), mark(0.0, long), mark(0.0, "three"), mark(0.0, ""), mark(1.0, ""), mark(9.0, "")];
    let page = Page { marks: Arc::new(marks), position_s: 0.5, ..answer() };
    let replay = Replay { page, foot: foot(), ..Replay::default() };
    let seen = |size| text(&shown(&replay, size, Theme::new(false)));
    let roomy = seen((80, 24));
    for line in ["◆ 0:00 one", "◆ 0:00 the number", "       who was there and why", "◆ 0:00 three", "and 3 more"]
    {
        assert!(roomy.lines().any(|row| row.starts_with(&format!("|{line}"))), "{line}:\n{roomy}");
    }
    assert!(seen((40, 12)).contains("|◆ 0:00 one, and 5 more"), "{}", seen((40, 12)));
}

#[test]
fn whatever_the_size_and_the_text_nothing_is_drawn_outside_and_nothing_panics() {
    let long = "字".repeat(500);
    let pages = [
        answer(),
        rated(),
        Page::default(),
        Page { text: long.clone(), heading: long.clone(), what: long.clone(), session: long.clone(), ..rated() },
        Page { text: long.clone(), asked: long.clone(), after: After::Nothing, ..rated() },
        Page { length_s: f64::NAN, position_s: f64::INFINITY, ..rated() },
    ];
    let mut line = TypedLine::new(1_000);
    long.chars().for_each(|character| assert!(line.press(Press::Char(character))));
    let feet = [
        foot(),
        Foot { said: Some(long.clone()), keys: vec![long.clone()], ..Foot::default() },
        Foot { typed: Some((long.clone(), line)), ..Foot::default() },
    ];
    for columns in (1..24).chain([39, 40, 69, 70, 95, 96, 97, 119, 120, 121]) {
        for rows in (1..20).chain([24, 40]) {
            for (page, foot) in pages.iter().zip(feet.iter().cycle()) {
                for front in [Front::Answer, Front::List, Front::Help] {
                    let scrolled = isize::from(rows % 5 == 0) * (isize::MAX - rows as isize);
                    let list = List { chosen: 3, ..list() };
                    let picture = Replay { page: page.clone(), list, foot: foot.clone(), front, scrolled };
                    // Drawn in the middle of a larger buffer, it leaves the rest alone.
                    let area = Rect::new(3, 2, columns, rows);
                    let mut buffer =
                        Buffer::filled(Rect::new(0, 0, columns + 6, rows + 4), ratatui::buffer::Cell::new("#"));
                    picture.draw(area, &mut buffer, Theme::new(true));
                    let outside = buffer.area.positions().filter(|at| !area.contains(*at));
                    for at in outside {
                        assert_eq!(buffer[at].symbol(), "#", "{columns} by {rows}: {at:?}");
                    }
                }
            }
        }
    }
}
