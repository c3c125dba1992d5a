//! A typed column as an expression over the map: the one place that says how stored text becomes a typed value.

use domain::stored;

use super::{PromotedColumn, PromotedForm};
use crate::sql::literal;
use crate::statistics::{Scope, number_key};

/// The type of a column and the expression that fills it.
pub(super) fn definition(column: &PromotedColumn) -> String {
    match column.form {
        PromotedForm::Number64 { scale } => number(column, scale, "toDecimal64OrNull", "Int64"),
        PromotedForm::Number128 { scale } => number(column, scale, "toDecimal128OrNull", "Int128"),
        PromotedForm::Text => text(column),
    }
}

/// NULL: no number, and for attributes: not touched. The least integer in attributes: touched, and no number.
fn number(column: &PromotedColumn, scale: u8, decimal: &str, integer: &str) -> String {
    let map = map(column.scope);
    let (path, unusual) = (literal(&column.path), literal(&number_key(&column.path)));
    let written = format!("{map}[if(mapContains({map}, {unusual}), {unusual}, {path})]");
    let parsed = format!("{decimal}({written}, {scale})");
    // What the engine takes for a number and the rules do not, or a number with more places, reads back differently.
    // A sum with NULL and no `if`, because `if` goes through the rows one by one: twice the time.
    let mantissa =
        format!("reinterpret({parsed}, '{integer}') + nullIf(toString({parsed}) != {written}, 1)");
    let value = match column.scope {
        Scope::Events => mantissa,
        Scope::Traits => format!(
            "if({}, ifNull({mantissa}, {}), NULL)",
            touched(&column.path),
            if integer == "Int64" {
                "toInt64('-9223372036854775808')"
            } else {
                LEAST_128
            }
        ),
    };
    format!("Nullable({integer}) DEFAULT {value}")
}

const LEAST_128: &str = "toInt128('-170141183460469231731687303715884105728')";

/// NULL: no such property, and for attributes: not touched. An attribute that a row replaces together with the object
/// around it is unset by it.
fn text(column: &PromotedColumn) -> String {
    let (map, path) = (map(column.scope), literal(&column.path));
    let own = format!("mapContains({map}, {path}), toLowCardinality({map}[{path}])");
    let value = match column.scope {
        Scope::Events => format!("if({own}, NULL)"),
        Scope::Traits => {
            format!(
                "multiIf({own}, {}, {}, NULL)",
                touched(&column.path),
                literal(stored::UNSET)
            )
        }
    };
    format!("LowCardinality(Nullable(String)) DEFAULT {value}")
}

fn map(scope: Scope) -> &'static str {
    match scope {
        Scope::Events => "properties",
        Scope::Traits => "traits",
    }
}

/// Whether a row of attribute changes says anything of a path: by itself, or by an object around it.
fn touched(path: &str) -> String {
    let ends = path
        .match_indices('.')
        .map(|(dot, _)| dot)
        .chain([path.len()]);
    let around = ends
        .filter_map(|end| path.get(..end))
        .map(|prefix| format!("mapContains(traits, {})", literal(prefix)));
    around.collect::<Vec<_>>().join(" OR ")
}
