//! CSV as RFC 4180 has it, with the delimiters that are met, and columns between spaces.

mod quotes;

use std::io;

use self::quotes::{Fed, Quotes};
use super::cell::Cell;
use super::lines::{LONGEST_LINE, Line, Lines, without_return};
use super::options::Delimiter;
use super::rows::Cells;

/// Reads records from lines.
pub(crate) struct Records {
    lines: Lines,
    delimiter: Delimiter,
    /// The line of a record without quotes.
    plain: Vec<u8>,
    quotes: Quotes,
    /// Where the cells of the record are.
    cells: Vec<(usize, usize)>,
}

/// The cells of one record.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    text: &'a str,
    cells: &'a [(usize, usize)],
}

/// What came of reading a record.
pub(crate) struct Read<'a> {
    /// The record's first line, from 1.
    pub(crate) line: u64,
    /// The bytes of the record.
    pub(crate) bytes: usize,
    /// The record, or why there is none.
    pub(crate) record: Result<Record<'a>, String>,
}

/// In which buffer a record was read.
enum Found {
    Plain,
    Quoted,
    Refused(String),
}

impl Records {
    pub(crate) fn new(lines: Lines, delimiter: Delimiter) -> Self {
        Self {
            lines,
            delimiter,
            plain: Vec::new(),
            quotes: Quotes::new(delimiter.byte()),
            cells: Vec::new(),
        }
    }

    /// The number of the line that was read last.
    pub(crate) fn line(&self) -> u64 {
        self.lines.number()
    }

    /// The next record; blank lines are passed over.
    #[inline]
    pub(crate) fn next(&mut self) -> io::Result<Option<Read<'_>>> {
        let Some(found) = self.find()? else {
            return Ok(None);
        };
        let line = match found {
            Found::Quoted => self.quotes.first_line(),
            Found::Plain | Found::Refused(_) => self.lines.number(),
        };
        let text = match found {
            Found::Plain => self.plain.as_slice(),
            Found::Quoted => self.quotes.text(),
            Found::Refused(reason) => {
                return Ok(Some(Read {
                    line,
                    bytes: 0,
                    record: Err(reason),
                }));
            }
        };
        let bytes = text.len();
        let record = match std::str::from_utf8(text) {
            Ok(text) => {
                self.cells.clear();
                match found {
                    Found::Quoted => self.quotes.cells(&mut self.cells),
                    _ => split(text, self.delimiter, &mut self.cells),
                }
                Ok(Record {
                    text,
                    cells: &self.cells,
                })
            }
            Err(error) => Err(format!("not UTF-8 after {} bytes", error.valid_up_to())),
        };
        Ok(Some(Read {
            line,
            bytes,
            record,
        }))
    }

    /// Brings the next record into one of the buffers.
    #[inline]
    fn find(&mut self) -> io::Result<Option<Found>> {
        let line = loop {
            match self.lines.next()? {
                None => return Ok(None),
                Some(Line::Bytes([] | b"\r")) => {}
                Some(Line::Bytes(line)) => break line,
                Some(Line::TooLong) => return Ok(Some(Found::Refused(too_long()))),
            }
        };
        if self.delimiter == Delimiter::Spaces || memchr::memchr(b'"', line).is_none() {
            self.plain.clear();
            self.plain.extend_from_slice(without_return(line));
            return Ok(Some(Found::Plain));
        }
        let fed = self.quotes.begin(line);
        let first_line = self.lines.number();
        self.quotes.set_first_line(first_line);
        self.rest_of_quoted(fed).map(Some)
    }

    /// Goes on with the lines that a quoted cell reaches over.
    fn rest_of_quoted(&mut self, mut fed: Fed) -> io::Result<Found> {
        while let Fed::Open = fed {
            let first_line = self.quotes.first_line();
            fed = match self.lines.next()? {
                Some(Line::Bytes(line)) if self.quotes.bytes() + line.len() <= LONGEST_LINE => {
                    self.quotes.go_on(line)
                }
                Some(_) => {
                    let reason = format!(
                        "the quote opened on line {first_line} is not closed within {LONGEST_LINE} bytes"
                    );
                    return Ok(Found::Refused(reason));
                }
                None => {
                    let reason = format!("the quote opened on line {first_line} is never closed");
                    return Ok(Found::Refused(reason));
                }
            };
        }
        Ok(match fed {
            Fed::Broken => Found::Refused("a carriage return stands outside quotes".to_owned()),
            Fed::Complete | Fed::Open => Found::Quoted,
        })
    }
}

fn too_long() -> String {
    format!("the line is longer than {LONGEST_LINE} bytes")
}

/// Where the cells of a line without quotes are.
#[inline]
fn split(text: &str, delimiter: Delimiter, cells: &mut Vec<(usize, usize)>) {
    if delimiter == Delimiter::Spaces {
        return split_at_spaces(text.as_bytes(), cells);
    }
    let mut start = 0;
    for end in memchr::memchr_iter(delimiter.byte(), text.as_bytes()) {
        cells.push((start, end));
        start = end + 1;
    }
    cells.push((start, text.len()));
}

fn split_at_spaces(text: &[u8], cells: &mut Vec<(usize, usize)>) {
    let mut start = None;
    for (at, byte) in text.iter().enumerate() {
        match (byte, start) {
            (b' ' | b'\t', Some(from)) => {
                cells.push((from, at));
                start = None;
            }
            (b' ' | b'\t', None) | (_, Some(_)) => {}
            (_, None) => start = Some(at),
        }
    }
    if let Some(from) = start {
        cells.push((from, text.len()));
    }
}

impl<'a> Record<'a> {
    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The texts of the cells.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.cells
            .iter()
            .map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }
}

impl Cells for Record<'_> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.cells.get(column) {
            Some((start, end)) => Cell::Raw(self.text.get(*start..*end).unwrap_or_default()),
            None => Cell::Missing,
        }
    }
}

/// The delimiter that a header line has most of, outside quotes; a comma where it has none.
pub(crate) fn detect_delimiter(header: &[u8]) -> Delimiter {
    let mut best = (0, Delimiter::Comma);
    for candidate in [
        Delimiter::Comma,
        Delimiter::Semicolon,
        Delimiter::Tab,
        Delimiter::Pipe,
    ] {
        let mut is_quoted = false;
        let mut count = 0;
        for byte in header {
            match byte {
                b'"' => is_quoted = !is_quoted,
                byte if *byte == candidate.byte() && !is_quoted => count += 1,
                _ => {}
            }
        }
        if count > best.0 {
            best = (count, candidate);
        }
    }
    best.1
}

#[cfg(test)]
mod tests;
