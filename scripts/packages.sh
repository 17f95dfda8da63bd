# Installs the system packages that are missing; sourced by ./start and ./test.

say() { printf 'greenroom: %s\n' "$*" >&2; }

# need PACKAGE…: installs those that are missing, as root or through sudo; never asks where there is no terminal.
need() {
    command -v dpkg-query >/dev/null 2>&1 || {
        say "this is not Debian or Ubuntu: install what corresponds to: $*"
        return 0
    }
    missing=""
    for package in "$@"; do
        status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing the system packages that are missing:$missing"
    if [ "$(id -u)" = 0 ]; then
        root=""
    elif ! command -v sudo >/dev/null 2>&1; then
        say "this needs root: run  apt-get install$missing  as root, then start again"
        return 1
    elif [ -t 0 ]; then
        root="sudo"
    elif sudo -n true 2>/dev/null; then
        root="sudo -n"
    else
        say "this needs root, and there is no terminal to ask for a password: run  sudo apt-get install$missing"
        return 1
    fi
    # shellcheck disable=SC2086 # words are wanted
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >&2 && return 0
    say "looking for newer package lists"
    # shellcheck disable=SC2086
    $root apt-get update >&2
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >&2
}

# need_rust: says how to get Rust where there is none.
need_rust() {
    if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    command -v cargo >/dev/null 2>&1 || {
        say "Rust is missing: install it with rustup, then start again"
        return 1
    }
}

# What the build needs: a C compiler, ALSA, the speech service's library and the headers that describe it.
build_packages="gcc libc6-dev pkg-config libasound2-dev libspeechd-dev libclang-dev"

# build_needs: installs what the build needs.
build_needs() {
    need_rust || return 1
    # shellcheck disable=SC2086
    [ "$(uname -s)" != Linux ] || need $build_packages
}
