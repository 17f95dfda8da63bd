//! The order of a session's plan.

use greenroom::interview::plan::TimingChoice;
use greenroom::interview::{Filter, Order, Plan, Seed};
use greenroom::store::{bank_file, format_file};

#[test]
fn a_plan_asks_in_the_order_that_is_due_and_what_is_not_in_it_last() {
    let formats = format_file::formats(None).expect("the built-in formats have no flaws");
    let text = include_str!("../../questions/behavioral.toml");
    let bank = bank_file::parse_bank("behavioral.toml", text, &formats).expect("the built-in bank has no flaws");
    let due: Vec<String> = bank.questions.iter().rev().skip(3).map(|question| question.id.clone()).collect();
    let draw = |filter: &Filter| {
        let plan = Plan::draw(&bank, &formats, filter, Order::Due, &TimingChoice::default(), Seed(1), &due);
        plan.expect("it can be drawn").turns.into_iter().map(|turn| turn.question).collect::<Vec<_>>()
    };
    let all = draw(&Filter::default());
    assert_eq!((&all[..due.len()], all.len()), (&due[..], bank.questions.len()));
    assert_eq!(draw(&Filter { count: Some(2), ..Filter::default() }), due[..2]);
    let named = vec![due[5].clone(), due[1].clone()];
    assert_eq!(draw(&Filter { questions: named.clone(), ..Filter::default() }), named, "who names them has an order");
}
