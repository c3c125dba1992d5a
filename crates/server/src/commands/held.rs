//! A data folder that a server holds: how that server is asked for the same.

use anyhow::{Error, anyhow};
use warehouse::WarehouseError;

use crate::command_line::{Command, Step};
use crate::notice;

/// Why the folder cannot be opened. Where a server holds it, with the request that does what was asked for.
pub(super) fn explained(error: Error, command: &Command) -> Error {
    let Some(WarehouseError::FolderInUse { dir, pid }) = error.downcast_ref() else {
        return error;
    };
    let Some(address) = pid.and_then(|pid| notice::address(dir, pid)) else {
        return error;
    };
    match request(command) {
        None => anyhow!("{error}. It serves at http://{address}"),
        Some(request) => anyhow!(
            "{error}.\nIt serves at http://{address}, and does the same when it is asked there: {request}"
        ),
    }
}

/// The request of the HTTP interface that does what a command does.
fn request(command: &Command) -> Option<String> {
    let step = |name: &str, asked: &Step| {
        let tag = asked.tags.first().map_or("TAG", String::as_str);
        format!("POST /api/v1/tags/{tag}/{name} with {SIGNED}")
    };
    Some(match command {
        Command::Apply(_) => format!("for each tag PUT /api/v1/tags/TAG with {DEFINITION}"),
        Command::Plan(_) => format!(
            "for each tag PUT /api/v1/tags/TAG with {DEFINITION}, and \"dry_run\": true beside them"
        ),
        Command::Publish(asked) => step("publish", asked),
        Command::Submit(asked) => step("submit", asked),
        Command::Withdraw(asked) => step("withdraw", asked),
        Command::Pause(asked) => step("pause", asked),
        Command::Resume(asked) => step("resume", asked),
        Command::Archive(asked) => step("archive", asked),
        Command::Rollback(asked) => {
            format!("POST /api/v1/tags/{}/rollback with {SIGNED}", asked.tag)
        }
        Command::Versions(asked) => format!("GET /api/v1/tags/{}/versions", asked.key),
        Command::Members(_) => "POST /api/v1/rules/members with {\"rule\": …}".to_owned(),
        Command::Count(_) => "POST /api/v1/rules/count with {\"rule\": …}".to_owned(),
        Command::Explain(_) => {
            "POST /api/v1/rules/explain with {\"rule\": …, \"user\": …}".to_owned()
        }
        Command::User(asked) => format!("GET /api/v1/users/{}", asked.user),
        _ => return None,
    })
}

const SIGNED: &str = "{\"author\": …, \"reason\": …}";
const DEFINITION: &str = "{\"definition\": …, \"author\": …, \"reason\": …}";
