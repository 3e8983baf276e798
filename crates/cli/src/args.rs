//! What can be said on the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use relay::ProxyNetwork;
use sync::relay_url::RelayUrl;

use crate::store_place::StorePlace;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something given is wrong (a file, a link, an edit); nothing was changed
  2  wrong usage of this command
  3  no relay was reached; nothing is lost, try again later
  4  done, but something was set aside or is missing; see the messages

What a script reads is on standard output, messages are on standard error.";

const PASSWORD: &str = "\
A database's password may stand in the environment instead, as PGPASSWORD, where
other users of the machine can't see it.";

/// Write a plan together, offline and without an admin.
#[derive(Debug, Parser)]
#[command(name = "samskriv", version, after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a relay: it stores sealed changes, passes them on, and serves the app
    Relay(Relay),
    /// Make, show, edit and merge plans in files
    #[command(subcommand)]
    Plan(Plan),
    /// Print a plan's edit link and read link, and put the plan on a relay
    #[command(after_help = EXIT_CODES)]
    Share(Share),
    /// Fetch a shared plan into a new file
    #[command(after_help = EXIT_CODES)]
    Join(Join),
    /// Exchange changes with the others until the file and the relays have the same
    #[command(after_help = EXIT_CODES)]
    Sync(Sync),
    /// List, add and remove the relays that a plan is kept at
    #[command(after_help = EXIT_CODES)]
    Relays(Relays),
    /// Move a plan to new keys with those who are chosen; the old links end
    #[command(after_help = EXIT_CODES)]
    Rekey(Rekey),
    /// Write a plan to a file that is handed on or archived
    Export(Export),
    /// Merge exported files into a plan
    #[command(after_help = EXIT_CODES)]
    Import(Import),
    /// Write plans and their keys into one file under a passphrase
    Backup(Backup),
    /// Bring plans back from a backup, and merge those that are here already
    #[command(after_help = EXIT_CODES)]
    Restore(Restore),
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Relay {
    #[command(subcommand)]
    pub task: Option<RelayTask>,
    #[command(flatten)]
    pub serve: Serve,
}

#[derive(Debug, Subcommand)]
pub enum RelayTask {
    /// Move all that a relay stores to another place; devices go on by themselves
    #[command(after_help = PASSWORD)]
    Move(Move),
    /// After restoring a copy: let devices see that it is one, and send what it lacks
    #[command(after_help = PASSWORD)]
    Restored(Restored),
}

#[derive(Debug, clap::Args)]
#[command(after_help = PASSWORD)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where to keep what devices send
    #[arg(long, value_name = "DIR", default_value = "samskriv-data")]
    pub data: PathBuf,
    /// Keep it in a PostgreSQL database instead, which several relays may share
    #[arg(
        long,
        value_name = "postgres://…",
        env = "SAMSKRIV_DATABASE",
        hide_env_values = true,
        conflicts_with = "data"
    )]
    pub database: Option<StorePlace>,
    /// The built app to serve; without it, only the relay
    #[arg(long, value_name = "DIR")]
    pub app: Option<PathBuf>,
    /// Where to answer /metrics, for Prometheus; without it, nowhere
    #[arg(long, value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    /// Reverse proxies in front, by address or network: only they may say for whom they speak
    #[arg(long, value_name = "ADDR,…", value_delimiter = ',')]
    pub behind_proxy: Vec<ProxyNetwork>,
    /// The header in which they say it
    #[arg(
        long,
        value_enum,
        default_value = "x-forwarded-for",
        requires = "behind_proxy"
    )]
    pub proxy_header: ProxyHeader,
    /// The most that one plan may hold, in MB
    #[arg(long, value_name = "MB", default_value_t = 2048)]
    pub plan_limit: u32,
    /// How many days to keep what two snapshots supersede, for those who come back
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub keep_days: u16,
    /// The most sockets from one address; a town hall may share one
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub address_limit: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ProxyHeader {
    /// What nearly every proxy writes
    XForwardedFor,
    /// RFC 7239
    Forwarded,
}

#[derive(Debug, clap::Args)]
pub struct Move {
    /// Where it is: a data directory, or postgres://…
    #[arg(long, value_name = "PLACE")]
    pub from: StorePlace,
    /// Where it is to be; must be empty or not there yet
    #[arg(long, value_name = "PLACE")]
    pub to: StorePlace,
}

#[derive(Debug, clap::Args)]
pub struct Restored {
    /// What was restored: a data directory, or postgres://…
    pub place: StorePlace,
}

#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Make a new plan
    New(New),
    /// Print a plan
    Show(Show),
    /// Carry out edits: all of them, or none when one is wrong
    Apply(Apply),
    /// Bring two copies of a plan together
    Merge(Merge),
}

#[derive(Debug, clap::Args)]
pub struct New {
    /// What kind of plan to begin with
    #[arg(long, value_enum)]
    pub template: Template,
    /// Its title; the template's own without
    #[arg(long)]
    pub title: Option<String>,
    /// The language its headings are in
    #[arg(long, value_enum, default_value = "nn")]
    pub language: Language,
    /// Fill it in with a real plan's facts
    #[arg(long, value_enum, conflicts_with = "language")]
    pub example: Option<Example>,
    /// The file to make; must not exist
    pub file: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Template {
    /// Action plan under a rural growth agreement
    Bygdevekst,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Language {
    /// Nynorsk
    Nn,
    /// Bokmål
    Nb,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Example {
    /// Six municipalities in Telemark, 2025
    VestTelemark,
}

#[derive(Debug, clap::Args)]
pub struct Show {
    /// The plan
    pub file: PathBuf,
    /// Everything in it, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Apply {
    /// The plan
    pub file: PathBuf,
    /// The edits as JSON, one a line; - reads them from standard input
    pub edits: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Merge {
    /// One copy
    pub one: PathBuf,
    /// The other copy
    pub other: PathBuf,
    /// The file to make; may be one of the two, else must not exist
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Share {
    /// The plan
    pub file: PathBuf,
    /// The relay's address, such as https://relay.example; without it, the
    /// links are for a plan that travels by file
    #[arg(long, value_name = "URL")]
    pub relay: Option<RelayUrl>,
}

#[derive(Debug, clap::Args)]
pub struct Join {
    /// The edit link or read link, in quotes
    pub link: String,
    /// The file to make; or the plan's own, which takes the link's relay, or the
    /// new keys that the plan has moved to
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Sync {
    /// The plan
    pub file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Relays {
    /// The plan
    pub file: PathBuf,
    /// Put the plan on this relay too, and name it to all who write the plan
    #[arg(long, value_name = "URL")]
    pub add: Option<RelayUrl>,
    /// Leave this relay, once another has all of the plan
    #[arg(long, value_name = "URL")]
    pub remove: Option<RelayUrl>,
}

#[derive(Debug, clap::Args)]
pub struct Rekey {
    /// The plan
    pub file: PathBuf,
    /// Let these devices follow by themselves: a person, a party, or the
    /// beginning of a device's id
    #[arg(long, value_name = "WHO")]
    pub keep: Vec<String>,
    /// Let these follow, to read only
    #[arg(long, value_name = "WHO")]
    pub read: Vec<String>,
    /// Let all devices follow that have written, but those named by --read
    #[arg(long, conflicts_with = "keep")]
    pub keep_all: bool,
    /// Let no device follow by itself
    #[arg(long, conflicts_with_all = ["keep", "read", "keep_all"])]
    pub alone: bool,
    /// Only list the devices that can be chosen
    #[arg(long, conflicts_with_all = ["keep", "read", "keep_all", "alone"])]
    pub list: bool,
    /// Give up a move that was begun, while no one has heard of it
    #[arg(long, conflicts_with_all = ["keep", "read", "keep_all", "alone", "list"])]
    pub give_up: bool,
}

#[derive(Debug, clap::Args)]
pub struct Export {
    /// The plan
    pub file: PathBuf,
    /// The file to make; must not exist. Its ending says the form: .samskriv is
    /// sealed and opens with the plan's link only, .automerge is plain
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Leave out what this file from a partner shows that they have
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Import {
    /// The plan; made if it is not there
    pub file: PathBuf,
    /// The files to merge into it, sealed or plain
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// The plan's edit link or read link, in quotes; needed once, to open sealed
    /// files
    #[arg(long)]
    pub link: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The plans
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The file to make; must not exist
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Read the passphrase from this file; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup
    pub file: PathBuf,
    /// Where the plans are to be; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Read the passphrase from this file; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}
