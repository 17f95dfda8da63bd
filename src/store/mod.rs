//! The files: banks, formats, config, session folders, the journal.
//!
//! It reads what people and earlier sessions wrote, trusting neither, and writes so that a kill at any instant leaves
//! files that open.
//! It knows nothing of devices, voices or the session loop; `docs/format.md` specifies every file for other programs.

pub mod analyses;
pub mod analysis;
pub mod bank_file;
pub mod bank_writer;
pub mod banks;
pub mod boot;
pub mod calendar;
pub mod catalogue;
pub mod config;
mod entry;
pub mod event;
mod examine;
mod files;
pub mod flaw;
mod fold;
pub mod format_file;
pub mod guidance_file;
pub mod home;
pub mod imports;
pub mod journal;
pub mod ledger;
pub mod manifest;
mod mend;
pub mod nearest;
pub mod panel_file;
pub mod panel_part;
pub mod panels;
pub mod peaks_file;
pub mod recovery;
mod reserve;
pub mod review;
mod review_error;
mod review_taps;
pub mod session;
mod settle;
mod sheet;
mod shelf;
pub mod space;
pub mod story_file;
mod take_name;
pub mod tellings;
mod unplanned;
mod wav_head;

pub use banks::{BankEntry, BankError, Banks, Source};
pub use config::Config;
pub use event::{Happening, TakePart};
pub use flaw::{FileFlaws, Flaw};
pub use home::{FoundBy, Home, HomeError};
pub use journal::{Journal, JournalRead};
pub use manifest::{Manifest, ManifestTake, ManifestTurn};
pub use panels::{PanelEntry, PanelError, Panels};
pub use session::{SessionEntry, SessionError, SessionFolder};
