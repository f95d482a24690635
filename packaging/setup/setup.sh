#!/usr/bin/env bash
# Installs what Burrow needs to build and run its tests, by package name, from the system's own package manager.
# Idempotent; prints nothing and takes well under a second when everything is there.
#
#   setup.sh            install what is missing
#   setup.sh --list     print the missing packages and install nothing
#   setup.sh tidy       also what the preset `tidy` needs (Debian)
#   setup.sh fuzz       also what the preset `fuzz` needs (Debian)
#   setup.sh windows    also what `./dev windows` needs (Debian)
#   setup.sh bench      also what `./dev bench` compares with (Debian)
#   setup.sh screenshots  also what pictures of the window need (Debian)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=/etc/apt/sources.list.d/burrow-trixie.sources
pin=/etc/apt/preferences.d/burrow-trixie

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "installing packages needs root: run it as root, or install sudo"
    fi
}

# A package list holds one package a line, with an optional minimum version: "NAME [VERSION]". '#' starts a comment.
package_list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/$1.packages"; }

debian_list() {
    package_list debian
    case $extra in
    tidy) echo clang-tidy-19 ;;
    fuzz) printf '%s\n' clang-19 libclang-rt-19-dev ;;
    windows) printf '%s\n' g++-mingw-w64-x86-64-posix wine64 ;;
    bench) echo ripgrep ;;
    screenshots) printf '%s\n' xvfb xauth fonts-dejavu-core ;;
    esac
}

debian_missing() {
    local installed name minimum have
    installed=$(dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' 2>/dev/null)
    debian_list | while read -r name minimum; do
        have=$(awk -v name="$name" '$1 == name && $3 == "installed" { print $2; exit }' <<<"$installed")
        if [ -z "$have" ] || { [ -n "$minimum" ] && dpkg --compare-versions "$have" lt "$minimum"; }; then
            echo "$name"
        fi
    done
}

# Debian 12 has a compiler and a Qt that are too old. The Debian 13 suite comes from the mirror that apt already
# uses, at priority 100, so that nothing but the named packages and what they depend on is ever taken from it.
add_debian_13() {
    [ -e "$source" ] && [ -e "$pin" ] && return
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
    [ -n "$mirror" ] || fail "apt has no Debian mirror configured: add one to /etc/apt/sources.list, then run this again"
    say "this is Debian 12: adding the Debian 13 suite at priority 100 ($source, $pin)"
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' \
        "$mirror" /usr/share/keyrings/debian-archive-keyring.gpg | as_root tee "$source" >/dev/null
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' | as_root tee "$pin" >/dev/null
}

setup_debian() {
    local missing target=()
    mapfile -t missing < <(debian_missing)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "${1:-}" = --list ]; then printf '%s\n' "${missing[@]}"; return; fi
    say "installing ${#missing[@]} packages: ${missing[*]}"
    as_root apt-get update -qq
    # A Debian 12 that has taken packages of Debian 13 may call itself 13, and still prefer those of 12.
    if [ "$VERSION_ID" = 12 ] || [ -e "$source" ]; then
        add_debian_13
        as_root apt-get update -qq
        target=(-t trixie)
    fi
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
        apt-get install -y -qq --no-install-recommends "${target[@]}" "${missing[@]}" >&2
    mapfile -t missing < <(debian_missing)
    [ ${#missing[@]} -eq 0 ] || fail "still missing after the installation: ${missing[*]}"
}

# Elsewhere the same packages have other names; the person sees the one command that installs them.
setup_other() { # SYSTEM MODE COMMAND...
    local system=$1 mode=$2 packages stamp="$here/../../build/.packages-$1"
    shift 2
    mapfile -t packages < <(package_list "$system" | cut -d' ' -f1)
    [ "$stamp" -nt "$here/$system.packages" ] && return
    if [ "$mode" = --list ]; then printf '%s\n' "${packages[@]}"; return; fi
    say "installing: $* ${packages[*]}"
    "$@" "${packages[@]}" >&2
    mkdir -p "${stamp%/*}" && touch "$stamp"
}

extra=
case ${1:-} in
tidy | fuzz | windows | bench | screenshots)
    extra=$1
    shift ;;
esac

case $(uname -s) in
Darwin) setup_other homebrew "${1:-}" brew install ;;
Linux)
    ID=unknown ID_LIKE="" VERSION_ID=""
    # shellcheck disable=SC1091
    [ -r /etc/os-release ] && . /etc/os-release
    case " $ID $ID_LIKE " in
    *" ubuntu "*)
        dpkg --compare-versions "${VERSION_ID:-0}" ge 25.04 ||
            fail "Ubuntu $VERSION_ID has Qt older than 6.8: use Ubuntu 25.04 or newer, or Debian 12 or 13"
        setup_debian "${1:-}" ;;
    *" debian "*)
        dpkg --compare-versions "${VERSION_ID:-13}" ge 12 || fail "Debian $VERSION_ID is too old: use Debian 12 or 13"
        setup_debian "${1:-}" ;;
    *" fedora "*) setup_other fedora "${1:-}" as_root dnf install -y ;;
    *" arch "*) setup_other arch "${1:-}" as_root pacman -S --needed --noconfirm ;;
    *) fail "no package list for $ID: install the packages named in packaging/setup/debian.packages by hand" ;;
    esac ;;
*) fail "on Windows, vcpkg.json lists the libraries: vcpkg install, then cmake --preset release" ;;
esac
