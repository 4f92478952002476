//! What the operator decides about the pages.

/// Settings of all pages of one process.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Address under which people reach the pages, without trailing slash, for example `https://einmal.example`.
    /// With `https` the cookies are bound to this host and never travel in the clear.
    pub public_url: String,
    /// True when any part of what the pages show is simulated. Every page then says so.
    pub simulation: bool,
    /// Who runs this installation, for the legal notice and the privacy page.
    pub operator: Operator,
}

/// Who runs an installation.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Name of the body.
    pub name: String,
    /// Postal address, line by line.
    pub address: Vec<String>,
    /// Where people write for help.
    pub email: String,
}

impl WebSettings {
    /// True when the pages are reached over TLS.
    #[must_use]
    pub(crate) fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Full name of a cookie: with TLS the browser itself enforces host, path and encryption by the prefix
    /// (RFC 6265bis §4.1.3.2).
    #[must_use]
    pub(crate) fn cookie_name(&self, name: &str) -> String {
        if self.secure() {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// A `Set-Cookie` value for a secret that scripts cannot read. No `max_age` means: until the browser closes; 0
    /// removes it.
    #[must_use]
    pub(crate) fn secret_cookie(&self, name: &str, value: &str, max_age: Option<u32>) -> String {
        let name = self.cookie_name(name);
        let secure = if self.secure() { "; Secure" } else { "" };
        let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn settings(public_url: &str) -> WebSettings {
        WebSettings {
            public_url: public_url.to_owned(),
            simulation: true,
            operator: Operator {
                name: "Testbetrieb".to_owned(),
                address: vec!["Teststraße 1".to_owned(), "28195 Bremen".to_owned()],
                email: "hilfe@einmal.example".to_owned(),
            },
        }
    }

    #[test]
    fn over_tls_cookies_are_bound_to_the_host() {
        assert_eq!(
            settings("https://einmal.example").secret_cookie("einmal", "x", None),
            "__Host-einmal=x; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            settings("http://127.0.0.1:8080").secret_cookie("einmal", "x", Some(0)),
            "einmal=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }
}
