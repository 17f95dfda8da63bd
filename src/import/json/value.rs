//! JSON values with the lines on which they begin.
//!
//! A parser of our own, because the library tells no line of a value that it has read; the tests hold it against the
//! library, which agrees on what is JSON.

use super::Broken;

/// Deeper than this nobody writes questions.
const DEEPEST: usize = 32;
/// More values than this nobody has to say.
const MOST: usize = 1_000_000;

/// A value and its line, from 1.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    /// `null`, `true` and `false`.
    Word,
    /// A number, as it is written.
    Number(Box<str>),
    Text(Box<str>),
    List(Vec<Node>),
    /// The keys in their order.
    Object(Vec<(Box<str>, Node)>),
}

/// The one value of `text`, whose first line is `line` of its file.
pub(super) fn parse(text: &str, line: usize) -> Result<Node, Broken> {
    let mut parser = Parser { text, at: 0, line, line_start: 0, values: 0 };
    parser.skip();
    let node = parser.value(0)?;
    parser.skip();
    if parser.at < text.len() {
        return Err(parser.broken("the value ends before this"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
    values: usize,
}

impl Parser<'_> {
    fn broken(&self, what: &str) -> Broken {
        let at = (self.at..=self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.text.len());
        let before = self.text.get(self.line_start..at).unwrap_or_default();
        Broken { line: self.line, column: before.chars().count() + 1, what: what.to_owned() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space, and counts its lines.
    fn skip(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek() {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
                self.line_start = self.at;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Broken> {
        self.values += 1;
        if self.values > MOST {
            return Err(self.broken("there are too many values before this"));
        }
        if depth > DEEPEST {
            return Err(self.broken("this is nested deeper than questions are"));
        }
        let line = u32::try_from(self.line).unwrap_or(u32::MAX);
        let value = match self.peek() {
            None => return Err(self.broken("the text ends where a value should be")),
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b',' | b']' | b'}' | b':') => return Err(self.broken("a value is missing here")),
            Some(b'\'') => return Err(self.broken("texts stand in double quotes")),
            Some(_) => self.word()?,
        };
        Ok(Node { line, value })
    }

    fn word(&mut self) -> Result<Value, Broken> {
        for word in ["null", "true", "false"] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(Value::Word);
            }
        }
        Err(self.broken("this is no value: texts stand in double quotes"))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<Value, Broken> {
        let from = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let zero = self.peek() == Some(b'0');
        let whole = self.digits();
        let mut fine = whole > 0 && (!zero || whole == 1);
        if self.peek() == Some(b'.') {
            self.at += 1;
            fine &= self.digits() > 0;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            fine &= self.digits() > 0;
        }
        if !fine {
            return Err(self.broken("this number is not complete"));
        }
        Ok(Value::Number(self.text[from..self.at].into()))
    }

    fn list(&mut self, depth: usize) -> Result<Value, Broken> {
        let mut list = Vec::new();
        self.at += 1;
        self.skip();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            self.skip();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err(self.broken("the text ends within a list")),
                Some(_) => return Err(self.broken("a comma or ] is missing before this")),
            }
            self.skip();
            if self.peek() == Some(b']') {
                return Err(self.broken("nothing comes after the last comma of this list"));
            }
        }
        self.at += 1;
        Ok(Value::List(list))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Broken> {
        let mut object = Vec::new();
        self.at += 1;
        self.skip();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(object));
        }
        loop {
            match self.peek() {
                Some(b'"') => {}
                None => return Err(self.broken("the text ends within an object")),
                Some(b'}') => return Err(self.broken("nothing comes after the last comma of this object")),
                Some(_) => return Err(self.broken("a key in double quotes is missing here")),
            }
            let key = self.string()?;
            self.skip();
            if self.peek() != Some(b':') {
                return Err(self.broken("a colon is missing before this"));
            }
            self.at += 1;
            self.skip();
            object.push((key, self.value(depth + 1)?));
            self.skip();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err(self.broken("the text ends within an object")),
                Some(_) => return Err(self.broken("a comma or } is missing before this")),
            }
            self.skip();
        }
        self.at += 1;
        Ok(Value::Object(object))
    }

    fn string(&mut self) -> Result<Box<str>, Broken> {
        self.at += 1;
        let mut read = String::new();
        loop {
            let from = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            read.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => read.push(self.escape()?),
                None => return Err(self.broken("the text ends within quotes")),
                Some(b'\n' | b'\r') => return Err(self.broken("the line ends within quotes: write \\n instead")),
                Some(_) => return Err(self.broken("a control character stands within quotes")),
            }
        }
        self.at += 1;
        Ok(read.into())
    }

    /// What is written with a backslash.
    fn escape(&mut self) -> Result<char, Broken> {
        self.at += 1;
        let Some(byte) = self.peek() else { return Err(self.broken("the text ends within quotes")) };
        let read = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.broken("nothing is written so with a backslash")),
        };
        self.at += 1;
        Ok(read)
    }

    /// `\u` with its four digits, or two of them for one character.
    fn unicode(&mut self) -> Result<char, Broken> {
        let high = self.code()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let back = self.at;
        self.at += 1;
        let low = self.code()?;
        if !(0xdc00..0xe000).contains(&low) {
            self.at = back;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code(&mut self) -> Result<u32, Broken> {
        self.at += 1;
        let digits =
            self.text.as_bytes().get(self.at..self.at + 4).filter(|four| four.iter().all(u8::is_ascii_hexdigit));
        let code =
            digits.and_then(|four| std::str::from_utf8(four).ok()).and_then(|four| u32::from_str_radix(four, 16).ok());
        let Some(code) = code else { return Err(self.broken("\\u needs four digits")) };
        self.at += 4;
        Ok(code)
    }
}
