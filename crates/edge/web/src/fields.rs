//! Names and values from a query or a posted form, as they came.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;

use crate::error::PageError;

/// Hidden field that carries the token of the session.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// Values by name; a name may come several times. Has no debug output: it holds what people typed.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a name, without white space around it; empty when there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// All values of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Whether a name came at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The first value of every name, untrimmed, for a domain that reads the input itself.
    pub(crate) fn to_map(&self) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        for (name, value) in &self.0 {
            map.entry(name.clone()).or_insert_with(|| value.clone());
        }
        map
    }

    /// All pairs.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// The query of the address.
#[derive(Clone, Default)]
pub(crate) struct Asked(pub(crate) Fields);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        query
            .map(|Query(pairs)| Self(Fields(pairs)))
            .map_err(|_| PageError::Unreadable)
    }
}

/// The body of a posted form.
#[derive(Clone, Default)]
pub(crate) struct Posted(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|axum::Form(pairs)| Self(Fields(pairs)))
            .map_err(|_| PageError::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts_and_white_space_does_not() {
        let fields = Fields(vec![
            ("a".to_owned(), " x ".to_owned()),
            ("a".to_owned(), "y".to_owned()),
            ("b".to_owned(), String::new()),
        ]);
        assert_eq!(fields.one("a"), "x");
        assert_eq!(fields.all("a"), [" x ", "y"]);
        assert_eq!(fields.all("b"), Vec::<String>::new());
        assert!(fields.has("b") && !fields.has("c"));
        assert_eq!(fields.to_map()["a"], " x ");
    }
}
