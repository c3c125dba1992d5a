//! Constants: amounts with thousands apart, durations in full, times with their zone.

use domain::Span;

use super::spacing::verbatim;
use super::speaker::{Speaker, say};

/// Up to so many digits thousands do not stand apart: it may be a year.
const YEAR_DIGITS: usize = 4;

impl Speaker<'_> {
    /// `10_000`, `10 ether`
    pub(super) fn number(&self, written: &str) -> String {
        let (sign, digits) = match written.strip_prefix('-') {
            Some(digits) => ("−", digits),
            None => ("", written),
        };
        let end = digits
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(digits.len());
        let (whole, rest) = digits.split_at(end);
        let whole = match whole.len() {
            0..=YEAR_DIGITS => whole.to_owned(),
            _ => apart(whole),
        };
        format!("{sign}{whole}{rest}")
    }

    /// `"SG"`
    pub(super) fn text(&self, text: &str) -> String {
        let shown = text.replace('\n', "⏎").replace(char::is_control, "�");
        format!("“{}”", verbatim(&shown))
    }

    /// `2026-11-01T10:00Z`
    pub(super) fn time(&self, written: &str) -> String {
        let (day, clock) = written.split_once('T').unwrap_or((written, ""));
        let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        let (clock, zone) = clock.split_at(zone);
        let zone = match zone {
            "" | "Z" => "UTC",
            offset => offset,
        };
        verbatim(&format!("{day} {clock} {zone}"))
    }

    /// `30d`: days are 24 hours.
    pub(super) fn duration(&self, written: &str) -> String {
        match Span::parse(written) {
            Some(span) => self.span(span),
            None => verbatim(written),
        }
    }

    fn span(&self, span: Span) -> String {
        let millis = span.millis();
        let is_whole = |unit: Span| millis % unit.millis() == 0 && millis != 0;
        let count = |unit: Span| apart(&(millis / unit.millis()).to_string());
        if is_whole(Span::DAY) && span != Span::DAY {
            let days = count(Span::DAY);
            return say!(self, "{days} 天（{days} × 24 小时）", "{days} × 24 hours");
        }
        let (unit, chinese, english) = if is_whole(Span::HOUR) {
            (Span::HOUR, "小时", "hour")
        } else if is_whole(Span::MINUTE) {
            (Span::MINUTE, "分钟", "minute")
        } else if is_whole(Span::SECOND) || millis == 0 {
            (Span::SECOND, "秒", "second")
        } else {
            (Span::from_millis(1), "毫秒", "millisecond")
        };
        let count = count(unit);
        let plural = if millis == unit.millis() { "" } else { "s" };
        say!(self, "{count} {chinese}", "{count} {english}{plural}")
    }
}

/// Digits with commas before every three.
fn apart(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
