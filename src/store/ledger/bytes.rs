//! Numbers and texts as bytes, written and read again. Whatever the bytes are, reading them ends and never panics.
//!
//! It knows nothing of what they are of.

use std::time::Duration;

/// Bytes that are written.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A number: seven bits a byte, the lowest first, the eighth where more follow.
    pub(super) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub(super) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn flag(&mut self, value: bool) {
        self.byte(value.into());
    }

    /// Eight bytes, the lowest first.
    pub(super) fn whole(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn time(&mut self, value: Duration) {
        self.number(value.as_secs());
        self.number(value.subsec_nanos().into());
    }

    /// Bytes after their count.
    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    pub(super) fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// Whether there is a value, and the value.
    pub(super) fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Bytes that are read; `None` where they are not what is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn count(&mut self) -> Option<usize> {
        self.number()?.try_into().ok()
    }

    pub(super) fn whole(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(super) fn time(&mut self) -> Option<Duration> {
        let (seconds, nanos) = (self.number()?, self.number()?.try_into().ok()?);
        (nanos < 1_000_000_000).then(|| Duration::new(seconds, nanos))
    }

    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let count = self.count()?;
        self.take(count)
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn maybe<T>(&mut self, read: impl FnOnce(&mut Reader<'b>) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    /// As many things as their count says, which is no more than there are bytes left.
    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Reader<'b>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        if count > self.0.len() {
            return None;
        }
        // What a thing takes in memory is more than a byte: room is made as they come.
        let mut list = Vec::with_capacity(count.min(64));
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(number: u64, whole: u64, text: String, nanos in 0u32..1_000_000_000) {
            let mut writer = Writer::default();
            writer.number(number);
            writer.whole(whole);
            writer.text(&text);
            writer.time(Duration::new(number, nanos));
            writer.maybe(Some(&text), |writer, text| writer.text(text));
            writer.maybe(None::<&str>, |writer, text| writer.text(text));
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.whole(), Some(whole));
            prop_assert_eq!(reader.text(), Some(text.as_str()));
            prop_assert_eq!(reader.time(), Some(Duration::new(number, nanos)));
            prop_assert_eq!(reader.maybe(|reader| reader.text()), Some(Some(text.as_str())));
            prop_assert_eq!(reader.maybe(|reader| reader.text()), Some(None));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn no_bytes_are_read_beyond_their_end(bytes: Vec<u8>) {
            let _ = Reader(&bytes).number();
            let _ = Reader(&bytes).time();
            let _ = Reader(&bytes).text();
            let _ = Reader(&bytes).list(|reader| reader.text());
        }
    }

    #[test]
    fn a_count_beyond_all_bytes_is_none() {
        let mut writer = Writer::default();
        writer.number(u64::MAX);
        assert_eq!(Reader(&writer.0).bytes(), None);
        assert!(Reader(&writer.0).list(|reader| reader.byte()).is_none());
        assert_eq!(Reader(&[0xff; 20]).number(), None);
    }
}
