//! A browser without scripts: keeps cookies, follows redirects, fills in forms, checks every page it sees.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::html;

/// One visitor with a cookie jar.
pub(crate) struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
}

/// A page as it was received.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    /// Path and query after redirects.
    pub(crate) address: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn state(&self) -> String {
        html::state(&self.body)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    pub(crate) fn must_have(&self, text: &str) -> &Self {
        assert!(
            self.has(text),
            "{}: no {text:?} in\n{}",
            self.address,
            self.body
        );
        self
    }

    /// The id at a position of the path.
    pub(crate) fn segment(&self, position: usize) -> String {
        let path = self.address.split('?').next().unwrap();
        path.split('/').nth(position).unwrap().to_owned()
    }
}

impl Browser {
    pub(crate) fn new(app: Router) -> Self {
        Self {
            app,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    async fn send(&mut self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (
            parts.status,
            parts.headers,
            String::from_utf8(bytes.to_vec()).unwrap(),
        )
    }

    fn request(&self, method: Method, address: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(address)
            .header(header::HOST, "127.0.0.1:1")
            .header(header::ACCEPT_LANGUAGE, "de")
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn follow(&mut self, address: &str, answer: (StatusCode, HeaderMap, String)) -> Seen {
        let (mut address, (mut status, mut headers, mut body)) = (address.to_owned(), answer);
        for _ in 0..8 {
            if !status.is_redirection() {
                break;
            }
            assert_eq!(status, StatusCode::SEE_OTHER);
            let target = headers[header::LOCATION].to_str().unwrap();
            let target = target.strip_prefix("http://127.0.0.1:1").unwrap_or(target);
            address = target.to_owned();
            let request = self.request(Method::GET, &address);
            (status, headers, body) = self.send(request.body(Body::empty()).unwrap()).await;
        }
        let seen = Seen {
            status,
            address,
            headers,
            body,
        };
        self.check(&seen);
        seen
    }

    /// What every page holds, whatever happened.
    fn check(&self, seen: &Seen) {
        let kind = seen.headers.get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            return;
        }
        let failed = matches!(
            seen.status,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
        );
        let lang = html::tags(&seen.body)[0].get("lang").unwrap().to_owned();
        html::check(&seen.body, &lang, failed && seen.state() == "error");
        let policy = seen.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert!(seen.body.len() < 120_000, "{} bytes", seen.body.len());
        seen.must_have("Demonstrator").must_have("Simulation");
    }

    pub(crate) async fn open(&mut self, address: &str) -> Seen {
        let request = self.request(Method::GET, address);
        let answer = self.send(request.body(Body::empty()).unwrap()).await;
        self.follow(address, answer).await
    }

    pub(crate) async fn post(&mut self, address: &str, fields: &[(String, String)]) -> Seen {
        self.post_from(address, fields, "http://127.0.0.1:1").await
    }

    /// Posts a form as a page of `origin` would.
    pub(crate) async fn post_from(
        &mut self,
        address: &str,
        fields: &[(String, String)],
        origin: &str,
    ) -> Seen {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let request = self
            .request(Method::POST, address)
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self
            .send(request.body(Body::from(body.join("&"))).unwrap())
            .await;
        self.follow(address, answer).await
    }

    /// Submits the form of a page that goes to `action`, with its hidden and chosen values and `fields` in addition;
    /// a field of the same name replaces the form's value.
    pub(crate) async fn submit(
        &mut self,
        page: &Seen,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Seen {
        let form = html::form(&page.body, action);
        let mut values: Vec<(String, String)> = form
            .values
            .into_iter()
            .filter(|(name, _)| !fields.iter().any(|(other, _)| other == name))
            .collect();
        values.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        if form.method == "get" {
            let query: Vec<String> = values
                .iter()
                .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
                .collect();
            let path = form.action.split('?').next().unwrap();
            return self.open(&format!("{path}?{}", query.join("&"))).await;
        }
        self.post(&form.action, &values).await
    }

    /// Submits the posted form of a page as it stands.
    pub(crate) async fn submit_posted(&mut self, page: &Seen, action: &str) -> Seen {
        let part = page
            .body
            .split("<form")
            .filter(|piece| piece.contains(&format!("action=\"{action}\"")))
            .find(|piece| piece.contains("method=\"post\""))
            .unwrap();
        let form = html::form(&format!("<form{part}"), action);
        self.post(&form.action, &form.values).await
    }

    /// Signs in through the simulated provider, from wherever the page asks for it.
    pub(crate) async fn sign_in(&mut self, page: &Seen, person: &str) -> Seen {
        let start = html::tags(&page.body)
            .iter()
            .filter(|tag| tag.name == "a")
            .filter_map(|tag| tag.get("href"))
            .find(|href| href.contains("anmelden/start"))
            .unwrap_or_else(|| panic!("no way to sign in on {}", page.address))
            .to_owned();
        let people = self.open(&start).await;
        people.must_have("Alle Personen sind erfunden");
        self.submit(&people, "/simulation/anmeldung", &[("person", person)])
            .await
    }
}

pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
