#!/bin/sh
# Sets up what a fresh Debian or Ubuntu machine with Rust, Node and make lacks. Does nothing when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "setup: $*" >&2
    exit 1
}

# SQLite, zstd and mimalloc are compiled from C, and Rust links with the C compiler.
install_c_compiler() {
    packages="gcc libc6-dev"
    command -v apt-get >/dev/null 2>&1 ||
        fail "a C compiler is needed and there is no apt-get here: install gcc or clang, then run this again"
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    else
        fail "a C compiler is needed: as root, run \`apt-get install $packages\`, then run this again"
    fi
    echo "setup: installing $packages" >&2
    $as_root apt-get update -qq >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2
}

has_c_compiler() {
    command -v cc >/dev/null 2>&1 && echo '#include <stdlib.h>' | cc -E - >/dev/null 2>&1
}

command -v cargo >/dev/null 2>&1 ||
    fail "\`cargo\` is needed: install Rust from https://rustup.rs, open a new shell, then run this again"
for component in rustfmt clippy; do
    # rustup puts the commands there also without their components, so ask them.
    cargo "${component#rust}" --version >/dev/null 2>&1 && continue
    command -v rustup >/dev/null 2>&1 ||
        fail "\`cargo ${component#rust}\` is needed for the checks: install $component for your Rust toolchain"
    rustup component add "$component" >&2
done

if ! has_c_compiler; then
    install_c_compiler
    has_c_compiler || fail "the C compiler \`cc\` still does not work: \`echo | cc -E -\` says why"
fi

if [ -n "${MUSTER_CLICKHOUSE_LIBRARY:-}" ]; then
    [ -f "$MUSTER_CLICKHOUSE_LIBRARY" ] ||
        fail "MUSTER_CLICKHOUSE_LIBRARY names \`$MUSTER_CLICKHOUSE_LIBRARY\`, which is not there"
    library=$MUSTER_CLICKHOUSE_LIBRARY
else
    library=$(scripts/fetch-clickhouse.sh)
fi
echo "setup: the embedded ClickHouse is $library" >&2
