# Sourced by scripts/run and scripts/test: finds the project, the toolchain and the system packages.
# Installs missing packages through apt, and prints which before. All its output goes to standard error.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# What deciding needs, and what the service needs beside it.
packages=(libopenblas0-pthread libssl-dev)
service_packages=(libsqlite3-dev libhiredis-dev zlib1g-dev)

say() { printf '%s\n' "$*" >&2; }

need_swift() {
    local version
    if ! command -v swift >/dev/null 2>&1; then
        say "triage needs a Swift toolchain (6.2 or newer), and there is none on PATH."
        say "Get one from https://www.swift.org/install (Swift 6.3 for Debian 12), add its usr/bin to PATH, try again."
        exit 69
    fi
    version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+' | head -1)
    if [ "$(printf '%s\n6.2\n' "${version:-0.0}" | sort -V | head -1)" != 6.2 ]; then
        say "triage needs Swift 6.2 or newer; this is ${version:-unknown}. Get one from https://www.swift.org/install"
        exit 69
    fi
}

need_packages() {
    local missing=() as_root=() package
    if ! command -v dpkg-query >/dev/null 2>&1; then
        ldconfig -p 2>/dev/null | grep -q 'libopenblas\.so\.0' ||
            say "OpenBLAS was not found. triage runs without it, several times slower: install it with this system's package manager."
        return 0
    fi
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing system packages with apt-get: ${missing[*]}"
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}"; } >&2; then
        say "That failed. Run this as an administrator, then try again: apt-get install ${missing[*]}"
        exit 69
    fi
}

# How release binaries are built: with Swift's runtime inside, so that they run where no toolchain is; without symbols, so that
# nothing has to strip them; with the folder where a package has its libraries, because naming it afterwards makes the program
# larger; with paths beginning at the project, so that no folder of this machine is in the program; and without the compiler's
# hashes of its own work, which depend on the folder (scripts/reproduce).
release_options=(-c release --static-swift-stdlib --disable-local-rpath -Xlinker -s -Xlinker '-rpath=$ORIGIN/../lib/triage'
    -Xcc "-ffile-prefix-map=$root=." -Xswiftc -file-prefix-map -Xswiftc "$root=."
    -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen)
# The folder and options of a program without the service. Another package that uses the library is built with library_options:
# then the library is not compiled again.
library_options=(--scratch-path "$root/.build-core" --experimental-prune-unused-dependencies "${release_options[@]}")
core_options=("${library_options[@]}" --disable-default-traits)

# Whether a binary is newer than every source.
is_current() { [ -x "$1" ] && [ -z "$(find "$root/Package.swift" "$root/Sources" -name "*.docc" -prune -o -newer "$1" -print -quit)" ]; }

# Builds the release binary with these options, unless it is current: build_release FOLDER OPTION…
build_release() {
    local folder=$1 binary=$root/$1/release/triage
    shift
    is_current "$binary" && return 0
    say "Building triage in $folder (the first time takes some minutes)…"
    if ! (cd "$root" && swift build "$@" --product triage) >&2; then
        say "The build failed; the compiler's messages are above."
        exit 1
    fi
    touch "$binary"
}

# The full program.
build_service() { packages+=("${service_packages[@]}") && need_packages && build_release .build "${release_options[@]}"; }

# The program without the service: no HTTP, TLS or SQLite is resolved or built, which takes a fifth of the time.
build_core() { need_packages && build_release .build-core "${core_options[@]}"; }

need_swift
