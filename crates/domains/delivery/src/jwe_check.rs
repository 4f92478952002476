//! What the service can check on ciphertext without a key: the protected header. Which rules the
//! real service enforces is partly inferred; all of them are in this one place.

use einmal_jose::{AuthenticationTag, CompactJwe, JoseError, JweHeader, Jwk};

use crate::{ApiVersion, DeliveryError};

/// The key a submission has to be encrypted with, under both of its names.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedKey {
    kid: String,
    thumbprint: String,
}

impl ExpectedKey {
    pub(crate) fn new(kid: &str, key: &Jwk) -> Self {
        Self {
            kid: kid.to_owned(),
            thumbprint: key.thumbprint(),
        }
    }
}

/// Checks metadata or data and gives the authentication tag.
pub(crate) fn document(
    part: &'static str,
    token: &str,
    limit: usize,
    expected: &ExpectedKey,
    version: ApiVersion,
) -> Result<AuthenticationTag, DeliveryError> {
    let jwe = CompactJwe::parse(token, limit).map_err(|error| refused(part, error))?;
    header(part, jwe.header(), expected, version)?;
    let known = |cty: &str| matches!(cty, "application/json" | "application/xml");
    match (version, jwe.header().content_type.as_deref()) {
        (ApiVersion::V1, None) => {}
        (_, Some(cty)) if known(cty) => {}
        _ => {
            return Err(DeliveryError::InvalidJwe {
                part,
                member: "cty",
                reason: "must be application/json or application/xml".to_owned(),
            });
        }
    }
    Ok(jwe.authentication_tag().clone())
}

/// Checks what holds for all parts: the key and the compression.
pub(crate) fn header(
    part: &'static str,
    header: &JweHeader,
    expected: &ExpectedKey,
    version: ApiVersion,
) -> Result<(), DeliveryError> {
    if version == ApiVersion::V2 && header.compression.is_some() {
        return Err(DeliveryError::InvalidJwe {
            part,
            member: "zip",
            reason: "compression is not allowed".to_owned(),
        });
    }
    match (version, header.kid.as_deref()) {
        (ApiVersion::V1, None) => Ok(()),
        (_, Some(kid)) if kid == expected.kid || kid == expected.thumbprint => Ok(()),
        _ => Err(DeliveryError::InvalidJwe {
            part,
            member: "kid",
            reason: "does not name the destination's encryption key".to_owned(),
        }),
    }
}

/// Names the header member that an error of the reader is about.
pub(crate) fn refused(part: &'static str, error: JoseError) -> DeliveryError {
    match error {
        JoseError::TooLong { limit } => DeliveryError::TooLarge {
            what: part,
            limit: limit as u64,
        },
        JoseError::Unsupported { member } => DeliveryError::InvalidJwe {
            part,
            member,
            reason: "unsupported value".to_owned(),
        },
        JoseError::Critical => DeliveryError::InvalidJwe {
            part,
            member: "crit",
            reason: "critical extensions are not understood".to_owned(),
        },
        other => DeliveryError::InvalidJwe {
            part,
            member: "format",
            reason: other.to_string(),
        },
    }
}
