//! Rebuilds the crate when a migration is added: the macro that embeds them cannot see new files.

fn main() {
    let watched = "cargo::rerun-if-changed=migrations\n";
    // A build script speaks to cargo over its standard output.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), watched.as_bytes());
}
