//! Versions of software as texts that sort as the versions do.
//!
//! Read is what semantic versioning (<https://semver.org>) reads, and more: a `v` before it, any
//! number of parts (`2.10` is `2.10.0`), numbers of any size. Build metadata after `+` says
//! nothing. What does not begin with a number is no version.

use std::fmt::Write as _;

/// Written before the pre-release; less than all that can stand there instead.
const PRE_RELEASE: char = '-';
/// The end of a release.
const RELEASED: char = '.';
/// Written before the next number of a release; greater than what ends one.
const NEXT_NUMBER: char = '/';
/// Written between the identifiers of a pre-release; less than every letter in them.
const NEXT_IDENTIFIER: char = ' ';
/// Written before an identifier that is no number; greater than every digit.
const WORD: char = 'a';

/// The canonical form of a version: equal for equal versions, and ordered by code point as the
/// versions are. Nothing for what is no version.
#[must_use]
pub fn sortable(version: &str) -> Option<String> {
    let version = version.trim();
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let version = version.split_once('+').map_or(version, |parts| parts.0);
    let (release, pre_release) = match version.split_once('-') {
        Some((release, pre_release)) => (release, Some(pre_release)),
        None => (version, None),
    };
    let numbers = release.split('.').map(number).collect::<Option<Vec<_>>>()?;
    let mut sortable = String::with_capacity(version.len() + 4);
    for (place, number) in without_zeros(&numbers).iter().enumerate() {
        if place > 0 {
            sortable.push(NEXT_NUMBER);
        }
        write_number(&mut sortable, number);
    }
    match pre_release {
        Some(pre_release) => write_pre_release(&mut sortable, pre_release)?,
        None => sortable.push(RELEASED),
    }
    Some(sortable)
}

/// Without the zeros at the end: `2.10.0` is `2.10`.
fn without_zeros<'n, 'v>(numbers: &'n [&'v str]) -> &'n [&'v str] {
    let last = numbers.iter().rposition(|number| !number.is_empty());
    numbers.get(..=last.unwrap_or(0)).unwrap_or_default()
}

/// The digits of a number without zeros before them: none for 0.
fn number(digits: &str) -> Option<&str> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.trim_start_matches('0'))
}

/// A number, with how many digits it has before it: nine at a time, and then the rest.
fn write_number(sortable: &mut String, digits: &str) {
    let nines = digits.len() / 9;
    sortable.extend(std::iter::repeat_n('9', nines));
    let _ = write!(sortable, "{}{digits}", digits.len() % 9);
}

fn write_pre_release(sortable: &mut String, pre_release: &str) -> Option<()> {
    for (place, identifier) in pre_release.split('.').enumerate() {
        let is_identifier =
            !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_identifier {
            return None;
        }
        sortable.push(if place == 0 {
            PRE_RELEASE
        } else {
            NEXT_IDENTIFIER
        });
        match number(identifier) {
            Some(digits) => write_number(sortable, digits),
            None => {
                sortable.push(WORD);
                sortable.push_str(identifier);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_semantic_versioning_says() {
        let ascending = [
            "0.0.1",
            "0.9",
            "0.10.0",
            "1.0.0-0",
            "1.0.0-1.0",
            "1.0.0-1.-1",
            "1.0.0-2",
            "1.0.0-10",
            "1.0.0-123456789",
            "1.0.0-1234567890",
            "1.0.0--",
            "1.0.0-ALPHA",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-alpha-1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0.1",
            "1.0.1-a",
            "1.0.1",
            "1.9.99",
            "1.10",
            "9",
            "10",
            "123456789",
            "1234567890",
            "99999999999999999999999999",
        ];
        let sortable: Vec<String> = ascending.iter().filter_map(|text| sortable(text)).collect();
        assert_eq!(sortable.len(), ascending.len());
        for (pair, versions) in sortable.windows(2).zip(ascending.windows(2)) {
            assert!(pair[0] < pair[1], "{versions:?}: {pair:?}");
        }
    }

    #[test]
    fn one_version_can_be_written_in_several_ways() {
        for same in [
            "1.2",
            "v1.2.0",
            "V1.2.0.0",
            " 1.02 ",
            "1.2+build.7",
            "1.2+a-b",
        ] {
            assert_eq!(sortable(same), sortable("1.2.0"), "{same}");
        }
        assert_eq!(sortable("0"), sortable("0.0.0"));
        assert_eq!(sortable("1-01"), sortable("1.0-1"));
    }

    #[test]
    fn what_does_not_begin_with_a_number_is_no_version() {
        for other in [
            "", "v", "beta", "a.1", "1.x", "1..2", "1.", "1.0-", "1.0-a..b", "1.0 beta", "-1",
        ] {
            assert_eq!(sortable(other), None, "{other}");
        }
    }
}
