//! What every page must hold, whatever it shows. A small scanner: our own templates write plain, regular HTML.

/// One start tag with its attributes.
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Text up to the next tag.
    pub(crate) text: String,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// All start tags in order.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    for piece in html.split('<').skip(1) {
        if piece.starts_with(['/', '!']) {
            continue;
        }
        let (tag, text) = piece.split_once('>').expect("a tag is closed");
        let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        let mut rest = rest.trim();
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| c == '=' || c.is_whitespace())
                .unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if let Some(quoted) = after.strip_prefix("=\"") {
                let (value, after) = quoted.split_once('"').expect("values are quoted");
                attributes.push((key.to_owned(), unescape(value)));
                rest = after.trim();
            } else {
                assert!(!after.starts_with('='), "unquoted value in <{tag}>");
                attributes.push((key.to_owned(), String::new()));
                rest = after.trim();
            }
        }
        tags.push(Tag {
            name: name.to_owned(),
            attributes,
            text: text.to_owned(),
        });
    }
    tags
}

fn unescape(value: &str) -> String {
    value
        .replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&amp;", "&")
}

/// The title of a page.
pub(crate) fn title(html: &str) -> String {
    let rest = html.split_once("<title>").expect("a page has a title").1;
    rest.split_once("</title>").unwrap().0.to_owned()
}

/// The marker of the page's state.
pub(crate) fn state(html: &str) -> String {
    let main = tags(html).into_iter().find(|tag| tag.name == "main");
    main.expect("a page has a main part")
        .get("data-state")
        .unwrap()
        .to_owned()
}

/// Fails when a page lacks what every page must hold.
pub(crate) fn check(html: &str, language: &str, failed: bool) {
    assert!(html.starts_with("<!DOCTYPE html>"));
    let tags = tags(html);
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    let root = tags.iter().find(|tag| tag.name == "html").unwrap();
    assert_eq!(root.get("lang"), Some(language));
    assert_eq!(count("h1"), 1, "exactly one h1");
    assert_eq!(count("main"), 1);
    assert_eq!(count("title"), 1);
    for forbidden in ["script", "style", "iframe", "object"] {
        assert_eq!(count(forbidden), 0, "<{forbidden}>");
    }
    let prefix = if language == "de" {
        "Fehler:"
    } else {
        "Error:"
    };
    let title = title(html);
    assert_eq!(title.starts_with(prefix), failed, "{title}");
    assert!(title.chars().count() <= 70, "{title}");
    assert!(!title.starts_with(" –") && !title.contains('{'), "{title}");

    let mut ids = std::collections::BTreeSet::new();
    for tag in &tags {
        assert!(
            tag.get("style").is_none(),
            "style attribute in <{}>",
            tag.name
        );
        for (name, _) in &tag.attributes {
            assert!(!name.starts_with("on"), "{name} in <{}>", tag.name);
        }
        if let Some(id) = tag.get("id") {
            assert!(!id.is_empty() && !id.contains(' '), "id {id:?}");
            assert!(ids.insert(id.to_owned()), "id {id} stands twice");
        }
    }
    let labelled: std::collections::BTreeSet<&str> = tags
        .iter()
        .filter(|tag| tag.name == "label")
        .map(|tag| tag.get("for").expect("a label names its field"))
        .collect();
    for tag in &tags {
        match tag.name.as_str() {
            "a" => {
                let target = tag.get("href").expect("a link leads somewhere");
                assert!(target != "#" && !target.is_empty(), "empty link");
                if let Some(id) = target.strip_prefix('#') {
                    assert!(ids.contains(id), "link to #{id}, which is not there");
                }
            }
            "input" | "select" | "textarea" if tag.get("type") != Some("hidden") => {
                let id = tag.get("id").expect("a field has an id");
                assert!(labelled.contains(id), "field {id} has no label");
                assert!(
                    tag.name != "input" || tag.get("type").is_some(),
                    "{id}: type"
                );
            }
            "button" => assert!(tag.get("type").is_some(), "a button has a type"),
            "form" => assert!(tag.get("method").is_some(), "a form has a method"),
            _ => {}
        }
        for reference in ["aria-describedby", "aria-labelledby", "for"] {
            for id in tag.get(reference).unwrap_or_default().split_whitespace() {
                assert!(
                    ids.contains(id),
                    "{reference} names {id}, which is not there"
                );
            }
        }
    }
    assert!(
        labelled.iter().all(|id| ids.contains(*id)),
        "a label without field"
    );
}

/// A form with the values a browser would send if nobody touched it.
pub(crate) struct Form {
    pub(crate) method: String,
    pub(crate) action: String,
    pub(crate) values: Vec<(String, String)>,
}

/// The form whose action begins with `action`.
pub(crate) fn form(html: &str, action: &str) -> Form {
    let wanted = |piece: &str| {
        let tags = tags(piece);
        tags.first()
            .and_then(|tag| tag.get("action"))
            .is_some_and(|known| known.starts_with(action))
    };
    let part = html
        .split("<form")
        .skip(1)
        .map(|piece| format!("<form{}", piece.split("</form>").next().unwrap()))
        .find(|piece| wanted(piece))
        .unwrap_or_else(|| panic!("no form to {action}"));
    let tags = tags(&part);
    let mut values = Vec::new();
    let mut select: Option<String> = None;
    for tag in &tags {
        let name = tag.get("name").unwrap_or_default().to_owned();
        let value = tag.get("value").unwrap_or_default().to_owned();
        match (tag.name.as_str(), tag.get("type").unwrap_or_default()) {
            ("input", "radio" | "checkbox") if tag.get("checked").is_some() => {
                values.push((name, value));
            }
            ("input", "radio" | "checkbox") => {}
            ("input", _) => values.push((name, value)),
            ("textarea", _) => values.push((name, tag.text.clone())),
            ("select", _) => select = Some(name),
            ("option", _) if tag.get("selected").is_some() => {
                values.push((select.clone().unwrap(), value));
            }
            _ => {}
        }
    }
    Form {
        method: tags[0].get("method").unwrap().to_owned(),
        action: tags[0].get("action").unwrap().to_owned(),
        values,
    }
}

/// Ids and names of all fields of a form, with their types.
pub(crate) fn fields(html: &str, action: &str) -> Vec<(String, String, String)> {
    let part = html
        .split("<form")
        .find(|piece| piece.contains(&format!("action=\"{action}")))
        .unwrap()
        .split("</form>")
        .next()
        .unwrap()
        .to_owned();
    tags(&format!("<form{part}"))
        .iter()
        .filter(|tag| matches!(tag.name.as_str(), "input" | "select" | "textarea"))
        .map(|tag| {
            let kind = if tag.name == "input" {
                tag.get("type").unwrap_or_default()
            } else {
                tag.name.as_str()
            };
            (
                tag.get("name").unwrap_or_default().to_owned(),
                kind.to_owned(),
                tag.get("value").unwrap_or_default().to_owned(),
            )
        })
        .collect()
}
