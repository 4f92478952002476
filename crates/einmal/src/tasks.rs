//! The supervised task set: every background task has a name, is restarted when it fails, and ends
//! when the process is asked to stop.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// How long tasks may take to finish what they are doing when the process stops.
const GRACE: Duration = Duration::from_secs(5);
/// The longest pause after repeated failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// All background tasks of the process. Clones share the set.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    set: Arc<Mutex<JoinSet<()>>>,
    stop: CancellationToken,
}

impl Tasks {
    /// Resolves when the process is asked to stop.
    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Asks everything to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Runs a future until it ends or the process stops.
    pub(crate) fn spawn(
        &self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let span = tracing::info_span!("task", name);
        if let Ok(mut set) = self.set.lock() {
            set.spawn(task.instrument(span));
        }
    }

    /// Runs a step again and again: at once while it finds work, after `pause` when it found none,
    /// after a growing pause when it failed.
    pub(crate) fn repeat<F, W, E>(&self, name: &'static str, pause: Duration, step: F)
    where
        F: Fn() -> W + Send + Sync + 'static,
        W: Future<Output = Result<usize, E>> + Send,
        E: std::fmt::Display + Send,
    {
        let stop = self.stop.clone();
        self.spawn(name, async move {
            let mut failures = 0_u32;
            loop {
                let outcome = tokio::select! {
                    () = stop.cancelled() => return,
                    outcome = step() => outcome,
                };
                let wait = match outcome {
                    Ok(done) => {
                        failures = 0;
                        if done > 0 { Duration::ZERO } else { pause }
                    }
                    Err(error) => {
                        failures = failures.saturating_add(1);
                        tracing::warn!(task = name, failures, %error, "background task failed");
                        (pause * 2_u32.saturating_pow(failures.min(8))).min(LONGEST_PAUSE)
                    }
                };
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(wait) => {}
                }
            }
        });
    }

    /// Waits for all tasks to end, and ends those that take too long.
    pub(crate) async fn finish(&self) {
        self.stop();
        let mut set = match self.set.lock() {
            Ok(mut set) => std::mem::take(&mut *set),
            Err(_) => return,
        };
        let ended = async { while set.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("some background tasks did not end in time and were cut off");
        }
    }
}
