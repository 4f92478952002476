//! The listener: one address for all roles of the process, a health check, an orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;

use crate::tasks::Tasks;

/// Requests that are still running when the process stops get this long.
const GRACE: Duration = Duration::from_secs(10);

/// Takes the port, and says what to do when another program has it.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; is another program using the port? Choose another with `listen` or `--port`")
    })
}

/// Serves until the process is asked to stop (Ctrl-C, SIGTERM).
pub(crate) async fn serve(listener: TcpListener, app: Router, tasks: &Tasks) -> anyhow::Result<()> {
    let asked = wait_for_signal();
    let (stop, tasks_too) = (tasks.clone(), tasks.clone());
    let serving = axum::serve(listener, app.into_make_service())
        .with_graceful_shutdown(async move { stop.stopped().await });
    let serving = async { serving.await };
    tokio::pin!(serving);
    tokio::select! {
        outcome = &mut serving => return outcome.context("the listener failed"),
        () = asked => tracing::info!("stopping"),
    }
    tasks_too.stop();
    if tokio::time::timeout(GRACE, serving).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    tasks.finish().await;
    Ok(())
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
