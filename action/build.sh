#!/usr/bin/env bash
# Builds protolint from the source of the action. Reads PROGRAM, the path of the program to write.
set -euo pipefail
action=${BASH_SOURCE[0]%/*}
temporary=${RUNNER_TEMP//\\//}
# Build in the directory of the action and without flags of the caller, so that the configuration and the toolchain of the
# project do not apply.
cd "$action/.."
unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS
cargo build --release --locked --bin protolint --target-dir "$temporary/protolint-target"
mkdir -p "${PROGRAM%/*}"
cp "$temporary/protolint-target/release/${PROGRAM##*/}" "$PROGRAM"
