//! Serves the faces until it is asked to end.

use std::future::Future;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Config;
use crate::app::Platform;
use crate::router::router;

/// Serves on that socket until `shutdown` resolves; requests that run then may end, for as long
/// as the configuration says.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    platform: Platform,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let patience = config.shutdown_timeout;
    // Answers are small: each is sent when it is written, not when the next one is.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection gathers its small packets");
        }
    });
    let (ended, mut is_ending) = watch::channel(());
    let serving =
        axum::serve(listener, router(config, platform)).with_graceful_shutdown(async move {
            shutdown.await;
            drop(ended);
        });
    let out_of_patience = async move {
        // Nothing is ever sent: the wait ends when the sender is dropped.
        while is_ending.changed().await.is_ok() {}
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}
