//! The memory against what the crate fsrs computes; `tests/fsrs` says how.

use greenroom::interview::Grade;
use greenroom::interview::schedule::Memory;
use proptest::prelude::*;

const REFERENCE: &str = include_str!("../golden/fsrs-6.tsv");

#[test]
fn the_memory_is_that_of_the_reference_to_a_ten_thousandth() {
    let mut compared = 0;
    for line in REFERENCE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let reviews = columns.next().expect("a line has a history").split(' ').map(|review| {
            let (days, rating) = review.split_once(':').expect("a review has a rating");
            let rating: usize = rating.parse().expect("a rating is a number");
            (days.parse::<u32>().expect("days are a number"), Grade::ALL[rating - 1])
        });
        let memory = remembered(reviews).expect("a history has a review");
        let ours = [
            memory.stability,
            memory.difficulty,
            memory.retrievability(1),
            memory.retrievability(10),
            memory.retrievability(100),
            memory.interval(0.90),
            memory.interval(0.95),
        ];
        let theirs: Vec<f64> = columns.map(|value| value.parse().expect("a value is a number")).collect();
        assert_eq!(theirs.len(), ours.len(), "{line}");
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-4 * theirs.abs(), "{line}: {ours} is not {theirs}");
            compared += 1;
        }
    }
    assert_eq!(compared, 400 * 7);
}

fn remembered(reviews: impl Iterator<Item = (u32, Grade)>) -> Option<Memory> {
    reviews.fold(None, |memory: Option<Memory>, (days, grade)| match memory {
        None => Some(Memory::first(grade)),
        Some(memory) => Some(memory.answered(days, grade)),
    })
}

proptest! {
    #[test]
    fn a_memory_stays_within_its_bounds_and_fades(
        reviews in prop::collection::vec((prop_oneof![0_u32..3, 0_u32..400, any::<u32>()], 0_usize..4), 1..60),
        days in any::<u32>(),
    ) {
        let reviews = reviews.into_iter().map(|(days, grade)| (days, Grade::ALL[grade]));
        let memory = remembered(reviews).expect("there is a review");
        prop_assert!((0.001..=36_500.0).contains(&memory.stability), "{memory:?}");
        prop_assert!((1.0..=10.0).contains(&memory.difficulty), "{memory:?}");
        let chance = memory.retrievability(days);
        prop_assert!((0.0..=1.0).contains(&chance) && memory.retrievability(0) == 1.0);
        prop_assert!(memory.retrievability(days.saturating_add(1)) <= chance);
        prop_assert!(memory.interval(0.95) < memory.interval(0.90));
        prop_assert!((memory.interval(0.90) / memory.stability - 1.0).abs() < 1e-9);
        let [again, hard, good, easy] = Grade::ALL.map(|grade| memory.answered(days, grade).stability);
        prop_assert!(again <= hard && hard <= good && good <= easy);
    }
}
