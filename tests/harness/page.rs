//! A page as a test sees it: status, text, links and forms. Reads our own well-formed HTML; it is
//! no general HTML parser.

use std::collections::BTreeMap;

/// An answer with its HTML.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) url: String,
    pub(crate) html: String,
}

/// A form with the values that a browser would send.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) post: bool,
    /// Name and value of hidden, filled and pre-selected inputs.
    pub(crate) fields: Vec<(String, String)>,
    /// Name and value of every radio and checkbox, chosen or not.
    pub(crate) choices: Vec<(String, String)>,
    /// Names of all inputs that take text, also the empty ones.
    pub(crate) inputs: Vec<String>,
}

#[derive(Debug)]
struct Tag<'p> {
    name: &'p str,
    attributes: BTreeMap<String, String>,
    /// Position behind the tag.
    end: usize,
}

impl Page {
    /// The visible text, white space folded.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut rest = self.html.as_str();
        while let Some(start) = rest.find('<') {
            text.push_str(&rest[..start]);
            text.push(' ');
            let skip = ["script", "style"].iter().find_map(|element| {
                rest[start..]
                    .starts_with(&format!("<{element}"))
                    .then(|| rest[start..].find(&format!("</{element}")))
                    .flatten()
            });
            let from = start + skip.unwrap_or(0);
            match rest[from..].find('>') {
                Some(end) => rest = &rest[from + end + 1..],
                None => break,
            }
        }
        text.push_str(rest);
        unescape(&text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn title(&self) -> String {
        between(&self.html, "<title>", "</title>")
            .map(unescape)
            .unwrap_or_default()
    }

    /// The marker of the page's state, for example `error`.
    pub(crate) fn state(&self) -> Option<String> {
        self.tags("main")
            .next()
            .and_then(|tag| tag.attributes.get("data-state").cloned())
    }

    /// Targets of all links whose text contains the words.
    pub(crate) fn link(&self, words: &str) -> Option<String> {
        self.tags("a").find_map(|tag| {
            let text = self.html[tag.end..]
                .split("</a>")
                .next()
                .unwrap_or_default();
            let text = Self {
                html: text.to_owned(),
                ..self.clone()
            }
            .text();
            text.contains(words)
                .then(|| tag.attributes.get("href").cloned())
                .flatten()
        })
    }

    /// Targets of all links.
    pub(crate) fn links(&self) -> Vec<String> {
        self.tags("a")
            .filter_map(|tag| tag.attributes.get("href").cloned())
            .collect()
    }

    /// All forms.
    pub(crate) fn forms(&self) -> Vec<Form> {
        self.tags("form")
            .map(|tag| {
                let body = self.html[tag.end..]
                    .split("</form>")
                    .next()
                    .unwrap_or_default();
                read_form(&tag.attributes, body)
            })
            .collect()
    }

    /// The form whose action contains this text.
    pub(crate) fn form(&self, action: &str) -> Form {
        self.forms()
            .into_iter()
            .find(|form| form.action.contains(action))
            .unwrap_or_else(|| panic!("no form to {action} on {}:\n{}", self.url, self.text()))
    }

    /// The form of a question page: the only POST form in the main part.
    pub(crate) fn main_form(&self) -> Form {
        let main = between(&self.html, "<main", "</main>").unwrap_or(&self.html);
        let page = Self {
            html: main.to_owned(),
            ..self.clone()
        };
        page.forms()
            .into_iter()
            .find(|form| form.post)
            .unwrap_or_else(|| panic!("no POST form on {}:\n{}", self.url, self.text()))
    }

    fn tags<'p>(&'p self, wanted: &'p str) -> impl Iterator<Item = Tag<'p>> {
        tags(&self.html).filter(move |tag| tag.name == wanted)
    }
}

impl Form {
    /// Sets a value; an existing one of the same name is replaced.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.inputs.iter().any(|known| known == name)
            || self.choices.iter().any(|(known, _)| known == name)
    }
}

fn read_form(attributes: &BTreeMap<String, String>, body: &str) -> Form {
    let mut form = Form {
        action: attributes.get("action").cloned().unwrap_or_default(),
        post: attributes
            .get("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post")),
        fields: Vec::new(),
        choices: Vec::new(),
        inputs: Vec::new(),
    };
    let mut select: Option<(String, bool)> = None;
    for tag in tags(body) {
        let get = |name: &str| tag.attributes.get(name).cloned();
        let name = get("name");
        match (tag.name, name) {
            ("input", Some(name)) => {
                let value = get("value");
                match get("type").unwrap_or_default().as_str() {
                    "radio" | "checkbox" => {
                        let value = value.unwrap_or_else(|| "on".to_owned());
                        if tag.attributes.contains_key("checked") {
                            form.fields.push((name.clone(), value.clone()));
                        }
                        form.choices.push((name, value));
                    }
                    "submit" => {}
                    "hidden" => form.fields.push((name, value.unwrap_or_default())),
                    _ => {
                        form.fields.push((name.clone(), value.unwrap_or_default()));
                        form.inputs.push(name);
                    }
                }
            }
            ("textarea", Some(name)) => {
                let text = body[tag.end..]
                    .split("</textarea>")
                    .next()
                    .unwrap_or_default();
                form.fields.push((name.clone(), unescape(text)));
                form.inputs.push(name);
            }
            ("select", Some(name)) => select = Some((name, false)),
            ("option", _) => {
                if let Some((name, filled)) = &mut select {
                    let value = get("value").unwrap_or_default();
                    form.choices.push((name.clone(), value.clone()));
                    if tag.attributes.contains_key("selected") {
                        form.fields.retain(|(known, _)| known != name);
                        form.fields.push((name.clone(), value));
                        *filled = true;
                    } else if !*filled {
                        form.fields.push((name.clone(), value));
                        *filled = true;
                    }
                }
            }
            _ => {}
        }
    }
    form
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut position = 0;
    std::iter::from_fn(move || {
        loop {
            let start = position + html.get(position..)?.find('<')?;
            let name_length =
                html[start + 1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
            let name = &html[start + 1..start + 1 + name_length];
            if name.is_empty() {
                position = start + 1;
                continue;
            }
            let (attributes, end) = attributes(html, start + 1 + name_length)?;
            position = end;
            return Some(Tag {
                name,
                attributes,
                end,
            });
        }
    })
}

fn attributes(html: &str, mut at: usize) -> Option<(BTreeMap<String, String>, usize)> {
    let mut found = BTreeMap::new();
    loop {
        at += html[at..].find(|c: char| !c.is_whitespace() && c != '/')?;
        if html[at..].starts_with('>') {
            return Some((found, at + 1));
        }
        let length = html[at..]
            .find(|c: char| c.is_whitespace() || "=>/".contains(c))?
            .max(1);
        let name = html[at..at + length].to_ascii_lowercase();
        at += length;
        let value = if html[at..].starts_with("=\"") {
            let end = html[at + 2..].find('"')?;
            let value = &html[at + 2..at + 2 + end];
            at += end + 3;
            value
        } else if html[at..].starts_with('=') {
            let end = html[at + 1..].find(|c: char| c.is_whitespace() || c == '>')?;
            let value = &html[at + 1..at + 1 + end];
            at += end + 1;
            value
        } else {
            ""
        };
        found.insert(name, unescape(value));
    }
}

fn between<'h>(html: &'h str, start: &str, end: &str) -> Option<&'h str> {
    let from = html.find(start)? + start.len();
    let to = from + html[from..].find(end)?;
    Some(&html[from..to])
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_form_as_a_browser_would_send_it() {
        let html = r#"<main data-state="filled"><form action="/a" method="post">
            <input type="hidden" name="csrf" value="t&amp;1"><input name="n" value="x">
            <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <select name="s"><option value="a">A</option><option value="b" selected>B</option></select>
            <textarea name="t">mehr</textarea></form><a class="x" href="/z"><span>Zur</span> Liste</a></main>"#;
        let page = Page {
            status: 200,
            url: "/".into(),
            html: html.into(),
        };
        let mut form = page.main_form();
        form.fields.sort();
        let pairs: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("csrf", "t&1"),
                ("n", "x"),
                ("r", "2"),
                ("s", "b"),
                ("t", "mehr")
            ]
        );
        assert_eq!(page.state().as_deref(), Some("filled"));
        assert_eq!(page.link("Zur Liste").as_deref(), Some("/z"));
    }
}
