//! The words and the rules of an interview.
//!
//! Everything here is plain data and pure functions over it: time counted in frames, questions, timing presets, the
//! plan drawn from a seed, and the engine that walks through the plan.
//! It knows nothing of files, devices, clocks or screens, and needs nothing but `std`.

pub mod bank;
pub mod draw;
pub mod engine;
pub mod events;
pub mod format;
pub mod grade;
pub mod panel;
pub mod plan;
pub mod schedule;
pub mod story;
pub mod text;
pub mod time;

pub use bank::{Bank, FollowUp, Point, Question, Section, When};
pub use draw::Seed;
pub use engine::Engine;
pub use events::{Command, Cue, Event, HeldBy, Outcome, Phase, TakeEnd};
pub use format::{Format, Timing};
pub use grade::Grade;
pub use panel::Panel;
pub use plan::{Filter, Order, Plan, PlanError, Turn};
pub use story::{Story, StoryKind};
pub use text::Text;
pub use time::{Frame, Frames, SampleRate};
