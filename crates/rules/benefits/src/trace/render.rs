//! The trace as text, HTML and JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::{Language, Node, Value};

/// How a label, rule or norm is shown when the applicant stated the value.
fn origin(node: &Node, language: Language) -> &str {
    match (node.norm.is_empty(), language) {
        (false, _) => node.norm,
        (true, Language::German) => "Ihre Angabe",
        (true, Language::English) => "as stated",
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

impl Value {
    /// The value as a person reads it.
    #[must_use]
    pub fn display(self, language: Language) -> String {
        match (self, language) {
            (Self::Money(cents), Language::German) => format!("{cents} €"),
            (Self::Money(cents), Language::English) => {
                let swapped: String = cents
                    .to_string()
                    .chars()
                    .map(|c| match c {
                        '.' => ',',
                        ',' => '.',
                        other => other,
                    })
                    .collect();
                format!("{swapped} €")
            }
            (Self::Permille(rate), Language::German) => format!("{},{} %", rate / 10, rate % 10),
            (Self::Permille(rate), Language::English) => format!("{}.{} %", rate / 10, rate % 10),
            (Self::Count(count), _) => count.to_string(),
            (Self::Day(day), Language::German) => {
                format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
            }
            (Self::Day(day), Language::English) => day.to_string(),
            (Self::Word(word), _) => word.to_owned(),
            (Self::Flag(true), Language::German) => "ja".to_owned(),
            (Self::Flag(false), Language::German) => "nein".to_owned(),
            (Self::Flag(true), Language::English) => "yes".to_owned(),
            (Self::Flag(false), Language::English) => "no".to_owned(),
        }
    }

    fn json(self) -> serde_json::Value {
        match self {
            Self::Money(cents) => json!({ "cents": cents.0 }),
            Self::Permille(rate) => json!({ "permille": rate }),
            Self::Count(count) => json!({ "count": count }),
            Self::Day(day) => json!({ "date": day.to_string() }),
            Self::Word(word) => json!({ "word": word }),
            Self::Flag(flag) => json!({ "flag": flag }),
        }
    }
}

impl Node {
    fn title(&self, language: Language) -> String {
        match (self.month, language) {
            (None, _) => self.line.label(language).to_owned(),
            (Some(month), Language::German) => format!("{} {month}", self.line.label(language)),
            (Some(month), Language::English) => format!("{} {month}", self.line.label(language)),
        }
    }

    /// Indented text, one line each.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        self.write_text(language, 0, &mut text);
        text
    }

    fn write_text(&self, language: Language, depth: usize, text: &mut String) {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{:indent$}{}: {} — {} [{}]",
            "",
            self.title(language),
            self.value.display(language),
            self.line.rule(language),
            origin(self, language),
            indent = depth * 2,
        );
        for part in &self.parts {
            part.write_text(language, depth + 1, text);
        }
    }

    /// A list item that unfolds into its parts; works without scripts.
    #[must_use]
    pub fn html(&self, language: Language) -> String {
        let mut html = String::new();
        self.write_html(language, &mut html);
        html
    }

    fn write_html(&self, language: Language, html: &mut String) {
        let head = format!(
            "<span class=\"trace-label\">{}</span> <strong>{}</strong> \
             <span class=\"trace-rule\">{}</span> <cite>{}</cite>",
            escape(&self.title(language)),
            escape(&self.value.display(language)),
            escape(self.line.rule(language)),
            escape(origin(self, language)),
        );
        if self.parts.is_empty() {
            let _ = write!(html, "<li>{head}</li>");
        } else {
            let _ = write!(html, "<li><details><summary>{head}</summary><ul>");
            for part in &self.parts {
                part.write_html(language, html);
            }
            html.push_str("</ul></details></li>");
        }
    }

    /// The tree for machines: code, value, label, rule, norm, parts.
    #[must_use]
    pub fn json(&self, language: Language) -> serde_json::Value {
        json!({
            "line": self.line.code(),
            "month": self.month,
            "label": self.line.label(language),
            "value": self.value.json(),
            "rule": self.line.rule(language),
            "norm": self.norm,
            "parts": self.parts.iter().map(|part| part.json(language)).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Line;
    use einmal_model::Cents;

    fn node() -> Node {
        Node {
            line: Line::Net,
            month: None,
            value: Value::Money(Cents(123_456)),
            norm: "§ 2c(1) BEEG",
            parts: vec![Node {
                line: Line::TaxableIncome,
                month: Some(3),
                value: Value::Word("<b>"),
                norm: "",
                parts: Vec::new(),
            }],
        }
    }

    #[test]
    fn money_reads_as_in_the_language() {
        assert!(node().text(Language::German).contains("1.234,56 €"));
        assert!(node().text(Language::English).contains("1,234.56 €"));
    }

    #[test]
    fn html_escapes_values() {
        let html = node().html(Language::German);
        assert!(
            html.contains("&lt;b&gt;") && !html.contains("<b>"),
            "{html}"
        );
    }

    #[test]
    fn json_keeps_the_tree() {
        let json = node().json(Language::German);
        assert_eq!(json["parts"][0]["month"], 3);
        assert_eq!(json["value"]["cents"], 123_456);
    }
}
