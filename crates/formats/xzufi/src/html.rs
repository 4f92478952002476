//! HTML of catalogue texts, reduced to what the portal network allows.
//!
//! Texts arrive as escaped HTML. [`sanitise`] reads it as text with tags and writes it anew: only the
//! tags p, br, h1–h6, b, strong, i, em, sup, sub, ul, ol, li and a come out, always balanced, and the only
//! attribute is the address of a link with the scheme http, https or mailto. Everything else
//! leaves as escaped text or not at all, so that a page may print the result as it is.

/// The text as harmless HTML.
///
/// ```
/// use einmal_xzufi::html::sanitise;
/// assert_eq!(
///     sanitise(r#"<p onclick="x()">Gut <script>böse()</script>&amp; <a href="javascript:x">frei"#),
///     "<p>Gut &amp; frei</p>"
/// );
/// ```
#[must_use]
pub fn sanitise(html: &str) -> String {
    let mut writer = Writer::default();
    for piece in pieces(html) {
        writer.piece(piece);
    }
    writer.finish()
}

/// The text without any tags, entities resolved, white space run together: for search and
/// descriptions.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut hidden = 0_usize;
    for piece in pieces(html) {
        match piece {
            Piece::Text(part) if hidden == 0 => text.push_str(&decode(part)),
            Piece::Open { name, .. } if is_hidden(&name) => hidden += 1,
            Piece::Close(name) if is_hidden(&name) => hidden = hidden.saturating_sub(1),
            Piece::Open { name, .. } | Piece::Close(name) if is_block(&name) => text.push(' '),
            _ => {}
        }
    }
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

const BLOCKS: [&str; 10] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"];
const INLINE: [&str; 7] = ["b", "strong", "i", "em", "sup", "sub", "a"];
/// Elements whose content is no text for people.
const HIDDEN: [&str; 8] = [
    "script", "style", "template", "iframe", "object", "noscript", "textarea", "title",
];
/// Deeper nesting is flattened; it cannot be meant.
const MAX_DEPTH: usize = 32;

fn is_hidden(name: &str) -> bool {
    HIDDEN.contains(&name)
}

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || matches!(name, "br" | "div" | "tr" | "td" | "th" | "table")
}

enum Piece<'a> {
    Text(&'a str),
    Open { name: String, attributes: &'a str },
    Close(String),
}

/// Cuts the text at its tags. What looks like a tag but is none stays text.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(after) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let (text, tail) = rest.split_at(end);
                rest = tail;
                return Some(Piece::Text(text));
            };
            if let Some(comment) = after.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, tail)| tail);
                continue;
            }
            let closing = after.starts_with('/');
            let name_on = after.strip_prefix('/').unwrap_or(after);
            let declares = name_on.starts_with(['!', '?']);
            if !declares && !name_on.starts_with(|c: char| c.is_ascii_alphabetic()) {
                // A lone `<`, as in "a < b".
                let end = after.find('<').map_or(rest.len(), |at| at + 1);
                let (text, tail) = rest.split_at(end);
                rest = tail;
                return Some(Piece::Text(text));
            }
            let end = tag_end(name_on);
            let (tag, tail) = name_on.split_at(end);
            rest = tail.strip_prefix('>').unwrap_or(tail);
            if declares {
                continue;
            }
            let name_end = tag
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(name_end);
            let name = name.to_ascii_lowercase();
            return Some(if closing {
                Piece::Close(name)
            } else {
                Piece::Open { name, attributes }
            });
        }
    })
}

/// Where a tag ends: at the first `>` outside quotes, or at the end of the text.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') if after_equals => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
        after_equals = character == '=' || (after_equals && character.is_whitespace());
    }
    tag.len()
}

#[derive(Default)]
struct Writer {
    out: String,
    open: Vec<&'static str>,
    hidden: Vec<String>,
}

impl Writer {
    fn piece(&mut self, piece: Piece<'_>) {
        if !self.hidden.is_empty() {
            match piece {
                Piece::Open { name, .. } if is_hidden(&name) && self.hidden.len() < MAX_DEPTH => {
                    self.hidden.push(name);
                }
                Piece::Close(name) if self.hidden.last() == Some(&name) => {
                    self.hidden.pop();
                }
                _ => {}
            }
            return;
        }
        match piece {
            Piece::Text(text) => escape_into(&mut self.out, &decode(text)),
            Piece::Open { name, attributes } => self.open(name, attributes),
            Piece::Close(name) => self.close(&name),
        }
    }

    fn open(&mut self, name: String, attributes: &str) {
        if is_hidden(&name) {
            if !attributes.trim_end().ends_with('/') {
                self.hidden.push(name);
            }
            return;
        }
        if name == "br" {
            self.out.push_str("<br>");
            return;
        }
        let known = BLOCKS.into_iter().chain(INLINE).find(|tag| *tag == name);
        let Some(tag) = known.filter(|_| self.open.len() < MAX_DEPTH) else {
            return;
        };
        if tag == "a" {
            // No link within a link; a link without an allowed address is plain text.
            if self.open.contains(&"a") {
                return;
            }
            let Some(address) = address(attributes) else {
                return;
            };
            self.out.push_str("<a href=\"");
            escape_into(&mut self.out, &address);
            self.out.push_str("\">");
            self.open.push(tag);
            return;
        }
        // A block ends an open paragraph or heading, an item ends the item before it.
        if BLOCKS.contains(&tag) {
            if tag == "li" {
                let innermost = self
                    .open
                    .iter()
                    .rposition(|open| matches!(*open, "ul" | "ol" | "li"));
                match innermost.and_then(|at| self.open.get(at).map(|open| (at, *open))) {
                    Some((at, "li")) => self.close_down_to(at),
                    Some(_) => {}
                    None => return,
                }
            } else if let Some(at) = self
                .open
                .iter()
                .position(|open| *open == "p" || open.starts_with('h'))
            {
                self.close_down_to(at);
            }
        }
        self.out.push('<');
        self.out.push_str(tag);
        self.out.push('>');
        self.open.push(tag);
    }

    fn close(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| *open == name) {
            self.close_down_to(at);
        }
    }

    fn close_down_to(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(tag) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(tag);
                self.out.push('>');
            }
        }
    }

    fn finish(mut self) -> String {
        self.close_down_to(0);
        self.out
    }
}

/// The address of a link, when its scheme is allowed.
fn address(attributes: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c == '=' || c.is_whitespace() || c == '/')?;
        let (name, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let Some(value_on) = tail.strip_prefix('=') else {
            rest = tail;
            continue;
        };
        let value_on = value_on.trim_start();
        let (value, tail) = match value_on.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value_on.strip_prefix(quote).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value_on.split_at(value_on.find(char::is_whitespace).unwrap_or(value_on.len())),
        };
        if name.eq_ignore_ascii_case("href") {
            return allowed_address(&decode(value));
        }
        rest = tail;
    }
}

/// The address when a page may link to it: http, https or mailto, without control characters.
///
/// ```
/// use einmal_xzufi::html::allowed_address;
/// assert!(allowed_address("https://example.org").is_some());
/// assert!(allowed_address("JAVASCRIPT:alert(1)").is_none());
/// ```
#[must_use]
pub fn allowed_address(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let allowed = ["http", "https", "mailto"]
        .into_iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let clean = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    (allowed && clean && !rest.is_empty()).then(|| address.to_owned())
}

fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

/// Resolves character references and the names that German texts use; others stay as written.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = after
            .split_once(';')
            .filter(|(name, _)| !name.is_empty() && name.len() <= 10)
            .and_then(|(name, tail)| character(name).map(|c| (c, tail)));
        if let Some((character, tail)) = reference {
            out.push(character);
            rest = tail;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "sect" => '§',
        "euro" => '€',
        "deg" => '°',
        "ndash" => '–',
        "mdash" => '—',
        "bdquo" => '„',
        "ldquo" => '“',
        "rdquo" => '”',
        "sbquo" => '‚',
        "lsquo" => '‘',
        "rsquo" => '’',
        "laquo" => '«',
        "raquo" => '»',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "times" => '×',
        "frac12" => '½',
        "sup2" => '²',
        "sup3" => '³',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_what_is_allowed() {
        let html = "<h2>A</h2><ul><li><b>x</b><sup>2</sup><br></li></ul>\
                    <a href=\"https://example.org/?a=1&amp;b=2\">L</a>";
        assert_eq!(sanitise(html), html);
    }

    #[test]
    fn drops_what_could_run() {
        for (hostile, harmless) in [
            ("<img src=x onerror=alert(1)>", ""),
            ("<a href='java\nscript:x'>t</a>", "t"),
            ("<a href=\"&#106;avascript:x\">t</a>", "t"),
            (
                "<a title='>' href=https://e.org/>t</a>",
                "<a href=\"https://e.org/\">t</a>",
            ),
            ("<scr<script>ipt>x</script>", "ipt&gt;x"),
            ("<script>x<script>y</script>", ""),
            ("<p style=\"color:red\">t</p>", "<p>t</p>"),
            ("<svg/onload=x>t", "t"),
            ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
            ("<!-- <p>x</p> -->t", "t"),
        ] {
            assert_eq!(sanitise(hostile), harmless, "{hostile}");
        }
    }

    #[test]
    fn closes_what_was_left_open() {
        assert_eq!(
            sanitise("<p>a<p>b<ul><li>c<li>d"),
            "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>"
        );
        assert_eq!(
            sanitise("<ul><li>a<ul><li>b</li></ul></li></ul>"),
            "<ul><li>a<ul><li>b</li></ul></li></ul>"
        );
    }

    #[test]
    fn plain_text_reads_as_words() {
        assert_eq!(
            plain_text("<p>Geb&uuml;hr:&nbsp;5</p><p>nichts&#x21;</p><script>x</script>"),
            "Gebühr: 5 nichts!"
        );
    }

    proptest! {
        #[test]
        fn the_result_is_balanced_and_stable(html in "[<>/a-z=\"' &;#!:pbli\\-]{0,200}") {
            let once = sanitise(&html);
            prop_assert_eq!(&sanitise(&once), &once);
            for tag in BLOCKS.into_iter().chain(INLINE) {
                let opened = once.matches(&format!("<{tag}>")).count()
                    + once.matches(&format!("<{tag} ")).count();
                prop_assert_eq!(opened, once.matches(&format!("</{tag}>")).count());
            }
        }

        #[test]
        fn only_known_tags_come_out(html in "\\PC{0,200}") {
            for tag in sanitise(&html).split('<').skip(1) {
                let name: String = tag
                    .trim_start_matches('/')
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                let known = name == "br" || BLOCKS.into_iter().chain(INLINE).any(|t| t == name);
                prop_assert!(known, "{}", tag);
            }
        }
    }
}
