//! What joins the floors below: the session loop and the commands.

pub mod asking;
pub mod checkup;
pub mod cli;
pub mod conduct;
pub mod demo;
pub mod doctor;
pub mod ends;
pub mod failure;
pub mod finding;
pub mod hint;
pub mod keeper;
pub mod library;
pub mod manual;
pub mod player;
pub mod print;
pub mod prompter;
pub mod questions;
pub mod redraw;
pub mod rehearse;
pub mod replay;
pub mod report;
pub mod resume;
pub mod session;
pub mod sessions;
pub mod signals;
pub mod split;
