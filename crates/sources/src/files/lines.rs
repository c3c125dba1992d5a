//! The lines of a text, numbered from 1, in bounded memory.

use std::io::{self, Read};

/// Bytes of the longest line that is read; longer ones are passed over.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

/// Bytes of the buffer at first; it grows to twice [`LONGEST_LINE`].
const BUFFER: usize = 1 << 20;

/// Reads lines ended by `\n`; the last needs no end.
pub(crate) struct Lines {
    content: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// The part of the buffer that is filled and not yet given out.
    start: usize,
    end: usize,
    is_at_end: bool,
    number: u64,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its bytes without the `\n`; see [`without_return`].
    Bytes(&'a [u8]),
    /// It is longer than [`LONGEST_LINE`].
    TooLong,
}

impl Lines {
    pub(crate) fn new(content: Box<dyn Read + Send>) -> Self {
        Self {
            content,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            is_at_end: false,
            number: 0,
        }
    }

    /// The number of the line that was given out last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What is in the buffer and not yet given out, at least `wanted` bytes unless the text ends
    /// before.
    pub(crate) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.end - self.start < wanted && !self.is_at_end {
            self.fill()?;
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    /// Passes over bytes that were peeked.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Whether the next line is there and has no content.
    pub(crate) fn is_next_blank(&mut self) -> io::Result<bool> {
        let start = self.peek(2)?;
        Ok(start.starts_with(b"\n") || start == b"\r" || start.starts_with(b"\r\n"))
    }

    /// The next line. After an error there is none: the part of a line before it is not given
    /// out.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let mut searched = 0;
        loop {
            let rest = self
                .buffer
                .get(self.start + searched..self.end)
                .unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                let line = self.start..self.start + searched + length;
                self.start = line.end + 1;
                self.number += 1;
                if line.len() > LONGEST_LINE {
                    return Ok(Some(Line::TooLong));
                }
                return Ok(Some(Line::Bytes(self.buffer.get(line).unwrap_or_default())));
            }
            searched = self.end - self.start;
            if searched > LONGEST_LINE {
                self.pass_over()?;
                self.number += 1;
                return Ok(Some(Line::TooLong));
            }
            if self.is_at_end {
                let line = self.start..self.end;
                self.start = self.end;
                if line.is_empty() {
                    return Ok(None);
                }
                self.number += 1;
                return Ok(Some(Line::Bytes(self.buffer.get(line).unwrap_or_default())));
            }
            self.fill()?;
        }
    }

    /// Drops everything up to the end of the line.
    fn pass_over(&mut self) -> io::Result<()> {
        loop {
            let rest = self.buffer.get(self.start..self.end).unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                self.start += length + 1;
                return Ok(());
            }
            self.start = self.end;
            if self.is_at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads more, moving what is left to the front and growing where it fills the buffer.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        match self.content.read(free) {
            Ok(0) => self.is_at_end = true,
            Ok(length) => self.end += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                self.is_at_end = true;
                self.start = self.end;
                return Err(error);
            }
        }
        Ok(())
    }
}

/// A line without the `\r` that stands before `\n` in some files.
pub(crate) fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: Vec<u8>) -> Vec<Option<Vec<u8>>> {
        let mut lines = Lines::new(Box::new(io::Cursor::new(text)));
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(match line {
                Line::Bytes(bytes) => Some(without_return(bytes).to_vec()),
                Line::TooLong => None,
            });
        }
        assert_eq!(lines.number(), all.len() as u64);
        all
    }

    #[test]
    fn lines_end_with_or_without_a_return_and_the_last_needs_no_end() {
        let some = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(
            lines(b"a\r\n\nb\n".to_vec()),
            [some("a"), some(""), some("b")]
        );
        assert_eq!(lines(b"a\nb".to_vec()), [some("a"), some("b")]);
        assert!(lines(Vec::new()).is_empty());
    }

    #[test]
    fn a_line_beyond_the_limit_is_passed_over_and_its_neighbours_are_not() {
        let mut text = b"first\n".to_vec();
        text.resize(text.len() + LONGEST_LINE + BUFFER, b'x');
        text.extend_from_slice(b"\nlast");
        let lengths = |text| -> Vec<Option<usize>> {
            let lines = lines(text);
            lines
                .iter()
                .map(|line| line.as_ref().map(Vec::len))
                .collect()
        };
        assert_eq!(lengths(text), [Some(5), None, Some(4)]);
        assert_eq!(lengths(vec![b'x'; LONGEST_LINE]), [Some(LONGEST_LINE)]);
        assert_eq!(lengths(vec![b'x'; LONGEST_LINE + 1]), [None]);
    }
}
