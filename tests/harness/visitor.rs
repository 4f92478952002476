//! A person with a browser that knows no scripts: cookies, links, forms, redirects.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Form, Page};

/// A browser without scripts.
pub(crate) struct Visitor {
    base: String,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    /// How long a page that does not answer is loaded again and again.
    patience: Duration,
}

impl Visitor {
    pub(crate) fn new(base: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests are their own client")]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let patience = Duration::ZERO;
        Self {
            base: base.to_owned(),
            client,
            cookies: BTreeMap::new(),
            patience,
        }
    }

    /// Somebody who loads a page again when the connection breaks, as people do.
    pub(crate) fn patient(base: &str, patience: Duration) -> Self {
        Self {
            patience,
            ..Self::new(base)
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.visit(reqwest::Method::GET, path, None).await
    }

    pub(crate) async fn submit(&mut self, page: &Page, form: Form) -> Page {
        let action = if form.action.is_empty() {
            page.url.clone()
        } else {
            form.action.clone()
        };
        // A page of another host posts to that host.
        let action = if page.url.starts_with("http") && action.starts_with('/') {
            format!("{}{action}", origin(&page.url))
        } else {
            action
        };
        if form.post {
            self.visit(reqwest::Method::POST, &action, Some(form.fields))
                .await
        } else {
            let path = action.split('?').next().unwrap_or_default();
            self.get(&format!("{path}?{}", encode(&form.fields))).await
        }
    }

    async fn visit(
        &mut self,
        method: reqwest::Method,
        path: &str,
        fields: Option<Vec<(String, String)>>,
    ) -> Page {
        let mut method = method;
        let mut url = self.absolute(path);
        let mut fields = fields;
        for _ in 0..10 {
            let (status, target, html) = self.load(&method, &url, fields.take()).await;
            if let Some(target) = target {
                url = self.absolute(&target);
                method = reqwest::Method::GET;
                continue;
            }
            let url = url.strip_prefix(&self.base).unwrap_or(&url).to_owned();
            return Page { status, url, html };
        }
        panic!("too many redirects from {path}");
    }

    /// Status, target of a redirect, text; loaded again while patience lasts.
    async fn load(
        &mut self,
        method: &reqwest::Method,
        url: &str,
        fields: Option<Vec<(String, String)>>,
    ) -> (u16, Option<String>, String) {
        let body = fields.as_deref().map(encode);
        let mut waited = Duration::ZERO;
        loop {
            let error = match self.try_load(method, url, body.as_deref()).await {
                Ok(loaded) => return loaded,
                Err(error) => error,
            };
            assert!(waited < self.patience, "{method} {url}: {error:?}");
            let pause = Duration::from_millis(100);
            tokio::time::sleep(pause).await;
            waited += pause;
        }
    }

    async fn try_load(
        &mut self,
        method: &reqwest::Method,
        url: &str,
        body: Option<&str>,
    ) -> reqwest::Result<(u16, Option<String>, String)> {
        let mut request = self.client.request(method.clone(), url);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", origin(url))
                .header("sec-fetch-site", "same-origin")
                .body(body.to_owned());
        }
        let answer = request.send().await?;
        self.keep_cookies(answer.headers());
        let status = answer.status();
        let target = answer
            .headers()
            .get("location")
            .filter(|_| status.is_redirection())
            .map(|target| target.to_str().unwrap().to_owned());
        Ok((status.as_u16(), target, answer.text().await?))
    }

    fn keep_cookies(&mut self, headers: &reqwest::header::HeaderMap) {
        for header in headers.get_all("set-cookie") {
            let header = header.to_str().unwrap();
            let mut parts = header.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let gone = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }
}

/// Scheme, host and port: pages post to where they came from.
fn origin(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

/// `application/x-www-form-urlencoded`.
fn encode(fields: &[(String, String)]) -> String {
    let escape = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                b' ' => "+".to_owned(),
                other => format!("%{other:02X}"),
            })
            .collect::<String>()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    pairs.join("&")
}
