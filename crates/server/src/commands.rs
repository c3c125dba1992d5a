//! The commands: each a function from what was asked to what is printed.

mod computing;
mod defining;
mod explaining;
mod following;
mod held;
mod history;
mod importing;
mod lineage;
mod living;
mod output;
mod proposed;
mod questions;
mod serving;
mod showing;
mod supplying;
mod tags;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;

use self::output::Output;
use crate::command_line::{Command, CommandLine, ConfigCommand, Import, Scenario, Shared};
use crate::config::{Config, LogConfig};
use crate::ending::Ending;
use crate::life::Step;
use crate::logging;
use crate::platform::Platform;

/// Runs a command; prints its result, or on standard error what went wrong.
pub fn run(line: CommandLine) -> ExitCode {
    let mut output = Output::new(line.shared.json, line.shared.language());
    let ended = config(&line.shared, &line.command)
        .and_then(|config| {
            logging::start(&lines(&config.log, &line.command))?;
            dispatch(&line.command, config, &mut output)
        })
        .and_then(|code| output.flush().map(|()| code));
    match ended {
        Ok(code) => code,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output.fail(&error);
            ExitCode::FAILURE
        }
    }
}

/// What is logged: a command that ends tells its result, so that only what is wrong is worth a line.
fn lines(log: &LogConfig, command: &Command) -> LogConfig {
    let mut log = log.clone();
    if ends_with_a_result(command) && log.level == "info" {
        "warn".clone_into(&mut log.level);
    }
    log
}

/// The configuration with what the command line says over it.
fn config(shared: &Shared, command: &Command) -> Result<Config> {
    let mut config = Config::load(shared.config.as_deref(), std::env::vars())?;
    if let Some(folder) = &shared.data {
        config.store.data_dir.clone_from(folder);
    }
    let listen = match command {
        Command::Serve(asked) => asked.listen,
        Command::Demo(asked) => asked.listen,
        _ => None,
    };
    if let Some(listen) = listen {
        config.server.listen = listen;
    }
    Ok(config)
}

/// Whether a command does its work and ends; the configuration is shown as a server has it.
fn ends_with_a_result(command: &Command) -> bool {
    !matches!(
        command,
        Command::Serve(_) | Command::Demo(_) | Command::Config(_)
    )
}

fn dispatch(command: &Command, config: Config, output: &mut Output) -> Result<ExitCode> {
    match command {
        Command::Config(ConfigCommand::Check) => showing::config(&config, output),
        Command::Scenario(Scenario::Run(asked)) => defining::scenarios(asked, output),
        _ => {
            let ending = Ending::watch()?;
            let opened = Platform::open(config).map_err(|error| held::explained(error, command));
            let ended = opened.and_then(|platform| {
                let platform = Arc::new(platform);
                let ended = with_platform(command, &platform, &ending, output)
                    .and_then(|code| following::follow(command, &platform).map(|()| code));
                platform.close();
                ended
            });
            ending.result(ended)
        }
    }
}

fn with_platform(
    command: &Command,
    platform: &Arc<Platform>,
    ending: &Ending,
    output: &mut Output,
) -> Result<ExitCode> {
    match command {
        Command::Import(Import::Events(asked)) => importing::events(asked, platform, output),
        Command::Import(Import::Profiles(asked)) => importing::profiles(asked, platform, output),
        Command::Import(Import::Holdings(asked)) => importing::holdings(asked, platform, output),
        Command::Import(Import::List(asked)) => importing::list(asked, platform, output),
        Command::Import(Import::Tag(asked)) => supplying::import(asked, platform, output),
        Command::Tag(asked) => supplying::by_hand(asked, platform, output),
        Command::Apply(asked) => defining::apply(asked, platform, output),
        Command::Plan(asked) => defining::plan(asked, platform, output),
        Command::Versions(asked) => living::versions(asked, platform, output),
        Command::Rollback(asked) => living::roll_back(asked, platform, output),
        Command::Publish(asked) => living::step(Step::Publish, asked, platform, output),
        Command::Submit(asked) => living::step(Step::Submit, asked, platform, output),
        Command::Withdraw(asked) => living::step(Step::Withdraw, asked, platform, output),
        Command::Pause(asked) => living::step(Step::Pause, asked, platform, output),
        Command::Resume(asked) => living::step(Step::Resume, asked, platform, output),
        Command::Archive(asked) => living::step(Step::Archive, asked, platform, output),
        Command::Export(asked) => defining::export(asked, platform, output),
        Command::Compute(asked) => computing::compute(asked, platform, output),
        Command::Tags(asked) if asked.duplicates => lineage::duplicates(platform, output),
        Command::Tags(asked) if asked.unused => lineage::unused(asked.days, platform, output),
        Command::Tags(asked) => tags::tags(asked, platform, output),
        Command::Members(asked) => questions::members(asked, platform, output),
        Command::Count(asked) => questions::count(asked, platform, output),
        Command::Explain(asked) => explaining::explain(asked, platform, output),
        Command::Changes(asked) => history::changes(asked, platform, output),
        Command::Uses(asked) => lineage::uses(asked, platform, output),
        Command::Trend(asked) => history::trend(asked, platform, output),
        Command::User(asked) => showing::user(asked, platform, output),
        Command::Sql(asked) => showing::sql(asked, platform, output),
        Command::Serve(_) => serving::serve(platform, ending, output),
        Command::Demo(asked) => serving::demo(asked, platform, ending, output),
        Command::Config(_) | Command::Scenario(_) => Ok(ExitCode::SUCCESS),
    }
}
