//! The text of a rule with the places of its problems marked.

use maud::{Markup, html};
use rules::PlacedDiagnostic;

/// The text with the places of the problems marked.
pub(super) fn marked(text: &str, diagnostics: &[PlacedDiagnostic]) -> Markup {
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let marks = marks(diagnostics);
    let ends = marks.iter().map(|(_, end)| *end);
    let starts = marks.iter().map(|(start, _)| *start).chain([text.len()]);
    let gaps: Vec<(usize, usize)> = std::iter::once(0).chain(ends).zip(starts).collect();
    html! {
        @for (at, (from, to)) in gaps.into_iter().enumerate() {
            (part(from, to))
            @match marks.get(at) {
                Some((start, end)) if start == end => mark.here { "\u{200b}" },
                Some((start, end)) => mark { (part(*start, *end)) },
                None => {},
            }
        }
    }
}

/// The places in their order, cut so that none overlaps the one before.
fn marks(diagnostics: &[PlacedDiagnostic]) -> Vec<(usize, usize)> {
    let mut places: Vec<(usize, usize)> = diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.start, diagnostic.end))
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for (start, end) in places {
        let done = marks.last().map_or(0, |(_, end)| *end);
        let cut = (start.max(done), end.max(done));
        // What lies wholly inside the one before is marked already.
        if cut.0 < cut.1 || start >= done {
            marks.push(cut);
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use rules::{Code, Severity};

    use super::*;

    fn at(start: usize, end: usize) -> PlacedDiagnostic {
        PlacedDiagnostic {
            code: Code::Syntax,
            severity: Severity::Error,
            message: String::new(),
            users: None,
            start,
            end,
            line: 1,
            column: start + 1,
            suggestion: None,
        }
    }

    #[test]
    fn places_are_marked_once_each_and_no_letter_is_lost() {
        let shown = |places: &[PlacedDiagnostic]| marked("a < bc", places).into_string();
        assert_eq!(shown(&[]), "a &lt; bc");
        assert_eq!(shown(&[at(4, 6)]), "a &lt; <mark>bc</mark>");
        assert_eq!(
            shown(&[at(4, 6), at(0, 5)]),
            "<mark>a &lt; b</mark><mark>c</mark>"
        );
        assert_eq!(
            shown(&[at(6, 6)]),
            "a &lt; bc<mark class=\"here\">\u{200b}</mark>"
        );
    }
}
