//! `muster serve` and `muster demo`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use quest_platform::Settings;
use tokio::net::TcpListener;

use super::output::{Output, grouped, tell};
use crate::command_line::Demo;
use crate::demo;
use crate::ending::{Ending, Signals};
use crate::engine::Engine;
use crate::import::options::instant;
use crate::notice::Notice;
use crate::platform::{Platform, now};
use crate::refresh::Scheduler;
use crate::service::Service;

/// `muster serve`
pub(super) fn serve(
    platform: &Arc<Platform>,
    ending: &Ending,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut engine = Engine::read(platform)?;
    if engine.results.is_none() && !engine.book.tags.is_empty() {
        tell("no tags are computed yet: computing them");
        crate::compute::compute(&mut engine, now(), &[])?;
    }
    let service = Arc::new(Service::new(engine)?);
    let refreshing = Scheduler::new(platform, &service)?.start();
    let api = api::Platform {
        catalogue: Arc::clone(&service) as _,
        members: Arc::clone(&service) as _,
        life: Arc::clone(&service) as _,
        past: Arc::clone(&service) as _,
        lineage: Arc::clone(&service) as _,
        by_hand: service,
    };
    let config = api::Config {
        zone: platform.zone.clone(),
        ..api::Config::default()
    };
    let address = platform.config.server.listen;
    platform.runtime().block_on(async {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("`{address}` cannot be listened at: another program may be there; choose another with `--listen`")
        })?;
        let bound = listener.local_addr()?;
        let mut signals = Signals::take().context("signals cannot be taken")?;
        ending.leave_to_the_work();
        let _notice = Notice::post(platform.folder(), bound)?;
        let end_asked = async move { signals.next().await };
        output.line(&format!("Muster serves at http://{bound}"))?;
        output.flush()?;
        api::serve(listener, config, api, end_asked).await.context("the HTTP interface failed")
    })?;
    drop(refreshing);
    Ok(ExitCode::SUCCESS)
}

/// `muster demo`
pub(super) fn demo(
    asked: &Demo,
    platform: &Arc<Platform>,
    ending: &Ending,
    output: &mut Output,
) -> Result<ExitCode> {
    let as_of = match &asked.as_of {
        Some(written) => instant(written, "--as-of")?,
        None => now(),
    };
    let settings = Settings {
        users: asked.users,
        events: asked.events,
        ..Settings::demo(as_of)
    };
    let made = demo::make(platform, settings, &mut |line| tell(line))?;
    let address = platform.config.server.listen;
    output.line(&format!(
        "A demonstration platform: {} users, {} events, {} tags.\n\
         Things to try while it is served, each in the browser or with curl:\n  \
         http://{address}/                                   tags by category, with counts\n  \
         http://{address}/tags/{tag}\n  \
         http://{address}/users/{user}\n  \
         curl http://{address}/api/v1/tags/{tag}/members\n  \
         curl -H 'content-type: application/json' -d '{{\"rule\":\"kyc_level >= 2 and did(swap, last 7d)\"}}' http://{address}/api/v1/rules/count\n\
         After it has ended (Ctrl-C), with the same data folder:\n  \
         muster --data {folder} count 'sum(swap.amount_usd, last 30d) >= 10000'\n  \
         muster --data {folder} explain {tag} {user}",
        grouped(made.users),
        grouped(made.events),
        grouped(made.tags),
        tag = made.example_tag,
        user = made.example_user,
        folder = platform.folder().display(),
    ))?;
    output.flush()?;
    if asked.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    serve(platform, ending, output)
}
