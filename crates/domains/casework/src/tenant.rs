//! Authorities as tenants, and the only way to see one's cases.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::DestinationId;

/// Names a tenant: 1 to 64 characters `a`–`z`, `0`–`9`, `-`; for example `standesamt-bremerhaven`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

/// A text that names no tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tenant id has 1 to 64 characters a to z, 0 to 9 and -")]
pub struct TenantIdError;

impl TenantId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TenantId {
    type Err = TenantIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TenantIdError)
        }
    }
}

impl TryFrom<String> for TenantId {
    type Error = TenantIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TenantId> for String {
    fn from(id: TenantId) -> Self {
        id.0
    }
}

/// An authority that works with this installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name, as on its letters.
    pub name: String,
    /// Where its submissions arrive.
    pub destination: DestinationId,
}

/// A member of staff who has logged in. Identity makes sure who it is; the edge converts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPrincipal {
    /// Stable id, written to the audit log only.
    pub staff_id: String,
    /// Name shown to that person themselves.
    pub display_name: String,
    /// The authority they work for.
    pub tenant: TenantId,
}

/// The right to work on the cases of one tenant. Every question to this domain that shows or
/// changes a case takes one; it can only be made from a [`StaffPrincipal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantScope {
    tenant: TenantId,
    staff_id: String,
}

impl TenantScope {
    /// The tenant.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    pub(crate) fn staff_id(&self) -> &str {
        &self.staff_id
    }
}

impl From<&StaffPrincipal> for TenantScope {
    fn from(staff: &StaffPrincipal) -> Self {
        Self {
            tenant: staff.tenant.clone(),
            staff_id: staff.staff_id.clone(),
        }
    }
}

impl StaffPrincipal {
    /// What this person may work on.
    #[must_use]
    pub fn scope(&self) -> TenantScope {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_ids_are_plain_words() {
        assert!("standesamt-bremerhaven".parse::<TenantId>().is_ok());
        for wrong in ["", "Standesamt", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert_eq!(wrong.parse::<TenantId>(), Err(TenantIdError), "{wrong}");
        }
    }
}
