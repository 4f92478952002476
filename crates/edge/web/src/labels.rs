//! Texts by language as pages print them: with the language they really are in.

use einmal_application::view::Label;
use einmal_model::{Language, LocalText};

/// The text in the wanted language, or in the one it has.
pub(crate) fn label(text: &LocalText, wanted: Language) -> Label {
    text.get(wanted)
        .map(|(language, text)| Label {
            text: text.to_owned(),
            lang: (language != wanted).then(|| language.code()),
        })
        .unwrap_or_default()
}

/// A German text on a page in `wanted`.
pub(crate) fn german(text: impl Into<String>, wanted: Language) -> Label {
    Label {
        text: text.into(),
        lang: (wanted != Language::De).then(|| Language::De.code()),
    }
}

/// Sanitised HTML with its headings below those of the page around it.
pub(crate) fn demoted(mut html: Label) -> Label {
    for (from, to) in [("h3", "h5"), ("h2", "h4"), ("h1", "h3")] {
        html.text = html
            .text
            .replace(&format!("<{from}>"), &format!("<{to}>"))
            .replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_german_text_on_an_english_page_says_so() {
        assert_eq!(
            label(&LocalText::german("Kindergeld"), Language::En).lang,
            Some("de")
        );
        assert_eq!(
            label(&LocalText::german("Kindergeld"), Language::De).lang,
            None
        );
    }

    #[test]
    fn texts_cannot_bring_a_second_main_heading() {
        let html = german("<h1>A</h1><h2>B</h2><h3>C</h3>", Language::De);
        assert_eq!(demoted(html).text, "<h3>A</h3><h4>B</h4><h5>C</h5>");
    }
}
