//! Text → tokens, in one pass, never failing.

use super::token::{Token, TokenKind, begins_name, continues_name, look_alike, plain};
use crate::located::TextRange;

/// All tokens of the text, the last one being the end. The text is shorter than 4 GiB.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.next_kind();
        tokens.push(Token {
            kind,
            range: range(start, lexer.at),
        });
        if kind == TokenKind::End {
            return tokens;
        }
    }
}

fn range(start: usize, end: usize) -> TextRange {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    TextRange {
        start: place(start),
        end: place(end),
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next letter as written.
    fn letter(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next letter, full-width ones as ASCII.
    fn plain(&self) -> Option<char> {
        self.letter().map(plain)
    }

    /// The next letter as the sign that it is or was meant to be.
    fn meant(&self) -> Option<char> {
        self.plain().map(|plain| look_alike(plain).unwrap_or(plain))
    }

    fn second(&self) -> Option<char> {
        self.rest().chars().nth(1).map(plain)
    }

    /// Whether only blanks follow the next letter.
    fn is_last(&self) -> bool {
        self.rest().chars().skip(1).all(char::is_whitespace)
    }

    fn bump(&mut self) {
        self.at += self.letter().map_or(0, char::len_utf8);
    }

    fn bump_while(&mut self, holds: impl Fn(char) -> bool) {
        while self.letter().is_some_and(&holds) {
            self.bump();
        }
    }

    /// Blanks and comments.
    fn skip_blanks(&mut self) {
        loop {
            self.bump_while(|letter| letter.is_whitespace() || letter == '\u{FEFF}');
            if !self.rest().starts_with("--") {
                return;
            }
            self.bump_while(|letter| letter != '\n');
        }
    }

    fn next_kind(&mut self) -> TokenKind {
        let (Some(letter), Some(plain)) = (self.letter(), self.plain()) else {
            return TokenKind::End;
        };
        if plain.is_ascii_digit() {
            return self.number();
        }
        if begins_name(letter) {
            self.bump_while(continues_name);
            return TokenKind::Name;
        }
        match plain {
            '"' => self.delimited(TokenKind::Text),
            '`' => self.delimited(TokenKind::Quoted),
            '\'' | '「' | '『' => self.delimited(TokenKind::Misquoted),
            ';' if self.is_last() => {
                self.bump();
                TokenKind::Unknown
            }
            _ => self.sign(letter, look_alike(plain).unwrap_or(plain)),
        }
    }

    fn sign(&mut self, letter: char, plain: char) -> TokenKind {
        self.bump();
        let next = self.meant();
        let (kind, is_long) = match (letter, plain, next) {
            ('≤', ..) => (TokenKind::AtMost, false),
            ('≥', ..) => (TokenKind::AtLeast, false),
            ('≠', ..) => (TokenKind::NotEqual, false),
            ('→', ..) => (TokenKind::Arrow, false),
            (_, '(', _) => (TokenKind::LeftParen, false),
            (_, ')', _) => (TokenKind::RightParen, false),
            (_, ',', _) => (TokenKind::Comma, false),
            (_, '.', _) => (TokenKind::Dot, false),
            (_, '+', _) => (TokenKind::Plus, false),
            (_, '-', Some('>')) => (TokenKind::Arrow, true),
            (_, '-', _) => (TokenKind::Minus, false),
            (_, '*', _) => (TokenKind::Star, false),
            (_, '/', _) => (TokenKind::Slash, false),
            (_, '%', _) => (TokenKind::Percent, false),
            (_, '=', Some('=')) => (TokenKind::DoubleEqual, true),
            (_, '=', _) => (TokenKind::Equal, false),
            (_, '!', Some('=')) => (TokenKind::NotEqual, true),
            (_, '!', _) => (TokenKind::Exclamation, false),
            (_, '<', Some('=')) => (TokenKind::AtMost, true),
            (_, '<', Some('>')) => (TokenKind::LessGreater, true),
            (_, '<', _) => (TokenKind::Less, false),
            (_, '>', Some('=')) => (TokenKind::AtLeast, true),
            (_, '>', _) => (TokenKind::Greater, false),
            (_, '&', next) => (TokenKind::Ampersand, next == Some('&')),
            (_, '|', next) => (TokenKind::Bar, next == Some('|')),
            _ => (TokenKind::Unknown, false),
        };
        if is_long {
            self.bump();
        }
        kind
    }

    /// From an opening quote to the closing one on the same line. A text that only a quote of the
    /// other width could close was very likely meant to end there.
    fn delimited(&mut self, kind: TokenKind) -> TokenKind {
        let open = self.letter().unwrap_or_default();
        let mut twin = None;
        self.bump();
        while let Some(letter) = self.letter().filter(|letter| *letter != '\n') {
            match letter {
                '\\' => self.bump(),
                _ if closes(open, letter) => {
                    self.bump();
                    return kind;
                }
                _ if plain(letter) == open => {
                    twin = twin.or(Some(self.at + letter.len_utf8()));
                }
                _ => {}
            }
            if self.letter() != Some('\n') {
                self.bump();
            }
        }
        match twin.filter(|_| kind != TokenKind::Quoted) {
            Some(end) => {
                self.at = end;
                TokenKind::Misquoted
            }
            None => TokenKind::Unterminated,
        }
    }

    fn number(&mut self) -> TokenKind {
        if let Some(kind) = self.date_or_time() {
            return kind;
        }
        self.digits();
        if self.plain() == Some('.') && self.second().is_some_and(|next| next.is_ascii_digit()) {
            self.bump();
            self.digits();
        }
        self.exponent();
        let suffix = self.at;
        self.bump_while(continues_name);
        match self.text.get(suffix..self.at).unwrap_or_default() {
            "" => TokenKind::Number,
            "s" | "m" | "h" | "d" | "w" => TokenKind::Duration,
            _ => TokenKind::Malformed,
        }
    }

    fn digits(&mut self) {
        self.bump_while(|letter| plain(letter).is_ascii_digit() || letter == '_');
    }

    fn exponent(&mut self) {
        let mut ahead = self.rest().chars().map(plain);
        let (first, second, third) = (ahead.next(), ahead.next(), ahead.next());
        let is_digit = |letter: Option<char>| letter.is_some_and(|found| found.is_ascii_digit());
        let has_sign = matches!(second, Some('+' | '-')) && is_digit(third);
        if matches!(first, Some('e' | 'E')) && (has_sign || is_digit(second)) {
            self.bump();
            self.bump();
            self.digits();
        }
    }

    /// `2026-11-01`, `2026-11-01T10:00:00.5+08:00`; nothing else begins with four digits, a
    /// hyphen, two digits, a hyphen and two digits.
    fn date_or_time(&mut self) -> Option<TokenKind> {
        let rest = self.rest().as_bytes();
        let is_date = rest.len() >= 10
            && rest
                .iter()
                .zip(b"dddd-dd-dd")
                .all(|(byte, form)| fits(*byte, *form));
        if !is_date || rest.get(10).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let is_time = matches!(rest.get(10..12), Some([b'T' | b't', b'0'..=b'9']));
        self.at += 10;
        if !is_time {
            return Some(TokenKind::Date);
        }
        self.bump();
        self.bump_while(|letter| letter.is_ascii_digit() || matches!(letter, ':' | '.'));
        self.offset();
        Some(TokenKind::Time)
    }

    fn offset(&mut self) {
        let rest = self.rest().as_bytes();
        let is = |form: &[u8]| {
            rest.len() >= form.len() && rest.iter().zip(form).all(|(byte, form)| fits(*byte, *form))
        };
        let length = match rest {
            [b'Z' | b'z', ..] => 1,
            _ if is(b"+dd:dd") || is(b"-dd:dd") => 6,
            _ if is(b"+dddd") || is(b"-dddd") => 5,
            _ => 0,
        };
        self.at += length;
    }
}

/// Whether a byte is what the form says: `d` any digit, else itself.
fn fits(byte: u8, form: u8) -> bool {
    if form == b'd' {
        byte.is_ascii_digit()
    } else {
        byte == form
    }
}

/// Whether a quote ends what another began. ASCII quotes end with themselves, so that texts may
/// have full-width ones inside; those of Chinese keyboards end with any of their kind.
fn closes(open: char, letter: char) -> bool {
    match open {
        '「' => letter == '」',
        '『' => letter == '』',
        _ if open.is_ascii() => letter == open,
        _ => plain(letter) == plain(open),
    }
}
