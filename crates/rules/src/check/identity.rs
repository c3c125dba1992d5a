//! Identities: `wallets`, `has_identity(twitter)`, `identity_count(wallet)`, `bucket("salt", 100)`.

use std::num::NonZeroU32;
use std::sync::Arc;

use domain::{IdentityKind, Value, nearest};

use super::Checker;
use super::scope::EventScope;
use crate::checked::{
    Comparison, Condition, DerivedEvent, Function, IdentitySort, IdentityValue, Measure, Place,
};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::Functions;
use crate::tree::{Expression, Node};

/// The name under which rules find the wallets of a user.
const WALLETS: &str = "wallets";

impl Checker<'_> {
    /// The value that a name has for the identities of the user: `wallets`, and `user.wallets`
    /// where no attribute is called so.
    pub(super) fn identity_value(&self, parts: &[String]) -> Option<IdentityValue> {
        match parts {
            [name] if name == WALLETS => Some(IdentityValue::Wallets),
            [user, name] if user == "user" && name == WALLETS => {
                let is_attribute = self.vocabulary.attributes.contains(WALLETS);
                (!is_attribute).then_some(IdentityValue::Wallets)
            }
            _ => None,
        }
    }

    /// `has_identity(twitter)`: the count is above 0.
    pub(super) fn has_identity(
        &mut self,
        expression: &Expression,
        arguments: &[Expression],
    ) -> Option<Condition> {
        let [sort] = arguments else {
            return self.wrong_identity(expression.range, "has_identity(wallet)");
        };
        Some(Condition::Compare {
            left: self.identities_counted(sort)?,
            comparison: Comparison::Greater,
            right: Measure::Constant(Value::from(0)),
            zone: None,
        })
    }

    /// `identity_count(wallet)`
    pub(super) fn identity_count(
        &mut self,
        expression: &Expression,
        arguments: &[Expression],
        place: Place,
    ) -> Option<Measure> {
        self.demand(expression, Place::Number, place)?;
        let [sort] = arguments else {
            return self.wrong_identity(expression.range, "identity_count(wallet)");
        };
        self.identities_counted(sort)
    }

    fn identities_counted(&mut self, sort: &Expression) -> Option<Measure> {
        let name = match &sort.node {
            Node::Name(parts) => parts.join("."),
            Node::Text(text) => text.clone(),
            Node::Broken => return None,
            _ => return self.wrong_identity(sort.range, "identity_count(wallet)"),
        };
        let sort = self.identity_sort(&name, sort.range)?;
        Some(IdentityValue::Count(sort).measure(Place::Number))
    }

    /// A kind of identities, or a social network.
    fn identity_sort(&mut self, name: &str, range: TextRange) -> Option<IdentitySort> {
        let kinds = IdentityKind::ALL.map(IdentityKind::name);
        let sort = IdentitySort::named(name);
        if matches!(sort, IdentitySort::Network(_))
            && let Some(meant) = nearest(name, kinds)
        {
            let mistake = Functions::TakenForNetwork { name, meant };
            self.tell(Diagnostic::at(range, mistake).with_fix(meant));
        }
        Some(sort)
    }

    /// `linked(wallet)`, `unlinked(wallet)`, and what is known of their properties.
    pub(super) fn identity_change(
        &mut self,
        make: fn(IdentitySort) -> DerivedEvent,
        name: &Located<String>,
        scope: &mut EventScope,
    ) -> Option<DerivedEvent> {
        let sort = self.identity_sort(&name.node, name.range)?;
        scope
            .properties
            .extend(super::derived::OLD_AND_NEW.map(Into::into));
        Some(make(sort))
    }

    /// `bucket("salt", 100)`: a number from 0 to 99 that is the user's for ever.
    pub(super) fn bucket(
        &mut self,
        expression: &Expression,
        arguments: &[Expression],
        place: Place,
    ) -> Option<Measure> {
        self.demand(expression, Place::Number, place)?;
        let example = "bucket(\"salt\", 100)";
        let [salt, count] = arguments else {
            return self.wrong_identity(expression.range, example);
        };
        let Node::Text(salt) = &salt.node else {
            return match salt.node {
                Node::Broken => None,
                _ => self.wrong_identity(salt.range, example),
            };
        };
        let whole = match &count.node {
            Node::Number(text) => text.parse::<NonZeroU32>().ok(),
            Node::Broken => return None,
            _ => None,
        };
        let Some(count) = whole else {
            return self.fail(count.range, Functions::Buckets);
        };
        Some(Measure::Function {
            function: Function::Bucket {
                salt: Arc::from(salt.as_str()),
                count,
            },
            of: Box::new(IdentityValue::Key.measure(Place::Text)),
        })
    }

    fn wrong_identity<T>(&mut self, range: TextRange, form: &str) -> Option<T> {
        self.fail(range, Functions::Arguments { form })
    }
}
