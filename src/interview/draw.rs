//! Drawing lots from a seed, the same on every machine.

/// Where a session's chances come from: the same seed and bank give the same session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// A stream of numbers drawn from a [`Seed`].
///
/// SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195), whose output is defined for all time, unlike
/// that of a library's default generator.
#[derive(Debug, Clone)]
pub struct Lots(u64);

impl Lots {
    /// Starts the stream of `seed`.
    pub fn new(seed: Seed) -> Lots {
        Lots(seed.0)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which must not be 0; each as likely as the next to within 2⁻⁶⁴ × `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }

    /// Puts `items` in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        // The first outputs of the published reference implementation for the state 0.
        let mut lots = Lots::new(Seed(0));
        assert_eq!(lots.draw(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(lots.draw(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Lots::new(Seed(7)).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
