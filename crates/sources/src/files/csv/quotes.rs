//! Records with quotes: cells that hold delimiters, quotes and ends of lines.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::files::lines::without_return;

/// One record at a time, fed line by line.
pub(super) struct Quotes {
    reader: Reader,
    /// The cells without their quotes, one behind the other.
    text: Vec<u8>,
    length: usize,
    /// Where the cells end in `text`.
    ends: Vec<usize>,
    count: usize,
    first_line: u64,
}

/// Whether a record is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    Complete,
    /// A quote is open: the next line belongs to the record.
    Open,
    /// A carriage return stands alone outside quotes.
    Broken,
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 1024],
            length: 0,
            ends: vec![0; 64],
            count: 0,
            first_line: 0,
        }
    }

    /// Begins a record with its first line.
    pub(super) fn begin(&mut self, line: &[u8]) -> Fed {
        self.reader.reset();
        self.length = 0;
        self.count = 0;
        self.go_on(line)
    }

    /// Goes on with the next line of the record.
    pub(super) fn go_on(&mut self, line: &[u8]) -> Fed {
        let content = without_return(line);
        match self.feed(content) {
            Fed::Open => self.feed(if content.len() < line.len() {
                b"\r\n"
            } else {
                b"\n"
            }),
            Fed::Complete | Fed::Broken => Fed::Broken,
        }
    }

    fn feed(&mut self, mut input: &[u8]) -> Fed {
        loop {
            // The reader takes an empty input for the end of the file.
            if input.is_empty() {
                return Fed::Open;
            }
            let text = self.text.get_mut(self.length..).unwrap_or_default();
            let ends = self.ends.get_mut(self.count..).unwrap_or_default();
            let (result, read, written, ended) = self.reader.read_record(input, text, ends);
            input = input.get(read..).unwrap_or_default();
            self.length += written;
            self.count += ended;
            match result {
                ReadRecordResult::Record => return Fed::Complete,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Fed::Open,
            }
        }
    }

    pub(super) fn first_line(&self) -> u64 {
        self.first_line
    }

    pub(super) fn set_first_line(&mut self, line: u64) {
        self.first_line = line;
    }

    /// Bytes of the cells so far.
    pub(super) fn bytes(&self) -> usize {
        self.length
    }

    /// The cells one behind the other.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    /// Appends where the cells are in [`Quotes::text`].
    pub(super) fn cells(&self, cells: &mut Vec<(usize, usize)>) {
        let mut start = 0;
        for end in self.ends.iter().take(self.count) {
            cells.push((start, *end));
            start = *end;
        }
    }
}
