//! `/health`: green only while everything this process needs is usable. For load balancers and
//! operators; says which part is not, never why in detail.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use einmal_storage::{Db, Query, args};

/// One thing that must be usable.
pub(crate) struct Check {
    name: &'static str,
    db: Db,
}

impl Check {
    /// A database that must answer.
    pub(crate) const fn database(name: &'static str, db: Db) -> Self {
        Self { name, db }
    }

    async fn passes(&self) -> bool {
        let ask = async {
            self.db
                .read()
                .await?
                .fetch_one("select 1 as answer", args![])
                .await
        };
        match ask.await {
            Ok(_) => true,
            Err(error) => {
                tracing::error!(check = self.name, %error, "health check failed");
                false
            }
        }
    }
}

pub(crate) fn routes(checks: Vec<Check>) -> Router {
    Router::new()
        .route("/health", get(health))
        .with_state(Arc::new(checks))
}

async fn health(State(checks): State<Arc<Vec<Check>>>) -> impl IntoResponse {
    let mut parts = serde_json::Map::new();
    let mut healthy = true;
    for check in checks.iter() {
        let passes = check.passes().await;
        healthy &= passes;
        parts.insert(
            check.name.to_owned(),
            if passes { "ok" } else { "failed" }.into(),
        );
    }
    let status = if healthy {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body =
        serde_json::json!({ "status": if healthy { "ok" } else { "failed" }, "checks": parts });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body))
}
