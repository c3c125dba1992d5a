//! What the tracking plan says otherwise.

use domain::PropertyType;

use super::{Correction, TextsListed, mistakes};
use crate::checked::Place;

mistakes! {
    pub(crate) enum TrackingPlan<'m> {
        OtherType { wanted: Place, path: &'m str, of_type: PropertyType } => Error(WrongType),
            "这里需要{wanted}，`{path}` 在埋点管理中声明为 {of_type}",
            "{wanted} is needed here, `{path}` is declared as {of_type} in the tracking plan";
        UnknownValue {
            property: &'m str,
            value: TextsListed,
            correction: Correction,
        } => Warning(UnknownValue),
            "`{property}` 在埋点管理中没有值 {value}{correction}",
            "`{property}` has no value {value} in the tracking plan{correction}";
        DifferentUnits {
            left: &'m str,
            of_left: &'m str,
            right: &'m str,
            of_right: &'m str,
        } => Warning(DifferentUnits),
            "按埋点管理，`{left}` 的单位是 {of_left}，`{right}` 的单位是 {of_right}：把其中一个换算过来",
            "`{left}` is in {of_left} and `{right}` in {of_right} by the tracking plan: convert one of them";
    }
}
