//! The tokens of a rule's text.

use crate::located::TextRange;

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: TextRange,
}

/// What a token is. Mistakes that people make are tokens, too, so that the parser can say what to
/// write instead and go on as if it had been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters, digits and `_`; the parser knows which are keywords.
    Name,
    /// `` `any name` ``
    Quoted,
    /// `10_000`, `1e18`
    Number,
    /// `30d`
    Duration,
    /// `2026-11-01T10:00Z`
    Time,
    /// `2026-11-01`
    Date,
    /// `"text"`
    Text,
    LeftParen,
    RightParen,
    Comma,
    Dot,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    /// `->`, of sequences.
    Arrow,
    /// `'text'`, `「text」`, `"text”`
    Misquoted,
    /// A text or a quoted name without its end.
    Unterminated,
    /// `==`
    DoubleEqual,
    /// `<>`
    LessGreater,
    /// `&&`, `&`
    Ampersand,
    /// `||`, `|`
    Bar,
    /// `!`
    Exclamation,
    /// A number with letters that are no unit: `0xab`, `5min`.
    Malformed,
    /// A letter that no token begins with.
    Unknown,
    End,
}

impl TokenKind {
    /// Whether it compares two values.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::DoubleEqual
                | Self::NotEqual
                | Self::LessGreater
                | Self::Less
                | Self::AtMost
                | Self::Greater
                | Self::AtLeast
        )
    }

    /// Whether it is made of signs that rules have.
    pub fn is_sign(self) -> bool {
        !matches!(
            self,
            Self::Name
                | Self::Quoted
                | Self::Number
                | Self::Duration
                | Self::Time
                | Self::Date
                | Self::Text
                | Self::Misquoted
                | Self::Unterminated
                | Self::Malformed
                | Self::Unknown
                | Self::End
        )
    }
}

/// The ASCII letter that a full-width one stands for; digits and punctuation only.
pub(super) fn plain(letter: char) -> char {
    match letter {
        '\u{3000}' => ' ',
        '、' => ',',
        '。' => '.',
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        '−' | '－' => '-',
        '×' => '*',
        '÷' => '/',
        '\u{FF01}'..='\u{FF5E}' => {
            let ascii = u32::from(letter)
                .checked_sub(0xFEE0)
                .and_then(char::from_u32)
                .unwrap_or(letter);
            if ascii.is_ascii_alphabetic() {
                letter
            } else {
                ascii
            }
        }
        other => other,
    }
}

/// The sign that was very likely meant by another, which no rule has: what the keys of Chinese
/// keyboards give beside the full-width twins, and brackets of other languages.
pub(super) fn look_alike(letter: char) -> Option<char> {
    Some(match plain(letter) {
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '【' | '〔' | '[' | '{' => '(',
        '】' | '〕' | ']' | '}' => ')',
        ':' => '=',
        ';' => ',',
        _ => return None,
    })
}

/// Whether a name can begin with the letter.
pub(crate) fn begins_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

/// Whether the letter can stand in a name. Full-width digits and `＿` read as their ASCII forms
/// elsewhere, but in a name they are letters like any other.
pub(crate) fn continues_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
