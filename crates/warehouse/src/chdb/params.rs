//! Values bound to the `{name:Type}` places of a query.

/// Values bound to the `{name:Type}` places of a query: text never meets the SQL parser.
#[derive(Clone, Debug, Default)]
pub struct Params {
    names: Vec<&'static str>,
    values: Vec<Vec<u8>>,
}

impl Params {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds bytes to a `{name:String}` place; any bytes are allowed.
    #[must_use]
    pub fn text(self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let mut escaped = Vec::with_capacity(value.as_ref().len());
        escape(value.as_ref(), &mut escaped);
        self.bind(name, escaped)
    }

    /// Binds an integer to a place of an integer type.
    #[must_use]
    pub fn integer(self, name: &'static str, value: impl Into<i128>) -> Self {
        self.bind(name, value.into().to_string().into_bytes())
    }

    /// Binds integers to a place of an `Array` of an integer type.
    #[must_use]
    pub fn integers<T: Into<u64> + Copy>(self, name: &'static str, values: &[T]) -> Self {
        let mut list = Vec::with_capacity(values.len() * 8 + 2);
        list.push(b'[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                list.push(b',');
            }
            list.extend_from_slice((*value).into().to_string().as_bytes());
        }
        list.push(b']');
        self.bind(name, list)
    }

    /// Binds texts to an `{name:Array(String)}` place; any bytes are allowed.
    #[must_use]
    pub fn texts<T: AsRef<[u8]>>(self, name: &'static str, values: &[T]) -> Self {
        let mut list = vec![b'['];
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                list.push(b',');
            }
            list.push(b'\'');
            escape(value.as_ref(), &mut list);
            list.push(b'\'');
        }
        list.push(b']');
        self.bind(name, list)
    }

    fn bind(mut self, name: &'static str, value: Vec<u8>) -> Self {
        self.names.push(name);
        self.values.push(value);
        self
    }

    /// The four parallel arrays that the C API takes; they borrow from `self`.
    pub(super) fn arrays(&self) -> ParamArrays {
        ParamArrays {
            names: self.names.iter().map(|name| name.as_ptr()).collect(),
            name_lengths: self.names.iter().map(|name| name.len()).collect(),
            values: self.values.iter().map(|value| value.as_ptr()).collect(),
            value_lengths: self.values.iter().map(Vec::len).collect(),
        }
    }
}

/// Pointers into a [`Params`]; valid as long as it lives unchanged.
pub(super) struct ParamArrays {
    pub(super) names: Vec<*const u8>,
    pub(super) name_lengths: Vec<usize>,
    pub(super) values: Vec<*const u8>,
    pub(super) value_lengths: Vec<usize>,
}

/// The engine reads a text as one escaped tab-separated field, and in a list as an escaped text in quotes.
fn escape(value: &[u8], into: &mut Vec<u8>) {
    for &byte in value {
        match byte {
            b'\\' => into.extend_from_slice(b"\\\\"),
            b'\'' => into.extend_from_slice(b"\\'"),
            b'\t' => into.extend_from_slice(b"\\t"),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\r' => into.extend_from_slice(b"\\r"),
            0 => into.extend_from_slice(b"\\0"),
            _ => into.push(byte),
        }
    }
}
