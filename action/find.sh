#!/usr/bin/env bash
# Finds the protolint to run: an installed one, a released binary whose checksum is in checksums.txt, or one that is built
# from the source of the action.
# Reads INPUT_VERSION and INPUT_RELEASES. Outputs: program; build; and for a build key, directory.
set -euo pipefail
action=${BASH_SOURCE[0]%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$action/common.sh"

suffix=''
[[ $RUNNER_OS != Windows ]] || suffix=.exe

installed() {
    local program
    program=$(command -v protolint) || fail "\`version: installed\` needs protolint on the PATH"
    # There is another program of this name.
    [[ $("$program" --version) == 'protolint '[0-9]* && $("$program" --help) == *breaking* ]] ||
        fail "\`$program\` is another program of that name; remove \`version\` to use this one"
    output program "$program"
    output build false
}

# The target triple of the released binary for this runner; empty if there is none.
target() {
    case $RUNNER_OS-$RUNNER_ARCH in
        Linux-X64) echo x86_64-unknown-linux-musl ;;
        Linux-ARM64) echo aarch64-unknown-linux-musl ;;
        macOS-X64) echo x86_64-apple-darwin ;;
        macOS-ARM64) echo aarch64-apple-darwin ;;
        Windows-X64) echo x86_64-pc-windows-msvc ;;
    esac
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# Downloads and unpacks a released archive. Returns 1 if the download fails; ends the step if its checksum is wrong.
download() {
    local name=$1 pinned=$2 directory=$3 archive found
    archive=$directory/$name.tar.gz
    mkdir -p "$directory"
    curl --fail --silent --show-error --location --retry 3 --output "$archive" "${INPUT_RELEASES%/}/v$version/$name.tar.gz" || return 1
    found=$(sha256 <"$archive")
    [[ $found == "$pinned" ]] ||
        fail "the checksum of \`$name.tar.gz\` is wrong: its SHA-256 is $found, expected $pinned"
    tar -xzf "$archive" -C "$directory"
}

# The cache key of a build: it is different for every source, system and C library.
key() {
    local hash
    hash=$(
        cd "$action/.."
        {
            find Cargo.toml Cargo.lock src rules -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat
            ldd --version 2>&1 | head -n 1 || true
        } | sha256
    )
    printf 'protolint-%s-%s-%s-%s' "$RUNNER_OS" "$RUNNER_ARCH" "${ImageOS:-image}" "$hash"
}

if [[ $INPUT_VERSION == installed ]]; then
    installed
    exit
fi
own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$action/../Cargo.toml" | head -n 1)
version=${INPUT_VERSION#v}
version=${version:-$own}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    fail "invalid \`version\` \`$INPUT_VERSION\`, expected a version such as \`$own\`"
target=$(target)
name=protolint-v$version-$target
pinned=$(awk -v file="$name.tar.gz" '$2 == file { print $1; exit }' "$action/checksums.txt")
directory=$(slashed "$RUNNER_TEMP")/protolint-$version
if [[ -n $pinned ]] && download "$name" "$pinned" "$directory"; then
    output program "$directory/$name/protolint$suffix"
    output build false
    exit
fi
[[ $version == "$own" ]] ||
    fail "protolint $version for $RUNNER_OS $RUNNER_ARCH is not available: this action has no checksum for it, or the download failed; remove \`version\` to use $own"
command -v cargo >/dev/null ||
    fail "no binary of protolint $own for $RUNNER_OS $RUNNER_ARCH, and no cargo to build it; install Rust in an earlier step"
echo "no binary of protolint $own for $RUNNER_OS $RUNNER_ARCH: it is built from source, and later runs use the cache"
output program "$directory/protolint$suffix"
output directory "$directory"
output key "$(key)"
output build true
