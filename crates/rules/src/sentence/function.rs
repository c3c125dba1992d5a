//! Functions of values.

use domain::Unit;

use super::speaker::{Speaker, say};
use crate::parse::unit_of;
use crate::tree::{Expression, FunctionName, Node};

/// The most arguments that a function with words of its own has.
const MOST: usize = 3;

impl Speaker<'_> {
    /// `age(t)`: `the time since t`.
    pub(super) fn call(&self, function: FunctionName, arguments: &[Expression]) -> String {
        let said: [Option<String>; MOST] = std::array::from_fn(|place| {
            let argument = arguments.get(place)?;
            Some(match (function, place) {
                (FunctionName::If, 0) => self.clause(argument),
                _ => self.operand(argument),
            })
        });
        match (function, said) {
            (FunctionName::Version, [Some(of), None, None]) => self.version(arguments, &of),
            (FunctionName::Coalesce, _) => self.coalesce(arguments),
            (FunctionName::HasIdentity, _) => self.has_identity(arguments),
            (FunctionName::IdentityCount, _) => self.identity_count(arguments),
            (FunctionName::Bucket, [Some(salt), Some(count), None]) => say!(
                self,
                "按 {salt} 分成 {count} 组时用户所在的组（从 0 起）",
                "the user's bucket (from 0) of the {count} that {salt} makes"
            ),
            (FunctionName::If, [Some(when), Some(then), Some(otherwise)]) => say!(
                self,
                "若 {when} 则为 {then}，否则为 {otherwise}",
                "{then} if {when}, otherwise {otherwise}"
            ),
            (FunctionName::DateDifference, [Some(_), Some(from), Some(to)]) => {
                let unit = self.unit_of(arguments);
                say!(
                    self,
                    "从 {from} 到 {to} 跨过的日历{unit}数",
                    "the number of calendar {unit} begun from {from} to {to}"
                )
            }
            (FunctionName::Age, [Some(_), Some(since), None]) => {
                let unit = self.unit_of(arguments);
                say!(
                    self,
                    "{since} 至今的整{unit}数",
                    "the number of whole {unit} since {since}"
                )
            }
            (_, [Some(of), more, None]) => self.of_one(function, &of, more.as_deref()),
            _ => self.plainly(function, arguments),
        }
    }

    /// Functions of one value, some with an option behind it: places, or a zone.
    fn of_one(&self, function: FunctionName, of: &str, option: Option<&str>) -> String {
        let zone = option.map_or_else(String::new, |zone| {
            say!(self, "（时区 {zone}）", " in the time zone {zone}")
        });
        match (function, option) {
            (FunctionName::Age, _) => say!(self, "{of} 至今的时长", "the time since {of}"),
            (FunctionName::Absolute, _) => {
                say!(self, "{of} 的绝对值", "the absolute value of {of}")
            }
            (FunctionName::Round, None) => {
                say!(
                    self,
                    "{of} 四舍五入到整数",
                    "{of} rounded to a whole number"
                )
            }
            (FunctionName::Round, Some(places)) => say!(
                self,
                "{of} 四舍五入到 {places} 位小数",
                "{of} rounded to {places} places"
            ),
            (FunctionName::Lower, _) => say!(self, "{of} 的小写", "{of} in lower case"),
            (FunctionName::Length, _) => say!(self, "{of} 的长度", "the length of {of}"),
            (FunctionName::Hour, _) => {
                say!(
                    self,
                    "{of}{zone} 的小时（0–23）",
                    "the hour (0–23) of {of}{zone}"
                )
            }
            (FunctionName::Weekday, _) => say!(
                self,
                "{of}{zone} 的星期（1 为周一，7 为周日）",
                "the weekday (1 is Monday, 7 Sunday) of {of}{zone}"
            ),
            (FunctionName::DayOfMonth, _) => say!(
                self,
                "{of}{zone} 的日（1–31）",
                "the day of the month (1–31) of {of}{zone}"
            ),
            (FunctionName::Month, _) => {
                say!(
                    self,
                    "{of}{zone} 的月份（1–12）",
                    "the month (1–12) of {of}{zone}"
                )
            }
            (FunctionName::Year, _) => say!(self, "{of}{zone} 的年份", "the year of {of}{zone}"),
            (
                FunctionName::If
                | FunctionName::Coalesce
                | FunctionName::DateDifference
                | FunctionName::Version
                | FunctionName::HasIdentity
                | FunctionName::IdentityCount
                | FunctionName::Bucket,
                _,
            ) => function.as_str().to_owned(),
        }
    }

    /// Of a constant the version, of anything else the version in it.
    fn version(&self, arguments: &[Expression], of: &str) -> String {
        match arguments.first().map(|first| &first.node) {
            Some(Node::Text(_)) => say!(self, "版本 {of}", "the version {of}"),
            _ => say!(self, "{of} 的版本号", "the version in {of}"),
        }
    }

    fn coalesce(&self, arguments: &[Expression]) -> String {
        let of: Vec<String> = arguments.iter().map(|part| self.operand(part)).collect();
        let of = self.row(&of);
        say!(
            self,
            "{of} 中第一个有值的",
            "the first of {of} that has a value"
        )
    }

    /// What the checker refuses: as it is written.
    fn plainly(&self, function: FunctionName, arguments: &[Expression]) -> String {
        let of: Vec<String> = arguments.iter().map(|part| self.operand(part)).collect();
        let of = self.row(&of);
        let name = function.as_str();
        say!(self, "{name}（{of}）", "{name}({of})")
    }

    /// The unit that the first argument names.
    fn unit_of(&self, arguments: &[Expression]) -> String {
        let written = match arguments.first().map(|first| &first.node) {
            Some(Node::Name(parts)) => parts.concat(),
            _ => String::new(),
        };
        match unit_of(&written) {
            Some(Unit::Hour) => say!(self, "小时", "hours"),
            Some(Unit::Day) => say!(self, "天", "days"),
            Some(Unit::Week) => say!(self, "周", "weeks"),
            Some(Unit::Month) => say!(self, "月", "months"),
            Some(Unit::Quarter) => say!(self, "季度", "quarters"),
            Some(Unit::Year) => say!(self, "年", "years"),
            None => written,
        }
    }
}
