//! The login's way to the identity provider: over HTTP.

use einmal_identity::{BoxFuture, ProviderFailure, ProviderHttp};

/// Longest answer that is read: key sets and tokens are small.
const LONGEST: usize = 256 << 10;

/// Requests over the HTTP client.
pub(crate) struct ProviderOverHttp(pub(crate) reqwest::Client);

impl ProviderHttp for ProviderOverHttp {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(read(self.0.get(url)))
    }

    fn post_form<'a>(
        &'a self,
        url: &'a str,
        form: &'a [(&'a str, &'a str)],
    ) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(read(self.0.post(url).form(form)))
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Vec<u8>, ProviderFailure> {
    // Neither URL nor body: both may hold codes.
    let failed = |error: reqwest::Error| ProviderFailure(error.without_url().to_string());
    let mut answer = request.send().await.map_err(failed)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(ProviderFailure(format!("answered {}", answer.status())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(ProviderFailure("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
