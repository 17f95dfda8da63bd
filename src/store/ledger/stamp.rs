//! By what it is seen that a session is as it was: when its files and folders changed last, and how large they are.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::store::session::MANIFEST;
use crate::store::{analyses, journal, review};

/// What was changed so shortly ago may be changed once more without a trace: clocks of file systems tick every two
/// seconds at worst.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// The state of a session's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// A sum of all that is looked at.
    pub(super) sum: u64,
    /// Whether any further change would be seen.
    pub(super) is_settled: bool,
}

impl Stamp {
    /// Looks at a session's folder as it is at `now`.
    ///
    /// The folder itself tells of names in it: a rating, a lock's reserve, a manifest that took the place of another.
    pub(super) fn of(folder: &Path, now: SystemTime) -> Stamp {
        let mut sum = Sum(0);
        let mut newest = UNIX_EPOCH;
        let mut look = |path: &Path| {
            let there = path.symlink_metadata();
            match &there {
                Ok(there) => {
                    newest = newest.max(sum.add(there));
                }
                Err(error) => sum.mix(1 + u64::from(error.kind() == ErrorKind::NotFound)),
            }
        };
        look(folder);
        for name in [MANIFEST, journal::NAME, review::NAME, "takes", analyses::FOLDER] {
            look(&folder.join(name));
        }
        let is_settled = now.duration_since(newest).is_ok_and(|since| since > SETTLED_AFTER);
        Stamp { sum: sum.0, is_settled }
    }
}

struct Sum(u64);

impl Sum {
    /// The mixing of SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195).
    fn mix(&mut self, value: u64) {
        let mut z = (self.0 ^ value).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        self.0 = z ^ (z >> 31);
    }

    /// Adds what there is to see of a file; gives when it was changed.
    fn add(&mut self, there: &Metadata) -> SystemTime {
        let changed = there.modified().unwrap_or(UNIX_EPOCH);
        let nanos = match changed.duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_nanos() as u64,
            Err(before) => !(before.duration().as_nanos() as u64),
        };
        self.mix(3 + u64::from(there.is_file()) + 2 * u64::from(there.is_dir()));
        self.mix(nanos);
        self.mix(there.len());
        #[cfg(unix)]
        {
            // A file that took the place of another has another number, whatever its times say.
            use std::os::unix::fs::MetadataExt;
            self.mix(there.ino());
        }
        changed
    }
}
