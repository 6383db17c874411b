//! How deep the brackets of a YAML text are nested, without reading it.

/// Returns how many brackets are open at once at the most, as the YAML scanner sees them: not in
/// quotes, comments, block scalars, and plain text.
pub(super) fn most_open(text: &str) -> usize {
    let mut scan = Scan::default();
    for line in text.lines() {
        scan.line(line);
    }
    scan.most
}

#[derive(Default)]
struct Scan {
    /// Brackets that are open.
    open: usize,
    most: usize,
    /// The quote that is open.
    quote: Option<u8>,
    /// The column that the lines of a block scalar or of plain text stay right of.
    text: Option<usize>,
}

impl Scan {
    fn line(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let indent = bytes.iter().take_while(|byte| **byte == b' ').count();
        if self.open == 0 && self.quote.is_none() {
            if indent == bytes.len() {
                return;
            }
            if self.text.is_some_and(|around| indent > around) {
                return;
            }
            self.text = None;
        }
        // Whether a value may begin here, where it does, and the column that it must stay right of.
        let mut begins = true;
        let mut start = indent;
        let mut around = indent;
        let mut at = if self.quote.is_some() { 0 } else { indent };
        while let Some(byte) = bytes.get(at).copied() {
            if let Some(quote) = self.quote {
                at += self.in_quotes(quote, &bytes[at..]);
                begins = false;
                continue;
            }
            let next = bytes.get(at + 1).copied();
            let ends = matches!(next, None | Some(b' ' | b'\t'));
            match byte {
                b'#' if at == 0 || matches!(bytes[at - 1], b' ' | b'\t') => break,
                b'\'' | b'"' if begins => {
                    start = at;
                    self.quote = Some(byte);
                }
                b'[' | b'{' if begins || self.open > 0 => {
                    self.open += 1;
                    self.most = self.most.max(self.open);
                    begins = true;
                }
                b']' | b'}' if self.open > 0 => {
                    self.open -= 1;
                    begins = false;
                }
                b',' if self.open > 0 => begins = true,
                b':' if self.open > 0 => begins = true,
                b':' if ends => {
                    around = start;
                    begins = true;
                }
                b'-' | b'?' if begins && ends => around = at,
                b'|' | b'>' if begins && self.open == 0 => {
                    self.text = Some(around);
                    return;
                }
                b' ' | b'\t' => {}
                // An anchor, an alias or a tag stands before a value.
                b'&' | b'!' | b'*' if begins => {
                    let ahead = &bytes[at..];
                    let end = ahead.iter().position(|byte| b" ,[]{}".contains(byte));
                    at += end.unwrap_or(ahead.len()).max(1) - 1;
                }
                _ => {
                    if begins && self.open == 0 {
                        // Plain text goes on in lines that are further in.
                        start = at;
                        self.text = Some(around);
                    }
                    begins = false;
                }
            }
            at += 1;
        }
        // A key with its value below it is not text.
        if begins && self.open == 0 {
            self.text = None;
        }
    }

    /// Returns how many bytes of a quoted string to pass.
    fn in_quotes(&mut self, quote: u8, rest: &[u8]) -> usize {
        let escapes = quote == b'"' && rest[0] == b'\\';
        let doubled = quote == b'\'' && rest.starts_with(b"''");
        if escapes || doubled {
            return 2;
        }
        if rest[0] == quote {
            self.quote = None;
        }
        1
    }
}
