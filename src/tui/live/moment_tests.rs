use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::speech::Db;
use crate::tui::view::Asks;

/// The sizes that every screen is looked at in.
const SIZES: [(u16, u16); 6] = [(20, 5), (40, 10), (60, 20), (80, 24), (120, 40), (300, 100)];

const STANDS: [Stand; 9] = [
    Stand::Talking,
    Stand::Listening,
    Stand::Reading,
    Stand::Thinking,
    Stand::Answering,
    Stand::Saved,
    Stand::Paused,
    Stand::NoMicrophone,
    Stand::Over,
];

fn view(stand: Stand) -> View {
    View {
        stand,
        who: Some("chief technology officer".to_owned()),
        turn: Some(1),
        take: Some(1),
        left: Some(Duration::from_millis(89_500)),
        said: Some(Duration::from_millis(30_500)),
        limit: Some(Duration::from_secs(120)),
        warning: Some(Duration::from_secs(30)),
        warned: false,
        may_retake: true,
        asks: Asks::Nothing,
        last: false,
        whole: Some(Duration::from_secs(2_385)),
        peak: Some(Db(-20.0)),
        clipped: false,
        sure: None,
    }
}

fn moment(stand: Stand, full: bool) -> Moment {
    Moment {
        view: view(stand),
        asked: Some(Asked {
            heading: "Question 2 of 5 · Foundations · 20s to think, 2m to answer".to_owned(),
            place: "Question 2 of 5".to_owned(),
            text: "How do you decide which engineering metrics reach the board, and which stay in the team?".to_owned(),
            role: Role::Strong,
        }),
        title: "VP of Engineering: 5 questions".to_owned(),
        said: Vec::new(),
        full,
    }
}

/// The screen that a moment makes, as text.
fn shown(moment: &Moment, (columns, rows): (u16, u16), painted: bool) -> String {
    let rows = moment.height(columns, rows);
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| moment.draw(frame.area(), frame.buffer_mut(), Theme::new(painted))).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y: u16| -> String {
        let mut line = String::new();
        let mut x = 0;
        while x < columns {
            let symbol = buffer[(x, y)].symbol();
            line += symbol;
            x += symbol.width().max(1) as u16;
        }
        line.trim_end().to_owned()
    };
    (0..rows).map(|y| line(y) + "\n").collect()
}

fn row(moment: &Moment, width: u16, y: usize) -> String {
    shown(moment, (width, 12), false).lines().nth(y).unwrap_or_default().to_owned()
}

#[test]
fn a_narrow_terminal_keeps_the_time_longest() {
    let moment = moment(Stand::Answering, false);
    assert_eq!(row(&moment, 79, 0), "● Answer  1:30 left  ▓▓▓▓▓▓▓▓▓▓████████████████████░░░░░░░░░░");
    assert_eq!(row(&moment, 40, 0), "● Answer  1:30 left  ▓▓▓▓▓██████████░░░░");
    assert_eq!(row(&moment, 28, 0), "● Answer  1:30 left");
    assert_eq!(row(&moment, 19, 0), "● Answer  1:30 left");
    assert_eq!(row(&moment, 15, 0), "● Answer  1:30");
}

#[test]
fn while_somebody_answers_there_is_clock_level_and_how_to_end() {
    let answering = moment(Stand::Answering, false);
    let bar = gauges::bar(Duration::from_millis(89_500), Duration::from_secs(120), Some(Duration::from_secs(30)), 39);
    assert_eq!(
        shown(&answering, (60, 12), false),
        format!("● Answer  1:30 left  {bar}\nMicrophone  ▮▮▮▮▮▮▯▯\nenter: done · r: once more\n")
    );
    let thinking = moment(Stand::Thinking, false);
    assert_eq!(row(&thinking, 79, 1), "Microphone  ▮▮▮▮▮▮▯▯  Question 2 of 5 · 39:45 left in all");
    assert_eq!(row(&thinking, 79, 2), "enter: answer · s: repeat · p: pause · k: skip · q: save and quit · ?: keys");
    assert_eq!(row(&thinking, 39, 1), "Mic ▮▮▮▮▮▮▯▯  39:45 left in all");
    assert_eq!(row(&thinking, 50, 2), "enter: answer · s: repeat · p: pause · k: skip");
}

#[test]
fn two_rows_and_one_have_clock_and_level() {
    let moment = moment(Stand::Answering, false);
    assert_eq!(shown(&moment, (30, 8), false), "● Answer  1:30 left  ▮▮▮▮▮▮▯▯\nenter: done · r: once more\n");
    assert_eq!(shown(&moment, (25, 5), false), "● Answer  1:30 left\n");
}

#[test]
fn a_sound_that_is_too_loud_and_a_warning_are_told_by_words_and_signs() {
    let mut loud = moment(Stand::Answering, false);
    (loud.view.clipped, loud.view.peak) = (true, Some(Db(0.0)));
    assert_eq!(row(&loud, 60, 1), "Microphone  ▮▮▮▮▮▮▮▮ too loud");
    (loud.view.warned, loud.view.left) = (true, Some(Duration::from_secs(12)));
    let status = row(&loud, 60, 0);
    assert!(status.contains('▓') && !status.contains('█'), "{status}");
}

#[test]
fn a_key_that_would_cost_something_says_what() {
    let mut asking = moment(Stand::Answering, false);
    asking.view.sure = Some("q again: stop here (your answer so far is saved)");
    assert_eq!(row(&asking, 60, 2), "q again: stop here (your answer so far is saved)");
    assert_eq!(row(&asking, 30, 2), "q again: stop here");
}

#[test]
fn nothing_is_drawn_outside_of_the_area_at_any_size() {
    let text = "日本語の質問 שאלה 🙂 ".repeat(20);
    for (stand, full) in STANDS.into_iter().flat_map(|stand| [(stand, false), (stand, true)]) {
        let mut moment = moment(stand, full);
        moment.asked.as_mut().unwrap().text = text.clone();
        moment.said = (0..30).map(|n| Paragraph { text: format!("{n} {text}"), role: Role::Text }).collect();
        for (columns, rows) in [1, 2, 3, 7, 19, 40, 81]
            .into_iter()
            .flat_map(|columns| [1, 2, 3, 5, 6, 9, 17, 30].map(|rows| (columns, rows)))
        {
            let whole = Rect::new(0, 0, columns + 4, rows + 2);
            let area = Rect::new(2, 1, columns, rows);
            let mut buffer = Buffer::empty(whole);
            moment.draw(area, &mut buffer, Theme::new(true));
            let outside = whole.positions().filter(|at| !area.contains(*at) && buffer[*at].symbol() != " ");
            assert_eq!(outside.count(), 0, "{stand:?} {full} {columns}x{rows}");
        }
    }
}

#[test]
fn the_screens_are_as_they_were_looked_at() {
    let mut texts = String::new();
    for stand in STANDS {
        texts += &format!("== {stand:?}, below the lines, 80x24\n{}\n", shown(&moment(stand, false), (79, 24), false));
    }
    for (size, stand) in SIZES.into_iter().flat_map(|size| [Stand::Thinking, Stand::Answering].map(|s| (size, s))) {
        let mut moment = moment(stand, true);
        moment.said = vec![Paragraph { text: "Note: the microphone is back.".to_owned(), role: Role::Alarm }];
        texts += &format!("== {stand:?}, {}x{}\n{}\n", size.0, size.1, shown(&moment, size, false));
    }
    let mut saved = moment(Stand::Saved, true);
    saved.view.asks = Asks::Points(3);
    let points = ["Names the metric", "Says who decides", "Gives a number"];
    saved.said = [("Done. Saved 1:12 in takes/02-metrics-1.wav.", Role::Text), ("Rated good: saved.", Role::Text)]
        .into_iter()
        .map(|(text, role)| Paragraph { text: text.to_owned(), role })
        .chain(points.iter().enumerate().map(|(n, point)| Paragraph {
            text: format!("{} {} {point}", if n == 1 { '✓' } else { ' ' }, n + 1),
            role: Role::Text,
        }))
        .collect();
    for size in SIZES {
        texts += &format!("== Saved, {}x{}\n{}\n", size.0, size.1, shown(&saved, size, false));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/screens/live.txt");
    if std::env::var_os("GREENROOM_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &texts).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(texts == golden, "the screens are others than in {path:?}: look at them, and bless them\n{texts}");
}

#[test]
fn paint_changes_no_cell() {
    for (stand, size) in STANDS.into_iter().flat_map(|stand| SIZES.map(|size| (stand, size))) {
        for full in [false, true] {
            let moment = moment(stand, full);
            assert_eq!(shown(&moment, size, true), shown(&moment, size, false));
        }
    }
}
