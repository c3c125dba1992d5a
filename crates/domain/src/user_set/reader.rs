//! The users of one container of a set, as the portable format holds them.

use std::io::{self, Write};

use super::UserSet;
use super::container::{COOKIE, MOST_POSITIONS};

/// The bytes before the descriptions of the containers: the cookie and their number.
const START_BYTES: usize = 8;

/// The bytes in the header for each container: key and length, and where it begins.
const BYTES_OF_CONTAINER: usize = 8;

/// The users of one container, 65,536 numbers from a multiple of it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerUsers<'words> {
    /// Up to 4,096 of them: their places in the container, ascending.
    Places(&'words [u16]),
    /// More of them: 4,096 words of bits, the lowest user first.
    Bits(&'words [u16]),
}

/// Reads containers of sets, with memory that is used again. What it gives is what [`UserSet::of_container`] takes.
#[derive(Clone, Debug, Default)]
pub struct ContainerReader {
    header: Vec<u8>,
    bytes: Vec<u8>,
    words: Vec<u16>,
}

impl ContainerReader {
    /// A reader.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The users of a set in one container.
    pub fn read(&mut self, set: &UserSet, container: u16) -> ContainerUsers<'_> {
        self.header.clear();
        self.bytes.clear();
        self.words.clear();
        let mut wanted = Wanted {
            container,
            header: &mut self.header,
            bytes: &mut self.bytes,
            body: None,
        };
        // The library gives no sight of its containers but for writing them, and ends where the writer has enough.
        let _ = set.0.serialize_into(&mut wanted);
        match wanted.body {
            Some(Body { members, .. }) => {
                let words = self.bytes.as_chunks().0.iter();
                self.words
                    .extend(words.map(|bytes| u16::from_le_bytes(*bytes)));
                match members > MOST_POSITIONS {
                    true => ContainerUsers::Bits(&self.words),
                    false => ContainerUsers::Places(&self.words),
                }
            }
            None if has_runs(&self.header) => self.read_one_by_one(set, container),
            None => ContainerUsers::Places(&[]),
        }
    }

    /// The part of a set that lies in one container.
    pub fn copy(&mut self, set: &UserSet, container: u16) -> UserSet {
        let (members, words) = match self.read(set, container) {
            ContainerUsers::Places(places) => (places.len() as u32, places),
            ContainerUsers::Bits(words) => {
                (words.iter().map(|word| word.count_ones()).sum(), words)
            }
        };
        UserSet::of_container(container, members, words)
    }

    /// The same of a set with runs, which the portable format tells otherwise.
    fn read_one_by_one(&mut self, set: &UserSet, container: u16) -> ContainerUsers<'_> {
        let first = u32::from(container) << 16;
        let numbers = set.0.range(first..=first | u32::from(u16::MAX));
        self.words.extend(numbers.map(|number| number as u16));
        if self.words.len() <= MOST_POSITIONS {
            return ContainerUsers::Places(&self.words);
        }
        let mut bits = vec![0; MOST_POSITIONS];
        for place in &self.words {
            if let Some(word) = bits.get_mut(usize::from(place / 16)) {
                *word |= 1 << (place % 16);
            }
        }
        self.words = bits;
        ContainerUsers::Bits(&self.words)
    }
}

/// Takes the bytes of one container out of those of a whole set, which it is given piece by piece.
struct Wanted<'reader> {
    container: u16,
    header: &'reader mut Vec<u8>,
    bytes: &'reader mut Vec<u8>,
    /// Known once the header is whole.
    body: Option<Body>,
}

/// Where the wanted container is.
struct Body {
    /// How many bytes are still before it.
    before: usize,
    /// How many of its own bytes are still to come.
    left: usize,
    members: usize,
}

impl Write for Wanted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(body) = &mut self.body else {
            return self.take_header(bytes);
        };
        if body.before > 0 {
            let passed = bytes.len().min(body.before);
            body.before -= passed;
            return Ok(passed);
        }
        let taken = bytes.get(..body.left).unwrap_or(bytes);
        self.bytes.extend_from_slice(taken);
        body.left -= taken.len();
        // Nothing taken ends the writing.
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Wanted<'_> {
    /// Takes what is missing of the header, and finds the container once it is whole. Takes nothing where the set has
    /// no such container, or runs.
    fn take_header(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let missing = header_bytes(self.header).saturating_sub(self.header.len());
        let taken = bytes.get(..missing).unwrap_or(bytes);
        self.header.extend_from_slice(taken);
        if self.header.len() == header_bytes(self.header) {
            self.body = body(self.header, self.container);
        }
        Ok(taken.len())
    }
}

/// How long a header is, as far as that is known from its beginning.
fn header_bytes(header: &[u8]) -> usize {
    match (number(header, 0), number(header, 4)) {
        (Some(cookie), _) if cookie != COOKIE => 4,
        (_, Some(containers)) => START_BYTES + containers as usize * BYTES_OF_CONTAINER,
        _ => START_BYTES,
    }
}

fn has_runs(header: &[u8]) -> bool {
    number(header, 0).is_some_and(|cookie| cookie != COOKIE)
}

/// Where a whole header says that a container is.
fn body(header: &[u8], container: u16) -> Option<Body> {
    let containers = number(header, 4)? as usize;
    let descriptions = header.get(START_BYTES..)?.as_chunks::<4>().0;
    let keys = descriptions.get(..containers)?;
    let key = |description: &[u8; 4]| u32::from_le_bytes(*description) as u16;
    let place = keys.binary_search_by_key(&container, key).ok()?;
    let members = (u32::from_le_bytes(*keys.get(place)?) >> 16) as usize + 1;
    let start = u32::from_le_bytes(*descriptions.get(containers + place)?) as usize;
    Some(Body {
        before: start.checked_sub(header.len())?,
        left: members.min(MOST_POSITIONS) * 2,
        members,
    })
}

fn number(header: &[u8], at: usize) -> Option<u32> {
    let bytes = header.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
