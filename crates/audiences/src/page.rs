//! The members of an audience page by page.

use domain::{UserNumber, UserSet};

/// Some members, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The members.
    pub users: Vec<UserNumber>,
    /// After whom the next page begins; `None` if this is the last one.
    pub next: Option<UserNumber>,
}

/// The page of at most `limit` members after one, or from the first.
#[must_use]
pub fn page(members: &UserSet, after: Option<UserNumber>, limit: usize) -> Page {
    let start = match after {
        None => Some(0),
        Some(UserNumber(after)) => after.checked_add(1),
    };
    let Some(start) = start else {
        return Page {
            users: Vec::new(),
            next: None,
        };
    };
    let mut rest = members.range(start..u32::MAX).chain(
        // A range has no last number of all.
        Some(UserNumber(u32::MAX)).filter(|last| members.contains(*last)),
    );
    let users: Vec<UserNumber> = rest.by_ref().take(limit).collect();
    let next = rest.next().and(users.last().copied());
    Page { users, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_without_a_gap() {
        let members: UserSet = [3_u32, 5, 8, 70_000, u32::MAX].into_iter().collect();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = page(&members, after, 2);
            found.extend(page.users);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, members.iter().collect::<Vec<_>>());
        assert_eq!(page(&members, Some(UserNumber(u32::MAX)), 2).users, []);
        assert_eq!(page(&members, Some(UserNumber(8)), 0).next, None);
    }
}
