//! What an explanation says twice is marked where it stands again, so that it can be shown once.

use api::ports::explanation::{Joint, Measured, Reason};

/// What has been said so far, in the order of reading.
#[derive(Default)]
struct Said {
    measured: Vec<Measured>,
    rules: Vec<Vec<Reason>>,
}

/// The parts of a rule with its repeats marked: values measured before, and the rules of other tags
/// that were told before.
pub(super) fn marked(mut rule: Vec<Reason>) -> Vec<Reason> {
    let mut said = Said::default();
    rule.iter_mut().for_each(|reason| said.mark(reason));
    rule
}

impl Said {
    fn mark(&mut self, reason: &mut Reason) {
        if reason.comes_after.is_some() {
            return;
        }
        for measured in &mut reason.measured {
            let plain = Measured {
                compared: None,
                ..measured.clone()
            };
            measured.is_above = has_details(&plain) && self.measured.contains(&plain);
            if !measured.is_above {
                self.measured.push(plain);
            }
        }
        if matches!(reason.joint, None | Some(Joint::Points)) && !reason.parts.is_empty() {
            reason.are_above = self.rules.contains(&reason.parts);
            if reason.are_above {
                return;
            }
            self.rules.push(reason.parts.clone());
        }
        for part in &mut reason.parts {
            self.mark(part);
        }
    }
}

/// Whether more than the value is said.
fn has_details(measured: &Measured) -> bool {
    measured.window.is_some() || measured.set_at.is_some() || !measured.events.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Time;

    fn measured(text: &str) -> Measured {
        Measured {
            text: text.to_owned(),
            value: Some("5".to_owned()),
            compared: Some(">= 3".to_owned()),
            set_at: Some(Time::from_millis(0)),
            ..Measured::default()
        }
    }

    fn leaf(text: &str, parts: Vec<Reason>) -> Reason {
        Reason {
            text: text.to_owned(),
            measured: vec![measured("kyc_level")],
            parts,
            ..Reason::default()
        }
    }

    #[test]
    fn what_was_told_is_marked_where_it_stands_again() {
        let rule = || vec![leaf("kyc_level >= 3", Vec::new())];
        let told = marked(vec![leaf("tag(a)", rule()), leaf("tag(a) = \"b\"", rule())]);
        let (first, second) = (&told[0], &told[1]);
        assert!(!first.measured[0].is_above && !first.are_above);
        assert!(first.parts[0].measured[0].is_above);
        assert!(second.measured[0].is_above && second.are_above);
    }

    #[test]
    fn what_has_nothing_but_a_value_and_what_is_not_looked_at_is_no_repeat() {
        let plain = Measured {
            set_at: None,
            ..measured("tag(a)")
        };
        let part = |earlier: Option<&str>| Reason {
            comes_after: earlier.map(str::to_owned),
            measured: vec![plain.clone()],
            ..Reason::default()
        };
        let told = marked(vec![part(None), part(Some("gold")), part(None)]);
        let mut all = told.iter().flat_map(|reason| &reason.measured);
        assert!(all.all(|measured| !measured.is_above));
    }
}
