//! What the pages know about one request before any handler runs: language, address, cookies, request id.

use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use einmal_model::{Language, Random};

use crate::error::PageError;

/// Name of the query parameter and, prefixed, of the cookie that choose the language.
pub(crate) const LANGUAGE_PARAMETER: &str = "sprache";
const LANGUAGE_COOKIE: &str = "einmal-sprache";

/// One request, as pages see it. Put into the request by [`crate::frame`]. Has no debug output: it holds cookies.
#[derive(Clone)]
pub(crate) struct Visit {
    /// Language of the answer.
    pub(crate) language: Language,
    /// True when the address itself chose the language, so that a cookie keeps the choice.
    pub(crate) language_chosen: bool,
    /// Path without query.
    pub(crate) path: String,
    /// Query without the language parameter, as it came.
    pub(crate) query: String,
    /// Short random id that links the page, the log and a call to the help desk.
    pub(crate) request_id: String,
    cookies: Vec<(String, String)>,
}

impl Visit {
    /// Reads what a request says.
    pub(crate) fn new(uri: &Uri, headers: &HeaderMap, random: &dyn Random) -> Self {
        let cookies = read_cookies(headers);
        let mut asked = None;
        let mut query = Vec::new();
        for pair in uri.query().unwrap_or_default().split('&') {
            match pair.split_once('=') {
                Some((LANGUAGE_PARAMETER, code)) => asked = Language::from_code(code),
                _ if pair.is_empty() => {}
                _ => query.push(pair),
            }
        }
        let remembered = cookies
            .iter()
            .find(|(name, _)| name == LANGUAGE_COOKIE)
            .and_then(|(_, code)| Language::from_code(code));
        let language = asked
            .or(remembered)
            .or_else(|| preferred(headers))
            .unwrap_or_default();
        let mut entropy = [0_u8; 8];
        random.fill(&mut entropy);
        Self {
            language,
            language_chosen: asked.is_some(),
            path: uri.path().to_owned(),
            query: query.join("&"),
            request_id: entropy.iter().map(|byte| format!("{byte:02x}")).collect(),
            cookies,
        }
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Path and query, without the choice of language.
    pub(crate) fn address(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The same address in another language.
    pub(crate) fn address_in(&self, language: Language) -> String {
        let code = language.code();
        if self.query.is_empty() {
            format!("{}?{LANGUAGE_PARAMETER}={code}", self.path)
        } else {
            format!("{}?{}&{LANGUAGE_PARAMETER}={code}", self.path, self.query)
        }
    }

    /// The cookie that keeps the chosen language for a year.
    pub(crate) fn language_cookie(&self) -> String {
        format!(
            "{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax",
            self.language.code()
        )
    }
}

/// The visit that [`crate::frame`] has put into the request.
pub(crate) fn of(parts: &Parts) -> Result<Visit, PageError> {
    let visit = parts.extensions.get::<Visit>().cloned();
    visit.ok_or_else(|| PageError::Internal("router without its frame".to_owned()))
}

fn read_cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The first language of `accept-language` that we speak, by its weights (RFC 9110 §12.5.4).
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut wishes: Vec<(f32, Language)> = value
        .split(',')
        .filter_map(|item| {
            let (code, parameters) = item.split_once(';').unwrap_or((item, ""));
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(Some(1.0), |weight| weight.parse().ok())?;
            Some((weight, Language::from_code(code.trim())?))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    wishes.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    wishes.first().map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use einmal_model::testing::SeededRandom;

    fn visit(uri: &str, headers: &[(&'static str, &'static str)]) -> Visit {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        Visit::new(&uri.parse().unwrap(), &map, &SeededRandom::new(1))
    }

    #[test]
    fn german_is_the_default_and_the_address_beats_cookie_beats_browser() {
        assert_eq!(visit("/", &[]).language, Language::De);
        assert_eq!(
            visit("/", &[("accept-language", "fr, en-GB;q=0.8, de;q=0.5")]).language,
            Language::En
        );
        assert_eq!(
            visit(
                "/",
                &[
                    ("accept-language", "en"),
                    ("cookie", "a=b; einmal-sprache=de")
                ]
            )
            .language,
            Language::De
        );
        assert_eq!(
            visit("/?sprache=en", &[("cookie", "einmal-sprache=de")]).language,
            Language::En
        );
        assert_eq!(visit("/?sprache=tlh", &[]).language, Language::De);
    }

    #[test]
    fn switching_the_language_keeps_page_and_query() {
        let visit = visit("/suche?q=baby&sprache=en&ort=x", &[]);
        assert_eq!(visit.address(), "/suche?q=baby&ort=x");
        assert_eq!(
            visit.address_in(Language::De),
            "/suche?q=baby&ort=x&sprache=de"
        );
    }
}
