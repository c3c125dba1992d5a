//! NDJSON as rows: lines that are events, and lines of other objects under a mapping.

mod events;
mod mapped;

use collector::Fields;

use super::error::SourceError;
use super::input::InputFile;
use super::lines::{LONGEST_LINE, Line, Lines, without_return};
use super::reader::Failure;
use super::roles::Roles;

pub(crate) use self::events::EventLines;
pub(crate) use self::mapped::MappedLines;

/// The most members of one object, those inside it counted.
const MOST_FIELDS: usize = 10_000;

/// The bytes of the file that are looked at for the members that there are.
const SAMPLE: usize = 1 << 16;

/// The next line with content.
fn next_line(lines: &mut Lines) -> Result<Option<Line<'_>>, Failure> {
    // The loop only counts: a line that is borrowed cannot leave a loop that goes on.
    loop {
        if lines.is_next_blank()? {
            lines.next()?;
            continue;
        }
        return Ok(lines.next()?.map(|line| match line {
            Line::Bytes(bytes) => Line::Bytes(without_return(bytes)),
            Line::TooLong => Line::TooLong,
        }));
    }
}

/// Why a line beyond the limit is refused.
fn too_long() -> String {
    format!("the line is longer than {LONGEST_LINE} bytes")
}

/// Whether the first objects have what the mapping cannot do without.
///
/// # Errors
/// [`SourceError::NoColumn`] with the members that they have.
fn require(lines: &mut Lines, input: &InputFile, roles: &Roles) -> Result<(), SourceError> {
    let sample = lines
        .peek(SAMPLE)
        .map_err(|reason| input.unreadable(reason))?;
    let mut fields = Fields::with_most(MOST_FIELDS);
    let mut paths: Vec<String> = Vec::new();
    for line in sample.split_inclusive(|byte| *byte == b'\n') {
        // The last line of the sample may be cut; then it is no JSON.
        if fields.read(line).is_ok() {
            for (path, _) in fields.iter() {
                if !paths.iter().any(|known| known == path) {
                    paths.push(path.to_owned());
                }
            }
        }
    }
    if paths.is_empty() {
        return Ok(());
    }
    roles.require_named(input.name(), &paths)
}
