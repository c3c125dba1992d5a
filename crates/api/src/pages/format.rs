//! Numbers, shares, times and values as people read them.

use domain::{Language, LocalizedText, Span, Time, Value, Zone};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::phrase::Phrase;

/// All but what a path's segment and a query's value may show as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A text as a segment of a path or a value of a query.
pub(crate) fn encoded(text: &str) -> String {
    // A segment of dots alone would be taken for a way through folders.
    if matches!(text, "." | "..") {
        return text.replace('.', "%2E");
    }
    utf8_percent_encode(text, ENCODED).to_string()
}

/// `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in percent with one place: `12.3%`; `0%` and `100%` are exactly that.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let permille = (u128::from(part) * 1_000 + u128::from(whole) / 2) / u128::from(whole);
    match (part, permille) {
        (0, _) => "0%".to_owned(),
        (_, 0) => "<0.1%".to_owned(),
        (part, _) if part == whole => "100%".to_owned(),
        (_, 1_000) => ">99.9%".to_owned(),
        (_, permille) => format!("{}.{}%", permille / 10, permille % 10),
    }
}

/// `2026-11-01 10:00` in that zone.
pub(super) fn instant(time: Time, zone: &Zone) -> String {
    let parts = zone.parts(time);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        parts.year, parts.month, parts.day, parts.hour, parts.minute
    )
}

/// How long ago something was: `3 minutes ago`.
pub(super) fn ago(time: Time, now: Time, language: Language) -> String {
    let (phrase, unit) = match now.since(time) {
        passed if passed < Span::ZERO => return Phrase::InTheFuture.text(language).to_owned(),
        passed if passed < Span::MINUTE => return Phrase::JustNow.text(language).to_owned(),
        passed if passed < Span::HOUR => (Phrase::MinutesAgo, Span::MINUTE),
        passed if passed < Span::DAY => (Phrase::HoursAgo, Span::HOUR),
        _ => (Phrase::DaysAgo, Span::DAY),
    };
    let number = now.since(time).millis() / unit.millis();
    phrase.with(language, &[&grouped(number.unsigned_abs())])
}

/// `340 ms`, `3.2 s`, `4 min 5 s`.
pub(super) fn duration(span: Span) -> String {
    match span.millis() {
        millis if millis < 1_000 => format!("{millis} ms"),
        millis if millis < 60_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        millis => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// What people call something: its name in their language, or else its key.
pub(super) fn named<'a>(name: &'a LocalizedText, key: &'a str, language: Language) -> &'a str {
    let (own, other) = match language {
        Language::Chinese => (&name.zh, &name.en),
        Language::English => (&name.en, &name.zh),
    };
    [own.as_str(), other, key]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or(key)
}

/// A value as people read it: texts as they are, times in that zone, the rest as JSON.
pub(super) fn value(value: &Value, zone: &Zone) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Time(time) => instant(*time, zone),
        other => match other.to_json() {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    }
}

/// The value of a tag; a list as its elements with commas between them.
pub(super) fn tag_value(text: &str) -> String {
    let Ok(elements) = serde_json::from_str::<Vec<serde_json::Value>>(text) else {
        return text.to_owned();
    };
    let elements: Vec<String> = elements
        .iter()
        .map(|element| {
            element
                .as_str()
                .map_or_else(|| element.to_string(), str::to_owned)
        })
        .collect();
    elements.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_tag_is_shown_as_it_is_or_as_elements() {
        for (value, shown) in [
            ("gold", "gold"),
            ("[\"bsc\",\"eth\"]", "bsc, eth"),
            ("[19]", "19"),
            ("[]", ""),
            ("[x", "[x"),
        ] {
            assert_eq!(tag_value(value), shown);
        }
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_none_or_all() {
        for (part, whole, text) in [
            (0, 20_000, "0%"),
            (1, 20_000, "<0.1%"),
            (2_468, 20_000, "12.3%"),
            (19_999, 20_000, ">99.9%"),
            (20_000, 20_000, "100%"),
            (0, 0, "–"),
            (u64::MAX, u64::MAX, "100%"),
        ] {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn times_are_shown_in_the_zone_and_as_what_has_passed() {
        let time = Time::parse("2026-11-01T22:30:00Z").unwrap();
        let shanghai = Zone::named("Asia/Shanghai").unwrap();
        assert_eq!(instant(time, &shanghai), "2026-11-02 06:30");
        let later = |millis| Time::from_millis(time.millis() + millis);
        for (millis, text) in [
            (5_000, "just now"),
            (120_000, "2 min ago"),
            (7_200_000, "2 h ago"),
            (172_800_000, "2 d ago"),
            (-1, "in the future"),
        ] {
            assert_eq!(ago(time, later(millis), Language::English), text);
        }
        for (millis, text) in [(12, "12 ms"), (3_290, "3.2 s"), (245_000, "4 min 5 s")] {
            assert_eq!(duration(Span::from_millis(millis)), text);
        }
    }

    #[test]
    fn nothing_in_an_address_keeps_a_meaning_of_its_own() {
        assert_eq!(encoded("a/b?c&d=é#\"<"), "a%2Fb%3Fc%26d%3D%C3%A9%23%22%3C");
        assert_eq!(encoded(".."), "%2E%2E");
        assert_eq!(encoded("0xAB_1-2.3~4"), "0xAB_1-2.3~4");
    }

    #[test]
    fn a_name_falls_back_to_the_other_language_and_then_to_the_key() {
        let name = LocalizedText {
            zh: "鲸".to_owned(),
            en: String::new(),
        };
        assert_eq!(named(&name, "whale", Language::English), "鲸");
        assert_eq!(
            named(&LocalizedText::default(), "whale", Language::Chinese),
            "whale"
        );
    }
}
