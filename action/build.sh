#!/usr/bin/env bash
# Builds protolint from the action's own source. Reads PROGRAM, where it has to be put.
set -euo pipefail
action=${BASH_SOURCE[0]%/*}
temporary=${RUNNER_TEMP//\\//}
# From here, and without flags meant for another project: neither its configuration of cargo counts nor its toolchain.
cd "$action/.."
unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS
cargo build --release --locked --bin protolint --target-dir "$temporary/protolint-target"
mkdir -p "${PROGRAM%/*}"
cp "$temporary/protolint-target/release/${PROGRAM##*/}" "$PROGRAM"
