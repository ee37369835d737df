# shellcheck shell=bash
# Environment of the builds. Source it: `. scripts/env.sh`.
#
# Chooses a Rust toolchain that has the wasm target and a Node.js that is new enough, and sets what all
# builds agree on. Changes nothing on the machine; `scripts/setup` does that.

TRIVIUM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export TRIVIUM_ROOT
: "${HOME:=/root}"

# The target of the runtime and of ink! contracts.
export TRIVIUM_WASM_TARGET=wasm32v1-none
# Oldest Rust and Node.js that the dependencies build and run with.
export TRIVIUM_MIN_RUST=1.91
export TRIVIUM_MIN_NODE=20

# One folder for everything that cargo builds, so that nothing is built twice.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/trivium-target}
# Programs that `scripts/setup` fetched because the system's are too old.
export TRIVIUM_TOOLS=${TRIVIUM_TOOLS:-$HOME/.cache/trivium-tools}
# Those among them that look at the sources, from `scripts/checks.txt`.
export TRIVIUM_CHECKS=$TRIVIUM_TOOLS/checks

# The system's OpenSSL instead of three minutes of C.
export OPENSSL_NO_VENDOR=1
# frame-benchmarking-cli would build a wasm runtime of its own in its build script.
export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1
# Nothing here is debugged across builds, and incremental files fill disks.
export CARGO_INCREMENTAL=0

# One line to the terminal, apart from the output of what is run.
trivium_say() {
	printf '==> %s\n' "$*" >&2
}

trivium_die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Whether version $1 is at least $2.
trivium_at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Whether the rustc $1 is new enough and has the wasm target.
trivium_rustc_ready() {
	local version sysroot
	[ -x "$1" ] || return 1
	version=$("$1" --version 2>/dev/null) || return 1
	version=${version#rustc }
	trivium_at_least "${version%% *}" "$TRIVIUM_MIN_RUST" || return 1
	sysroot=$("$1" --print sysroot) || return 1
	compgen -G "$sysroot/lib/rustlib/$TRIVIUM_WASM_TARGET/lib/libcore-*.rlib" >/dev/null
}

# Puts the toolchain to use first in PATH: rustup's if it is ready, else the system's.
trivium_pick_rust() {
	local folder
	for folder in "${CARGO_HOME:-$HOME/.cargo}/bin" /usr/bin; do
		if trivium_rustc_ready "$folder/rustc"; then
			# Only where another one would be found: /usr/bin holds more than Rust.
			[ "$(command -v rustc)" = "$folder/rustc" ] || export PATH=$folder:$PATH
			return
		fi
	done
	return 1
}

# Whether the node in PATH is new enough.
trivium_node_ready() {
	local version
	version=$(node --version 2>/dev/null) || return 1
	trivium_at_least "${version#v}" "$TRIVIUM_MIN_NODE" && command -v npm >/dev/null
}

# Puts the Node.js that `scripts/setup` fetched first in PATH, if there is one and it is needed.
trivium_pick_node() {
	trivium_node_ready && return
	[ -x "$TRIVIUM_TOOLS/bin/node" ] || return 1
	export PATH=$TRIVIUM_TOOLS/bin:$PATH
	trivium_node_ready
}

trivium_pick_rust || true
# After Rust, which may have put the system's folder with its old Node.js first.
trivium_pick_node || true

# Where the hash of the runtime's metadata is kept from one build to the next.
trivium_metadata_hash_file=$CARGO_TARGET_DIR/metadata-hash

# Hands on to the build what the last one found; see runtime/build.rs.
trivium_read_metadata_hash() {
	if [ -s "$trivium_metadata_hash_file" ]; then
		TRIVIUM_METADATA_HASH=$(<"$trivium_metadata_hash_file")
		export TRIVIUM_METADATA_HASH
	fi
}

# Runs a build of the node into the folder $1 of the target folder, so that its runtime knows the hash of
# its metadata: `trivium_build_with_metadata_hash release cargo build …`. The hash can only be asked of the
# runtime itself, so the build is run again if it is not the one of the last build. That takes some
# minutes, and happens when a call, its types or the runtime's version has changed, not with every change.
trivium_build_with_metadata_hash() {
	local node=$CARGO_TARGET_DIR/$1/trivium-node hash
	shift
	trivium_read_metadata_hash
	"$@" || return 1
	hash=$(env -u TRIVIUM_ENDPOINT TRIVIUM_NODE="$node" node "$TRIVIUM_ROOT/tests/e2e/metadata-hash.mjs") || return 1
	[ "$hash" != "${TRIVIUM_METADATA_HASH:-}" ] || return 0
	trivium_say "The hash of the metadata is $hash; building once more with it"
	printf '%s\n' "$hash" >"$trivium_metadata_hash_file"
	trivium_read_metadata_hash
	"$@"
}

trivium_read_metadata_hash
