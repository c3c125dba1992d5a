//! The command line of `muster`, as clap sees it.

mod history;
mod life;
mod lineage;
mod tag;
mod tags;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Language, When};

pub use self::history::{Changes, ChangesFormat, Trend};
pub use self::life::{Previewed, RollBack, Signing, Step, Versions};
pub use self::lineage::{UsedKind, Uses};
pub use self::tag::{ImportTag, SetTag, Tag, UnsetTag};
pub use self::tags::Tags;

/// A user-tag and audience platform: import what you know about users, write rules, and get
/// who has which tag, and why.
#[derive(Debug, Parser)]
#[command(name = "muster", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub shared: Shared,
}

const EXAMPLES: &str = "\
Examples:
  muster demo                                         a platform with demonstration data, served
  muster import events swaps.csv --user account --time at --name swap
  muster apply tags/                                  take over definitions
  muster compute                                      who has which tag, now
  muster members 'tag(whale) and not tag(sybil)'      who is in it
  muster explain whale 0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c";

/// What every command takes.
#[derive(Args, Clone, Debug)]
pub struct Shared {
    /// The data folder [default: ./muster-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A configuration file with what differs from the defaults
    #[arg(long, global = true, value_name = "FILE", env = "MUSTER_CONFIG")]
    pub config: Option<PathBuf>,
    /// Write data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Explain, and tell mistakes of rules, in 中文 or English [default: that of the environment variable LANG]
    #[arg(long, global = true, value_name = "zh|en", value_parser = language)]
    pub lang: Option<Language>,
}

/// What to do.
#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the HTTP interface and the overview page
    Serve(Serve),
    /// Bring in events, profiles or lists from a file
    #[command(subcommand)]
    Import(Import),
    /// Take over definitions of tags, audiences and lists from YAML files or folders
    Apply(Apply),
    /// Show what `apply` would change, and who would enter and leave
    Plan(Plan),
    /// List the versions of a tag: who changed it, when and why
    Versions(Versions),
    /// Put an earlier version of a tag in force again, as a new version
    Rollback(RollBack),
    /// Put the drafts of tags in force
    Publish(Step),
    /// Let the drafts of tags wait to be published
    Submit(Step),
    /// Drop the drafts of tags
    Withdraw(Step),
    /// Stop computing tags; they keep their last members
    Pause(Step),
    /// Compute paused or archived tags again
    Resume(Step),
    /// Take tags out of use; their versions are kept
    Archive(Step),
    /// Set and unset tags on single users by hand
    #[command(subcommand)]
    Tag(Tag),
    /// Write all definitions as YAML files into a folder
    Export(Export),
    /// Compute who has which tag
    Compute(Compute),
    /// List the tags: how many users have each, how fresh it is, and why it is not
    Tags(Tags),
    /// List the users for whom a rule, a tag or an audience holds
    Members(Members),
    /// Count the users for whom a rule, a tag or an audience holds
    Count(Count),
    /// Show why a user has a tag, is in an audience or matches a rule, or why not
    Explain(Explain),
    /// Show who entered and who left a tag between two days
    Changes(Changes),
    /// Show how the count of a tag went, day by day
    Trend(Trend),
    /// Show what a tag, audience, list, table, event or attribute uses, and what uses it: what may change when it does
    Uses(Uses),
    /// Show a user's profile, tags and recent events
    User(User),
    /// Show a rule as a ClickHouse query
    Sql(Sql),
    /// Run scenario files: tests of tags
    #[command(subcommand)]
    Scenario(Scenario),
    /// Make a demonstration platform if there is none, and serve it
    Demo(Demo),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// `muster serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// Where to listen [default: 127.0.0.1:7400]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// `muster import`
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Events: what users did. NDJSON of track/identify/page calls needs no column options
    Events(ImportEvents),
    /// Profiles: what is known about users
    Profiles(ImportProfiles),
    /// What wallets hold: each row is a token or an NFT of a user
    Holdings(ImportProfiles),
    /// A list of users, or of values
    List(ImportList),
    /// The members of a tag, with their values
    Tag(ImportTag),
}

/// What every import takes.
#[derive(Args, Clone, Debug)]
pub struct ImportFile {
    /// CSV, NDJSON or Parquet, plain, gzip or zstd; `-` is standard input
    pub file: PathBuf,
    /// The format, where neither name nor content tell it
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
    /// What separates columns: a character, `tab`, or `space` for any number of spaces
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<String>,
    /// Names of the columns of a file without a header, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub header: Option<Vec<String>>,
    /// The type of a column: text, number, boolean, time, date, list or json
    #[arg(long = "type", value_name = "COLUMN=TYPE")]
    pub types: Vec<String>,
    /// How times are written: `rfc3339`, `epoch`, `epoch_ms`, or a strftime pattern
    #[arg(long, value_name = "FORMAT")]
    pub time_format: Option<String>,
    /// The time zone of times without an offset [default: the workspace's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// The name of the source [default: file]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Where rejected rows go [default: FILE.rejects.ndjson]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// The formats of files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FileFormat {
    /// Comma-separated and the like.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

/// `muster import events`
#[derive(Args, Debug)]
pub struct ImportEvents {
    #[command(flatten)]
    /// Which file, and how it is read.
    pub file: ImportFile,
    /// The column with the user's id
    #[arg(long, value_name = "COLUMN")]
    pub user: Option<String>,
    /// The column with the time
    #[arg(long, value_name = "COLUMN", conflicts_with = "at")]
    pub time: Option<String>,
    /// The instant of all events, for a file without times
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The name of the events
    #[arg(long, value_name = "NAME", conflicts_with = "name_column")]
    pub name: Option<String>,
    /// The column with the events' names
    #[arg(long, value_name = "COLUMN")]
    pub name_column: Option<String>,
    /// The column with the place of an event in its source's own order, such as a log index: whole numbers, by which
    /// events of one time are ordered
    #[arg(long, value_name = "COLUMN", requires = "user")]
    pub position: Option<String>,
}

/// `muster import profiles`
#[derive(Args, Debug)]
pub struct ImportProfiles {
    #[command(flatten)]
    /// Which file, and how it is read.
    pub file: ImportFile,
    /// The column with the user's id
    #[arg(long, value_name = "COLUMN")]
    pub user: String,
    /// The column with the time from which the values hold [default: now]
    #[arg(long, value_name = "COLUMN", conflicts_with = "at")]
    pub time: Option<String>,
    /// The instant from which the values hold [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// `muster import list`
#[derive(Args, Debug)]
pub struct ImportList {
    #[command(flatten)]
    /// Which file, and how it is read.
    pub file: ImportFile,
    /// The column with the user's id, for a list of users
    #[arg(
        long,
        value_name = "COLUMN",
        required_unless_present = "value",
        conflicts_with = "value"
    )]
    pub user: Option<String>,
    /// The column with the value, for a list of values
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    /// The key of the list
    #[arg(long, value_name = "KEY")]
    pub list: String,
}

/// `muster apply`
#[derive(Args, Debug)]
pub struct Apply {
    /// What is taken over.
    #[command(flatten)]
    pub definitions: Definitions,
    /// Who, and why.
    #[command(flatten)]
    pub signing: Signing,
}

/// `muster plan`
#[derive(Args, Debug)]
pub struct Plan {
    /// What would be taken over.
    #[command(flatten)]
    pub definitions: Definitions,
    /// How much is shown.
    #[command(flatten)]
    pub previewed: Previewed,
}

/// What `muster apply` and `muster plan` take over.
#[derive(Args, Debug)]
pub struct Definitions {
    /// YAML files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Remove what the files no longer hold
    #[arg(long)]
    pub prune: bool,
}

/// `muster export`
#[derive(Args, Debug)]
pub struct Export {
    /// The folder
    pub dir: PathBuf,
    /// Write the cases that short forms such as `rfm` and `lifecycle` stand for
    #[arg(long)]
    pub expanded: bool,
}

/// `muster compute`
#[derive(Args, Debug)]
pub struct Compute {
    /// The instant to compute for [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Compute only what is due by its refresh policy and can have changed, as `muster serve` does by itself; with
    /// `--as-of`, what would be due then
    #[arg(long, conflicts_with = "tags")]
    pub due: bool,
    /// The tags to compute, and what they need [default: all]
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
}

/// Whom a command asks for.
#[derive(Args, Debug)]
pub struct Asked {
    /// Any rule, or the key of a tag or audience
    #[arg(value_name = "EXPR")]
    pub expression: String,
    /// The value, of a tag with values
    #[arg(long, value_name = "VALUE")]
    pub value: Option<String>,
    /// The instant to ask about [default: the last computed for tags, now for rules]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Who was in it at the end of that day (or at an instant), as it was recorded then: for tags and audiences of tags
    #[arg(long, value_name = "DAY", conflicts_with = "as_of")]
    pub on: Option<When>,
}

/// `muster members`
#[derive(Args, Debug)]
pub struct Members {
    /// Whom it asks for.
    #[command(flatten)]
    pub asked: Asked,
    /// How members are written
    #[arg(long, value_enum, default_value_t = MembersFormat::Ids)]
    pub format: MembersFormat,
    /// No more than the first of them, in the order of their ids
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// How members are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MembersFormat {
    /// One id a line, sorted.
    Ids,
    /// With a header line; the value beside the id where there is one.
    Csv,
    /// One object a line.
    Ndjson,
}

/// `muster count`
#[derive(Args, Debug)]
pub struct Count {
    /// Whom it asks for.
    #[command(flatten)]
    pub asked: Asked,
    /// Look at a sample of the users where that is quicker, and say how far off the number may be
    #[arg(long)]
    pub estimate: bool,
}

/// `muster explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// A tag's key, an audience's key, or a rule
    pub expression: String,
    /// The user's id
    pub user: String,
    /// The instant to explain for [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

impl Shared {
    /// The language asked for, or that of the environment; English if it names neither.
    pub fn language(&self) -> Language {
        let of_environment = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty())
                .and_then(|value| Language::named(&value))
        };
        self.lang
            .or_else(of_environment)
            .unwrap_or(Language::English)
    }
}

fn language(written: &str) -> Result<Language, String> {
    Language::named(written).ok_or_else(|| format!("`{written}` is neither `zh` nor `en`"))
}

/// `muster user`
#[derive(Args, Debug)]
pub struct User {
    /// The user's id
    pub user: String,
    /// How many recent events to show
    #[arg(long, default_value_t = 20)]
    pub events: usize,
}

/// `muster sql`
#[derive(Args, Debug)]
pub struct Sql {
    /// Any rule
    #[arg(value_name = "EXPR")]
    pub expression: String,
    /// The instant of evaluation [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// `muster scenario`
#[derive(Debug, Subcommand)]
pub enum Scenario {
    /// Run files, or folders of them
    Run(ScenarioRun),
}

/// `muster scenario run`
#[derive(Args, Debug)]
pub struct ScenarioRun {
    /// Scenario files, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// `muster demo`
#[derive(Args, Debug)]
pub struct Demo {
    /// Where to listen [default: 127.0.0.1:7400]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// How many users
    #[arg(long, default_value_t = 20_000)]
    pub users: u32,
    /// How many events
    #[arg(long, default_value_t = 2_000_000)]
    pub events: u64,
    /// The instant up to which it goes, and for which its tags are computed [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Make and compute the platform, and end instead of serving it
    #[arg(long)]
    pub no_serve: bool,
}

/// `muster config`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print what is in force, and say what is wrong with it
    Check,
}
