//! What every page must hold, whatever it shows. A small scanner: our own templates write plain, regular HTML.

/// One start tag with its attributes.
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Text up to the next tag.
    pub text: String,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// All start tags in order.
pub fn tags(html: &str) -> Vec<Tag> {
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
pub fn title(html: &str) -> String {
    let rest = html.split_once("<title>").expect("a page has a title").1;
    rest.split_once("</title>").unwrap().0.to_owned()
}

/// The marker of the page's state.
pub fn state(html: &str) -> String {
    let main = tags(html).into_iter().find(|tag| tag.name == "main");
    main.expect("a page has a main part")
        .get("data-state")
        .unwrap()
        .to_owned()
}

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> String {
    tags(html)
        .iter()
        .find(|tag| tag.name == "input" && tag.get("name") == Some(name))
        .unwrap_or_else(|| panic!("no field {name}"))
        .get("value")
        .unwrap_or_default()
        .to_owned()
}

/// Fails when a page lacks what every page must hold.
pub fn check(html: &str, language: &str, failed: bool) {
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
    let prefix = if language == "de" { "Fehler:" } else { "Error:" };
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
