//! The words of a moment: where the session stands, how long still, and what can be pressed.

use std::time::Duration;

use crate::interview::time::show_clock;
use crate::tui::theme::Role;
use crate::tui::view::{Asks, Stand, View};

/// Where the session stands, and how that looks.
pub fn label(view: &View) -> (&'static str, Role) {
    match view.stand {
        Stand::Talking | Stand::Listening => ("♪ Listen", Role::Badge),
        Stand::Reading => ("≡ Read", Role::Badge),
        Stand::Thinking => ("… Think", Role::Badge),
        Stand::Answering if view.warned => ("● Answer", Role::Hurry),
        Stand::Answering => ("● Answer", Role::Recording),
        Stand::Saved if view.asks == Asks::Rating => ("How did it go?", Role::Badge),
        Stand::Saved => ("✓ Saved", Role::Badge),
        Stand::Paused => ("‖ Paused", Role::Held),
        Stand::NoMicrophone => ("‖ Waiting for the microphone", Role::Held),
        Stand::Over => ("", Role::Text),
    }
}

/// How long still, or how long already.
pub fn time(view: &View) -> String {
    match (view.stand, view.left, view.said) {
        (Stand::Talking | Stand::Listening | Stand::NoMicrophone | Stand::Over, ..) => String::new(),
        (Stand::Saved, ..) if view.asks == Asks::Rating => String::new(),
        (Stand::Saved, Some(left), _) => show_clock(whole_seconds(left)),
        (_, Some(left), _) => format!("{} left", show_clock(whole_seconds(left))),
        (Stand::Answering, None, Some(said)) => show_clock(said),
        _ => String::new(),
    }
}

/// What a person would press now, the likeliest first.
pub fn keys(view: &View) -> Vec<String> {
    let plain = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let next = if view.last { "enter: finish" } else { "enter: next question" };
    match view.asks {
        Asks::Nothing => {}
        Asks::Rating => return plain(&["1 again", "2 hard", "3 good", "4 easy", next]),
        Asks::Points(0) => return plain(&[next, "backspace: rate again"]),
        Asks::Points(count) => {
            let said = format!("1–{count}: I said this");
            return [vec![said], plain(&[next, "backspace: rate again"])].concat();
        }
    }
    let mut keys = match (view.stand, view.may_retake) {
        (Stand::Talking, _) => plain(&["enter: go on"]),
        (Stand::Listening, _) => plain(&["enter: I know it", "s: again"]),
        (Stand::Reading, _) => plain(&["enter: I have read it"]),
        (Stand::Thinking, _) => plain(&["enter: answer", "s: repeat", "p: pause", "k: skip"]),
        (Stand::Answering, true) => plain(&["enter: done", "r: once more"]),
        (Stand::Answering, false) => plain(&["enter: done"]),
        (Stand::Saved, true) if view.last => plain(&["r: once more", next]),
        (Stand::Saved, true) => plain(&["r: once more", next, "p: pause"]),
        (Stand::Saved, false) if view.last => plain(&[next]),
        (Stand::Saved, false) => plain(&[next, "p: pause"]),
        (Stand::Paused, _) => plain(&["p: go on"]),
        (Stand::NoMicrophone, _) => Vec::new(),
        (Stand::Over, _) => return Vec::new(),
    };
    // While somebody answers, no more is shown than how to end.
    if view.stand != Stand::Answering {
        keys.extend(plain(&["q: save and quit", "?: keys"]));
    }
    keys
}

/// What is left, as a person counts down: the last second is 1, not 0.
pub fn whole_seconds(left: Duration) -> Duration {
    Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_second_is_counted_as_one() {
        for (millis, shown) in [(0, "0:00"), (1, "0:01"), (1_000, "0:01"), (1_001, "0:02"), (59_999, "1:00")] {
            assert_eq!(show_clock(whole_seconds(Duration::from_millis(millis))), shown);
        }
    }
}
