//! Functions of one value.

use domain::{Decimal, Value};
use rules::checked::Function;

use super::apply;

fn seen(value: Value) -> Option<Value> {
    apply(&Function::Seen, value)
}

#[test]
fn a_value_is_seen_alike_whether_it_comes_as_it_is_or_as_the_text_under_which_it_is_stored() {
    for value in [
        Value::Bool(true),
        Value::Bool(false),
        Value::Number(Decimal::from(7)),
        Value::text("gold"),
    ] {
        let stored = value.canonical_text().map(Value::Text);
        assert_eq!(seen(value.clone()), stored.and_then(seen), "{value:?}");
    }
}
