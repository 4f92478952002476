//! Style sheet, fonts and their licence texts, carried in the binary.
//!
//! The path holds a hash over all files (`/assets/0123456789abcdef/einmal.css`), so browsers keep them for good and a
//! new version has a new address. The sheet names its fonts relative to itself. Text is packed at build time.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Every file of the asset build with its bytes; written by `build.rs`.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The hash over all files, as it stands in their path.
pub const VERSION: &str = env!("EINMAL_ASSETS_HASH");

/// Address of the one style sheet.
pub const STYLE_SHEET: &str = concat!("/assets/", env!("EINMAL_ASSETS_HASH"), "/einmal.css");

/// Address of the regular font for German text, worth a `preload`.
pub const FONT_REGULAR: &str = concat!(
    "/assets/",
    env!("EINMAL_ASSETS_HASH"),
    "/einmal-sans-400-basic.woff2"
);

/// Address of the semi-bold font for German text, worth a `preload`.
pub const FONT_SEMIBOLD: &str = concat!(
    "/assets/",
    env!("EINMAL_ASSETS_HASH"),
    "/einmal-sans-600-basic.woff2"
);

/// Address of the list of works by others that the pages carry.
pub const NOTICE: &str = concat!("/assets/", env!("EINMAL_ASSETS_HASH"), "/NOTICE.txt");

/// The route that serves all assets.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{file}", get(serve))
}

async fn serve(Path((version, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    // A page of an older version may still be open somewhere: it gets today's file, but must not keep it.
    let cache = if version == VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    let (Some(media_type), Some(plain)) = (media_type(&file), bytes(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (body, encoding) = packed(&file, &headers).unwrap_or((plain, None));
    let mut response = body.into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest packed form that the browser takes.
fn packed(file: &str, headers: &HeaderMap) -> Option<(&'static [u8], Option<&'static str>)> {
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, ending)| Some((bytes(&format!("{file}.{ending}"))?, Some(coding))))
}

/// Whether `accept-encoding` names a coding and does not refuse it (RFC 9110 §12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let quality = parameters.trim().strip_prefix("q=").map(str::parse::<f32>);
        let refused = matches!(quality, Some(Ok(q)) if q <= 0.0);
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn bytes(file: &str) -> Option<&'static [u8]> {
    FILES
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, bytes)| *bytes)
}

/// The media type by the file's ending; packed forms have no address of their own.
fn media_type(file: &str) -> Option<&'static str> {
    match file.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "woff2" => Some("font/woff2"),
        "txt" | "md" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, accept_encoding: &'static str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept_encoding));
        let mut parts = path
            .trim_start_matches("/assets/")
            .split('/')
            .map(str::to_owned);
        let path = Path((parts.next().unwrap(), parts.next().unwrap()));
        // The handler awaits nothing, so one poll gives the answer.
        let mut future = std::pin::pin!(serve(path, headers));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(response) => response,
            std::task::Poll::Pending => panic!("serving an asset waited"),
        }
    }

    #[test]
    fn style_sheet_comes_packed_and_is_kept_for_good() {
        let response = get(STYLE_SHEET, "gzip, deflate, br;q=0.9");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_ENCODING], "br");
        assert_eq!(
            response.headers()[CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert!(bytes("einmal.css.br").unwrap().len() < 15_000);
    }

    #[test]
    fn refused_codings_are_not_used() {
        let response = get(STYLE_SHEET, "br;q=0, gzip;q=0.0, identity");
        assert!(!response.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn an_old_address_is_answered_but_not_kept() {
        let response = get("/assets/0000000000000000/einmal.css", "");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn unknown_and_packed_names_are_not_found() {
        for path in [
            "/assets/x/nothing.css",
            "/assets/x/einmal.css.br",
            "/assets/x/noending",
        ] {
            assert_eq!(get(path, "br").status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn every_font_of_the_sheet_is_carried() {
        let sheet = std::str::from_utf8(bytes("einmal.css").unwrap()).unwrap();
        let fonts: Vec<&str> = sheet
            .split("url(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        let fonts: Vec<&str> = fonts
            .iter()
            .map(|name| name.trim_matches('"'))
            .filter(|name| name.ends_with("woff2"))
            .collect();
        assert_eq!(fonts.len(), 4);
        for font in fonts {
            assert!(bytes(font).is_some(), "{font}");
        }
    }

    #[test]
    fn licence_texts_go_with_the_files() {
        for name in ["NOTICE.txt", "OFL-1.1.txt", "EUPL-1.2-KERN.md"] {
            assert!(bytes(name).is_some_and(|text| !text.is_empty()), "{name}");
        }
    }
}
