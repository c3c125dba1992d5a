//! One value of a property or an attribute, and its text, made without allocating where it can.

use domain::{Date, Time};

/// A value. Texts are never empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Missing,
    /// One of the platform's fixed texts.
    Text(&'static str),
    /// mantissa / 10^scale.
    Number {
        /// The digits.
        mantissa: i64,
        /// Places after the point.
        scale: u8,
    },
    /// A whole number of up to 128 bits.
    Wide(i128),
    /// True or false.
    Truth(bool),
    /// An instant.
    Time(Time),
    /// A day.
    Date(Date),
    /// The key of a user.
    User(u32),
    /// The fingerprint of a device.
    Device(u32),
    /// The address of a wallet, `0x` and 40 hex digits in lower case.
    Address([u8; 20]),
    /// Several texts or addresses.
    List(Vec<Cell>),
}

/// A short text that owns no memory, or a long one that does.
#[derive(Debug, Clone)]
pub enum CellText {
    /// A fixed text.
    Fixed(&'static str),
    /// A short one.
    Short(ShortText),
    /// Any other.
    Long(String),
}

impl AsRef<str> for CellText {
    fn as_ref(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Short(text) => text.as_str(),
            Self::Long(text) => text,
        }
    }
}

/// Up to 48 ASCII characters.
#[derive(Debug, Clone)]
pub struct ShortText {
    length: u8,
    bytes: [u8; ShortText::CAPACITY],
}

impl ShortText {
    const CAPACITY: usize = 48;

    fn new() -> Self {
        Self {
            length: 0,
            bytes: [0; Self::CAPACITY],
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
            *place = byte;
            self.length += 1;
        }
    }

    fn push_all(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.push(*byte));
    }

    fn push_number(&mut self, number: u128) {
        let mut digits = [0u8; 39];
        let mut rest = number;
        let mut first = digits.len();
        for (place, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            first = place;
            if rest == 0 {
                break;
            }
        }
        self.push_all(digits.get(first..).unwrap_or_default());
    }

    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length));
        std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

impl Cell {
    /// The canonical text under which it is stored (see [`domain::stored`]); nothing for no value.
    pub fn stored(&self) -> Option<CellText> {
        if let Self::List(elements) = self {
            let mut text = b"\x01l".to_vec();
            write_json_list(elements, &mut text);
            return Some(CellText::Long(String::from_utf8(text).unwrap_or_default()));
        }
        self.scalar()
    }

    /// Writes it as JSON; `null` for no value.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let is_bare = matches!(self, Self::Number { .. } | Self::Wide(_) | Self::Truth(_));
        match (self, self.scalar()) {
            (Self::List(elements), _) => write_json_list(elements, out),
            (_, None) => out.extend_from_slice(b"null"),
            (_, Some(text)) if is_bare => out.extend_from_slice(text.as_ref().as_bytes()),
            (_, Some(text)) => {
                // None of the platform's texts has a character that JSON escapes.
                out.push(b'"');
                out.extend_from_slice(text.as_ref().as_bytes());
                out.push(b'"');
            }
        }
    }

    fn scalar(&self) -> Option<CellText> {
        let mut text = ShortText::new();
        match self {
            Self::Missing | Self::List(_) => return None,
            Self::Text(fixed) => return Some(CellText::Fixed(fixed)),
            Self::Truth(true) => return Some(CellText::Fixed("true")),
            Self::Truth(false) => return Some(CellText::Fixed("false")),
            Self::Number { mantissa, scale } => push_decimal(&mut text, *mantissa, *scale),
            Self::Wide(number) => {
                if *number < 0 {
                    text.push(b'-');
                }
                text.push_number(number.unsigned_abs());
            }
            Self::Time(time) => push_time(&mut text, *time),
            Self::Date(date) => push_date(&mut text, *date),
            Self::Device(device) => {
                text.push(b'd');
                text.push_number(u128::from(*device));
            }
            Self::User(user) => {
                text.push(b'u');
                text.push_number(u128::from(*user));
            }
            Self::Address(bytes) => {
                text.push_all(b"0x");
                for byte in bytes {
                    text.push(hex_digit(byte >> 4));
                    text.push(hex_digit(byte & 0xF));
                }
            }
        }
        Some(CellText::Short(text))
    }
}

fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' + nibble - 10
    }
}

fn write_json_list(elements: &[Cell], out: &mut Vec<u8>) {
    out.push(b'[');
    for (number, element) in elements.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        element.write_json(out);
    }
    out.push(b']');
}

/// A decimal without needless zeros.
fn push_decimal(text: &mut ShortText, mantissa: i64, scale: u8) {
    let (mut mantissa, mut scale) = (mantissa, scale);
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if mantissa < 0 {
        text.push(b'-');
    }
    let unit = 10u64.pow(u32::from(scale.min(18)));
    let digits = mantissa.unsigned_abs();
    text.push_number(u128::from(digits / unit));
    if scale > 0 {
        text.push(b'.');
        push_padded(text, digits % unit, usize::from(scale));
    }
}

fn push_padded(text: &mut ShortText, number: u64, width: usize) {
    for place in (0..width).rev() {
        let power = 10u64.pow(u32::try_from(place.min(18)).unwrap_or(18));
        text.push(b'0' + (number / power % 10) as u8);
    }
}

fn push_date(text: &mut ShortText, date: Date) {
    push_padded(text, u64::from(date.year().unsigned_abs()), 4);
    text.push(b'-');
    push_padded(text, u64::from(date.month()), 2);
    text.push(b'-');
    push_padded(text, u64::from(date.day()), 2);
}

/// RFC 3339 in UTC, milliseconds only where there are any, as `domain` prints it.
fn push_time(text: &mut ShortText, time: Time) {
    const DAY: i64 = 86_400_000;
    let days = time.millis().div_euclid(DAY);
    let of_day = time.millis().rem_euclid(DAY).unsigned_abs();
    push_date(text, Date::from_days(i32::try_from(days).unwrap_or(0)));
    for (separator, value, width) in [
        (b'T', of_day / 3_600_000, 2),
        (b':', of_day / 60_000 % 60, 2),
        (b':', of_day / 1000 % 60, 2),
        (b'.', of_day % 1000, 3),
    ] {
        if separator != b'.' || value != 0 {
            text.push(separator);
            push_padded(text, value, width);
        }
    }
    text.push(b'Z');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_written_as_the_domain_writes_it() {
        let text = |cell: Cell| cell.stored().unwrap().as_ref().to_owned();
        for millis in [0, 1, 999, -1, 1_763_856_000_000, 951_782_400_123] {
            let time = Time::from_millis(millis);
            assert_eq!(text(Cell::Time(time)), time.to_string());
        }
        let number = |mantissa, scale| text(Cell::Number { mantissa, scale });
        for (mantissa, scale, written) in [
            (0, 2, "0"),
            (1250, 2, "12.5"),
            (5, 2, "0.05"),
            (-70, 1, "-7"),
        ] {
            assert_eq!(number(mantissa, scale), written);
            assert_eq!(
                domain::Decimal::parse(written).unwrap().to_string(),
                written
            );
        }
        assert_eq!(text(Cell::Wide(i128::MAX)), i128::MAX.to_string());
        assert_eq!(text(Cell::Wide(-12)), "-12");
        let address = Cell::Address([0xA5; 20]);
        assert!(domain::is_address(&text(address.clone())));
        let list = Cell::List(vec![Cell::Text("eth"), Cell::User(7)]);
        let stored = domain::stored::encode(
            "x",
            &domain::Value::List(["eth", "u7"].map(domain::Value::text).into()),
        );
        assert_eq!(text(list), stored[0].1);
        assert!(Cell::Missing.stored().is_none());
    }
}
