use super::*;
use unicode_width::UnicodeWidthStr;

/// 40 s of 60: spoken from 2 to 36 with two pauses, and a likely filler.
fn answer() -> Strip {
    Strip {
        length_s: 40.0,
        limit_s: Some(60.0),
        speech: vec![(2.0, 10.0), (11.0, 20.0), (25.0, 36.0)],
        fillers: vec![(13.1, 13.5)],
    }
}

fn ascii(strip: &Strip, width: usize, whole_s: f64) -> String {
    strip.draw(width, whole_s, Marks::Ascii)
}

#[test]
fn a_line_shows_an_answer_and_the_room_that_its_limit_left() {
    let strip = answer();
    assert_eq!(ascii(&strip, 61, 60.0), "--########.##~######.....###########----____________________|");
    assert_eq!(strip.draw(61, 60.0, Marks::Unicode), "──████████·██▒██████·····███████████────▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁│");
}

#[test]
fn a_narrow_line_keeps_what_matters() {
    let strip = answer();
    assert_eq!(ascii(&strip, 0, 60.0), "");
    assert_eq!(ascii(&strip, 1, 60.0), "#");
    assert_eq!(ascii(&strip, 2, 60.0), "#|");
    assert_eq!(ascii(&strip, 8, 60.0), "##.#-__|");
    assert_eq!(ascii(&strip, 40, 60.0), "-#####.#~####...#######---_____________|");
}

#[test]
fn a_wide_line_shows_more() {
    let drawn = ascii(&answer(), 200, 60.0);
    assert_eq!(drawn.len(), 200);
    assert_eq!(drawn.matches('.').count(), 20);
    assert_eq!(drawn.matches('~').count(), 2);
    assert!(drawn.starts_with("-------#") && drawn.ends_with("_|"), "{drawn}");
}

#[test]
fn answers_of_a_session_have_one_scale() {
    let (long, short) = (answer(), Strip { length_s: 20.0, limit_s: None, speech: vec![(0.0, 20.0)], fillers: vec![] });
    let whole = Strip::whole_s([&long, &short]);
    assert_eq!(whole, 60.0);
    assert_eq!(ascii(&short, 61, whole), "#".repeat(20));
    let limited = Strip { limit_s: Some(30.0), ..short };
    assert_eq!(ascii(&limited, 61, whole), "####################__________|");
}

#[test]
fn an_answer_beyond_its_limit_shows_where_that_was() {
    let strip = Strip { limit_s: Some(10.0), length_s: 20.0, speech: vec![(0.0, 20.0)], fillers: vec![] };
    assert_eq!(ascii(&strip, 21, 20.0), "##########|#########");
}

#[test]
fn an_answer_that_ends_at_its_limit_has_no_room_left() {
    let strip = Strip { limit_s: Some(20.0), length_s: 20.0, speech: vec![(0.0, 20.0)], fillers: vec![] };
    assert_eq!(ascii(&strip, 21, 20.0), "####################|");
    assert_eq!(ascii(&strip, 11, 20.0), "##########|");
}

#[test]
fn a_stall_is_seen_however_narrow_the_line_is() {
    let speech = vec![(0.0, 61.0), (64.0, 120.0)];
    let strip = Strip { length_s: 120.0, speech, ..Strip::default() };
    assert_eq!(ascii(&strip, 13, 120.0), "######.#####");
    let short = Strip { speech: vec![(0.0, 61.0), (61.5, 120.0)], ..strip };
    assert_eq!(ascii(&short, 13, 120.0), "############");
}

#[test]
fn a_single_word_is_seen() {
    let strip = Strip { length_s: 60.0, speech: vec![(30.0, 30.3)], ..Strip::default() };
    assert_eq!(ascii(&strip, 11, 60.0), "-----#----");
    assert_eq!(ascii(&Strip { speech: vec![], ..strip }, 11, 60.0), "----------");
}

#[test]
fn no_line_is_wider_than_asked_whatever_the_times() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 0.3, 7.0, 59.9, 1e12, f64::MAX];
    let spans: Vec<(f64, f64)> = odd.iter().flat_map(|&start| odd.iter().map(move |&end| (start, end))).collect();
    for length_s in odd {
        for limit_s in odd.map(Some).into_iter().chain([None]) {
            for speech in [spans.clone(), vec![(0.5, 3.0), (5.0, 6.0)], vec![]] {
                let strip = Strip { length_s, limit_s, speech, fillers: spans.clone() };
                assert!(!strip.sentence().contains("NaN"));
                for whole in odd {
                    for width in [0, 1, 2, 8, 40, 200] {
                        let drawn = strip.draw(width, whole, Marks::Unicode);
                        assert!(drawn.width() <= width, "{width} {whole} {strip:?}: {drawn}");
                    }
                }
            }
        }
    }
    assert!(answer().draw(usize::MAX, 60.0, Marks::Ascii).len() <= WIDEST);
}

#[test]
fn the_legend_names_every_mark() {
    assert_eq!(legend(Marks::Ascii), "# speech  . pause  ~ likely filler  - before and after  _ time left  | limit");
    assert!(legend(Marks::Unicode).starts_with("█ speech"));
    assert!(legend(Marks::Unicode).width() < 80);
}

#[test]
fn a_sentence_says_the_same_for_those_who_do_not_see_it() {
    let strip = answer();
    assert_eq!(strip.sentence(), "spoken 0:34 of 1:00, 2 pauses, the longest 5.0 s at 0:20, 1 likely filler at 0:13");
    let strip = Strip { limit_s: None, speech: vec![(2.0, 9.0), (9.5, 30.0)], ..strip };
    let strip = Strip { fillers: vec![(3.0, 3.5), (12.0, 12.4)], ..strip };
    assert_eq!(
        strip.sentence(),
        "spoken 0:28 of 0:40 recorded, 1 pause of 0.5 s at 0:09, 2 likely fillers, the first at 0:03"
    );
    let strip = Strip { speech: vec![(2.0, 9.0)], fillers: vec![], ..strip };
    assert_eq!(strip.sentence(), "spoken 0:07 of 0:40 recorded, no pauses");
    assert_eq!(Strip { speech: vec![], ..strip }.sentence(), "no speech in 0:40");
}
