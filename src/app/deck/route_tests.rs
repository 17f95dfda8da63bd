use std::convert::Infallible;

use proptest::prelude::*;

use super::*;

const RATE: u32 = 1_000;
const FADE: usize = 5;

/// A recording whose frames tell their place.
fn place(frame: u64) -> f32 {
    (frame + 1) as f32
}

/// The first frames of a way, taken in blocks of this length, and its marks.
fn heard(route: &mut Route, end: u64, most: usize, block: usize) -> (Vec<f32>, Vec<Mark>) {
    let (mut heard, mut marks) = (Vec::new(), Vec::new());
    while heard.len() < most {
        let mut some = vec![0.0; block.min(most - heard.len())];
        let before = heard.len() as u64;
        let read = |from: u64, output: &mut [f32]| {
            output
                .iter_mut()
                .zip(from..)
                .for_each(|(sample, frame)| *sample = if frame < end { place(frame) } else { 0.0 });
            Ok::<(), Infallible>(())
        };
        let Ok(count) = route.fill(&mut some, end, before, &mut marks, read);
        heard.extend(&some[..count]);
        if count < some.len() {
            break;
        }
    }
    (heard, marks)
}

/// What the order is by the rules, one frame after the other: the place of each, and how long ago it was joined.
fn by_the_rules(
    from: u64,
    cuts: &[Range<u64>],
    looped: Option<Range<u64>>,
    end: u64,
    most: usize,
) -> Vec<(u64, usize)> {
    let looped = looped.filter(|looped| from < looped.end);
    let (mut at, mut since, mut order) = (from, if from > 0 { 0 } else { FADE }, Vec::new());
    while order.len() < most {
        for _ in 0..3 {
            let before = at;
            if let Some(looped) = &looped
                && at >= looped.end.min(end)
                && looped.start < end
            {
                at = looped.start;
            } else if let Some(cut) = cuts.iter().find(|cut| cut.contains(&at)) {
                at = cut.end;
            }
            // What is joined before anything was heard is a beginning.
            since = if at != before { 0 } else { since };
        }
        if at >= end {
            break;
        }
        order.push((at, since));
        (at, since) = (at + 1, since + 1);
    }
    order
}

fn check(from: u64, cuts: Vec<Range<u64>>, looped: Option<Range<u64>>, end: u64, block: usize) {
    let most = 3_000;
    let mut route = Route::new(from, cuts, looped.clone(), end, RATE);
    let used = route.cuts.clone();
    let looped = looped.map(|looped| looped.start..looped.end.min(end));
    let looped = looped.filter(|looped| looped.end.saturating_sub(looped.start) > FADE as u64);
    let expected = by_the_rules(from, &used, looped, end, most);
    let begins = route.at();
    let (heard, marks) = heard(&mut route, end, most, block);
    assert_eq!(heard.len(), expected.len(), "from {from}, cuts {used:?}");
    for (n, (heard, (frame, since))) in heard.iter().zip(&expected).enumerate() {
        // Within a fade the sound before is heard too.
        if *since >= FADE {
            assert_eq!(*heard, place(*frame), "{n}, from {from}, cuts {used:?}");
        }
        let mark = marks.iter().rev().find(|mark| mark.index <= n as u64);
        let told = mark.map_or(begins + n as u64, |mark| mark.frame + n as u64 - mark.index);
        assert_eq!(told, *frame, "the place of {n}");
    }
}

fn one(cut: Range<u64>) -> Vec<Range<u64>> {
    std::iter::once(cut).collect()
}

#[test]
fn a_way_from_the_beginning_is_the_recording_frame_by_frame() {
    let (heard, marks) = heard(&mut Route::new(0, Vec::new(), None, 100, RATE), 100, 1_000, 7);
    assert_eq!(heard, (0..100).map(place).collect::<Vec<_>>());
    assert_eq!(marks, []);
}

#[test]
fn a_loop_has_the_same_length_each_time_to_the_frame() {
    let (heard, marks) = heard(&mut Route::new(20, Vec::new(), Some(10..37), 100, RATE), 100, 27 * 50, 16);
    let joins: Vec<u64> = marks.iter().map(|mark| mark.index).collect();
    assert_eq!(joins, (0..).map(|n| 17 + 27 * n).take(joins.len()).collect::<Vec<_>>());
    assert!(marks.iter().all(|mark| mark.frame == 10) && marks.len() >= 49);
    assert_eq!(heard[17 + 27..17 + 54], heard[17 + 54..17 + 81]);
}

#[test]
fn a_join_steps_no_further_than_the_fade_makes_it() {
    for (cuts, looped) in [(one(50..900), None), (Vec::new(), Some(10..60)), (Vec::new(), Some(900..1_000))] {
        let from = looped.as_ref().map_or(0, |looped: &Range<u64>| looped.start);
        let (heard, _) = heard(&mut Route::new(from, cuts, looped, 1_000, RATE), 1_000, 400, 64);
        let steepest = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 1_000.0 / FADE as f32 + 1.0, "{steepest}");
    }
}

#[test]
fn cuts_that_leave_nothing_of_a_loop_are_none() {
    let (heard, _) = heard(&mut Route::new(20, one(10..90), Some(20..80), 100, RATE), 100, 500, 64);
    assert_eq!(heard.len(), 500);
    assert_eq!(heard[30], place(50));
}

#[test]
fn who_begins_behind_a_loop_has_left_it() {
    let (heard, _) = heard(&mut Route::new(50, Vec::new(), Some(10..50), 100, RATE), 100, 500, 64);
    assert_eq!(heard.len(), 50);
}

#[test]
fn a_recording_that_became_shorter_ends_the_loop_earlier_or_is_over() {
    let (some, _) = heard(&mut Route::new(20, Vec::new(), Some(20..80), 100, RATE), 50, 300, 64);
    assert_eq!((some.len(), some[35]), (300, place(25)));
    let (none, _) = heard(&mut Route::new(20, Vec::new(), Some(20..80), 100, RATE), 15, 300, 64);
    assert_eq!(none.len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_way_is_as_the_rules_say(
        from in 0u64..1_000,
        gaps in prop::collection::vec((1u64..120, 1u64..200), 0..8),
        looped in prop::option::of((0u64..1_000, 1u64..500)),
        end in 1u64..1_200,
        block in 1usize..300,
    ) {
        let mut at = 0;
        let cuts = gaps.into_iter().map(|(gap, length)| {
            let cut = at + gap..at + gap + length;
            at = cut.end;
            cut
        }).collect();
        check(from, cuts, looped.map(|(start, length)| start..start + length), end, block);
    }
}
