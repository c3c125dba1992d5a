//! What the engine's parser takes a text for: how many statements, and what they may do.

use std::mem::size_of;

use super::handle::Call;
use super::symbols::RawStatements;
use crate::WarehouseError;

/// What a text is, as the engine's parser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statements {
    /// How many statements there are; 0 where the text does not follow the grammar.
    pub count: u32,
    /// What the strongest of them may do.
    pub class: StatementClass,
}

/// What a statement may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementClass {
    /// It reads; also files and other servers.
    Reads,
    /// It changes data or tables.
    Changes,
    /// It changes the engine or a connection, or writes a file.
    Controls,
    /// The parser does not know.
    Unknown,
}

pub(super) fn classify(call: &Call, sql: &str) -> Result<Statements, WarehouseError> {
    let mut raw = RawStatements {
        struct_size: size_of::<RawStatements>() as u32,
        statement_count: 0,
        flags: 0,
        query_class: u32::MAX,
    };
    // SAFETY: the connection is open while `call` lives; the texts are valid during the call with their lengths, and
    // the structure has the size that it says.
    let code = unsafe {
        (call.handle.symbols.chdb_classify_query_n)(
            call.raw,
            sql.as_ptr(),
            sql.len(),
            "".as_ptr(),
            0,
            &raw mut raw,
        )
    };
    if code != 0 {
        return Err(WarehouseError::unexpected(
            "the class of a statement",
            format!("code {code}"),
        ));
    }
    Ok(Statements {
        count: raw.statement_count,
        class: match raw.query_class {
            0 => StatementClass::Reads,
            1 => StatementClass::Changes,
            2 | 3 => StatementClass::Controls,
            _ => StatementClass::Unknown,
        },
    })
}
