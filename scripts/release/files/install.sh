#!/bin/sh
# Installs triage @VERSION@ from this folder. No network is used.
#
#   ./install.sh [--prefix DIR | --user] [--service]    install (default prefix: /usr/local)
#   ./install.sh [--prefix DIR | --user] --upgrade      install this version beside the installed one, and switch to it
#   ./install.sh [--prefix DIR | --user] --rollback     switch back to the previous version
#   ./install.sh [--prefix DIR | --user] --uninstall    remove the program; settings and data stay
#   ./install.sh [--prefix DIR | --user] --uninstall --purge    remove settings and data too
#
# --user     below ~/.local, without root
# --service  also a systemd unit, settings in /etc/triage, data in /var/lib/triage and the system user triage; needs root
#
# A version is a folder PREFIX/lib/triage/VERSION. PREFIX/lib/triage/current names the version in use, and everything else
# is a link through it, so that switching is one rename. A machine has one service: of one PREFIX, or of the .deb.
# Exit codes: 0 fine, 1 the service does not become ready, 64 usage, 65 a damaged file, 69 something needed is missing,
# 73 cannot write, 74 the store could not be backed up or the service not stopped, 77 not allowed, 78 not possible in this state.
set -eu
umask 022
version='@VERSION@'
glibc='@GLIBC@'
files='@FILES@'
here=$(cd "$(dirname "$0")" && pwd -P)
unit=/etc/systemd/system/triage.service
wanted=/etc/systemd/system/multi-user.target.wants/triage.service
settings=/etc/triage
data=/var/lib/triage
unset CDPATH
# useradd and others; su leaves them out.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }
fail() {
    code=$1
    shift
    printf 'install.sh: %s\n' "$*" >&2
    exit "$code"
}

# Arguments

action=install prefix='' user='' service='' purge=''
while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
        [ $# -gt 1 ] || fail 64 "--prefix needs a folder"
        prefix=$2
        shift
        ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --user) user=yes ;;
    --service) service=yes ;;
    --upgrade | --rollback | --uninstall)
        [ "$action" = install ] || fail 64 "only one of --upgrade, --rollback and --uninstall"
        action=${1#--}
        ;;
    --purge) purge=yes ;;
    -h | --help)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *) fail 64 "unknown option $1; ./install.sh --help lists them" ;;
    esac
    shift
done
[ -z "$user" ] || [ -z "$prefix" ] || fail 64 "either --user or --prefix"
[ -z "$purge" ] || [ "$action" = uninstall ] || fail 64 "--purge belongs to --uninstall"
[ -z "$service" ] || [ -z "$user" ] || fail 64 "--service needs a system user, so it cannot be used with --user"
if [ -n "$user" ]; then
    [ "$(id -u)" != 0 ] || fail 77 "--user as root would install for root alone; leave it out, or run it as yourself"
    [ -n "${HOME:-}" ] || fail 78 "HOME is not set; use --prefix DIR"
    prefix=$HOME/.local
fi
prefix=${prefix:-/usr/local}
# The lists of what was installed have a line a name.
[ "$(printf '%s' "$prefix" | wc -l)" = 0 ] || fail 64 "a prefix cannot have a line break"
prefix=$(realpath -ms -- "$prefix")
case $prefix in
/ | /usr) fail 77 "$prefix belongs to the system's packages; use /usr/local, /opt/triage or another folder, or the .deb" ;;
esac
is_root() { [ "$(id -u)" = 0 ]; }
if [ -n "$service" ] && ! is_root; then fail 77 "--service needs root"; fi
base=$prefix/lib/triage
marks=$base/installed

# What is installed

named() { readlink "$base/$1" 2>/dev/null || true; }
# The version before the one in use; an installation that was ended in between may name the same twice.
previous() { [ "$(named previous)" = "$(named current)" ] || named previous; }
has_service() { [ -e "$marks/service" ]; }
# Whether settings and data are those of an installation by this script, and not of the .deb.
owns_settings() { [ -e "$settings/.installed" ]; }
# The prefix that the systemd unit of this script runs from.
unit_prefix() { sed -n 's|^ExecStart=\(/.*\)/bin/triage serve .*|\1|p' "$unit" 2>/dev/null | tail -n 1; }
# The prefix that settings and data belong to; nothing where an older version made them, which did not write it down.
owner() {
    found=$(unit_prefix)
    if [ -n "$found" ]; then printf '%s\n' "$found"; else cat "$settings/.installed" 2>/dev/null || true; fi
}
# The .deb's version, also when it was removed and its settings and data are still there.
deb_version() { dpkg-query -W -f '${Version}' triage 2>/dev/null || true; }
# Puts a link into its place by one rename: it is the old or the new one, also when this ends in between. ln -f alone would leave
# a name of its own behind then.
put_link() {
    rm -f "$base/.link" && ln -s "$1" "$base/.link" && mv -T "$base/.link" "$2"
}
# Sets a pointer: either the old or the new version is in use.
point() { put_link "$2" "$base/$1"; }
# Whether a version's folder is as it was shipped.
is_whole() { [ -f "$1/SHA256SUMS" ] && (cd "$1" && sha256sum --quiet --strict -c SHA256SUMS) >/dev/null 2>&1; }

# Checks before anything is written

check_files() {
    command -v sha256sum >/dev/null || fail 69 "sha256sum is missing; install coreutils"
    [ -f "$here/SHA256SUMS" ] || fail 65 "$here/SHA256SUMS is missing; unpack the package again"
    (cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) >&2 ||
        fail 65 "files of this package are damaged or missing, see above; copy the package again. Nothing was changed"
    # A list that was cut off is right about every file that it still has.
    listed=$(wc -l <"$here/SHA256SUMS")
    [ "$listed" = "$files" ] ||
        fail 65 "$here/SHA256SUMS lists $listed files, and this package has $files; copy the package again. Nothing was changed"
    # Names that are in no line are not installed; names that lead elsewhere are not ours.
    if cut -c 67- "$here/SHA256SUMS" | grep -Eq '^/|(^|/)\.\.(/|$)'; then fail 65 "SHA256SUMS names a file outside this folder"; fi
}

check_system() {
    [ "$(uname -m)" = x86_64 ] || fail 69 "this package is for x86_64, and this machine is $(uname -m)"
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || true
    [ -n "$found" ] ||
        fail 69 "this system has no glibc, and triage needs glibc $glibc or newer (Debian 12 has 2.36, Ubuntu 24.04 has 2.39)"
    [ "$(printf '%s\n%s\n' "$glibc" "$found" | sort -V | head -n 1)" = "$glibc" ] ||
        fail 69 "triage needs glibc $glibc or newer (Debian 12 has 2.36, Ubuntu 24.04 has 2.39); this system has $found"
}

# The nearest folder above a path that exists.
existing() {
    path=$1
    while [ ! -d "$path" ]; do path=$(dirname "$path"); done
    printf '%s\n' "$path"
}

cannot_write() {
    ! is_root || fail 73 "cannot write below $prefix: the file system is read-only or protected; use --prefix DIR"
    fail 73 "cannot write below $prefix; run this as root, or use --user or --prefix DIR"
}

check_place() {
    for folder in "$base" "$prefix/bin"; do
        [ -w "$(existing "$folder")" ] || cannot_write
    done
    is_whole "$base/$version" && return 0
    needed=$(du -sk "$here" | cut -f1)
    free=$(df -Pk "$(existing "$base")" | awk 'NR == 2 { print $4 }')
    # A tenth more, for folders and rounding.
    [ "$free" -ge $((needed + needed / 10)) ] ||
        fail 73 "$prefix has $((free / 1024)) MB free, and triage needs $((needed * 11 / 10240 + 1)) MB. Nothing was changed"
}

# The service is one of the machine, and its files are shared: whose they are is settled before anything is written.
check_service() {
    [ -n "$service" ] || has_service || return 0
    # Spaces, quotes, %, &, | and the like mean something to systemd or to sh; letters of other alphabets do not.
    case $(printf '%s' "$prefix" | LC_ALL=C tr -d '\200-\377') in
    *[!A-Za-z0-9/._+,:@=-]*) fail 64 "--service needs a prefix of letters, digits and / . _ + , : @ = - alone; without --service any will do" ;;
    esac
    if [ -d "$settings" ] && ! owns_settings; then
        [ -z "$(deb_version)" ] ||
            fail 78 "the service here is the .deb's: upgrade it with dpkg -i, or remove it and its data with dpkg -P triage (a copy before: triage store backup). Nothing was changed"
        fail 78 "$settings is there and is not from this script. If you made it, keep it with: touch $settings/.installed. Nothing was changed"
    fi
    other=$(owner)
    if [ -n "$other" ] && [ "$other" != "$prefix" ] && { [ -n "$(unit_prefix)" ] || [ -e "$other/lib/triage/installed/service" ]; }; then
        fail 78 "the service is installed below $other. Go on there with ./install.sh --prefix $other --upgrade, or remove it first with ./install.sh --prefix $other --uninstall. Nothing was changed"
    fi
}

# Folders made here, and remembered, so that removal takes those and no others: below PREFIX by their names there, above it whole.
made=''
remember() {
    made="$1
$made"
}
make_above() {
    if [ ! -d "$1" ]; then
        make_above "$(dirname "$1")"
        mkdir "$1" || fail 73 "cannot write $1"
        remember "$1"
    fi
}
make_folder() {
    if [ ! -d "$prefix/$1" ]; then
        if [ "$1" = . ]; then make_above "$(dirname "$prefix")"; else make_folder "$(dirname "$1")"; fi
        mkdir -p "${prefix:?}/$1" || fail 73 "cannot write below $prefix"
        remember "$1"
    fi
}
remember_folders() {
    if [ -n "$made" ]; then
        { printf '%s' "$made" && cat "$marks/folders" 2>/dev/null; } >"$marks/folders.new" || true
        mv "$marks/folders.new" "$marks/folders"
        made=''
    fi
}

# Copying

incoming=$base/.incoming
# Copies what SHA256SUMS lists, verifies the copy and tries the program there; then the folder gets its name.
copy_version() {
    rm -rf "$incoming"
    trap 'rm -rf "$incoming"; [ -n "$(named current)" ] || remove_program' EXIT
    trap 'exit 130' HUP INT TERM
    mkdir "$incoming" || fail 73 "cannot write $incoming"
    (cd "$here" && { cut -c 67- SHA256SUMS && ls SHA256SUMS*; } | tar -cf - -T -) | tar -C "$incoming" --no-same-owner -xf - ||
        fail 73 "could not copy the files to $base (is the disk full?). The installed version is unchanged"
    # A stick may not keep permissions.
    find "$incoming" -type d -exec chmod 0755 {} + && find "$incoming" -type f -exec chmod 0644 {} +
    chmod 0755 "$incoming/bin/triage" "$incoming/install.sh"
    is_whole "$incoming" || fail 73 "the copy below $base differs from the package; check the disk. The installed version is unchanged"
    "$incoming/bin/triage" --version >/dev/null ||
        fail 69 "the program does not start here, see above. The installed version is unchanged"
    # A damaged folder of the same version makes way only now.
    if [ -e "$base/$version" ]; then rm -rf "$base/.damaged" && mv "$base/$version" "$base/.damaged"; fi
    mv "$incoming" "$base/$version"
    rm -rf "$base/.damaged"
    trap - EXIT HUP INT TERM
}

# Links

# Makes PREFIX/NAME a link to current/NAME, and remembers it.
link() {
    target=$prefix/$1 depth=$(dirname "$1" | sed 's|[^/][^/]*|..|g')
    make_folder "$(dirname "$1")"
    if [ -e "$target" ] && [ ! -L "$target" ]; then fail 73 "$target is there and is not a link of triage; move it away, then try again"; fi
    put_link "$depth/lib/triage/current/$1" "$target"
    printf '%s\n' "$1" >>"$marks/links.new"
}

# Links of the version in use; those of another version that it does not have go.
link_all() {
    make_folder lib/triage/installed
    : >"$marks/links.new"
    link bin/triage
    for folder in share/man/man1 share/bash-completion/completions share/fish/vendor_completions.d share/zsh/site-functions; do
        for file in "$base/current/$folder"/*; do
            [ ! -e "$file" ] || link "$folder/${file##*/}"
        done
    done
    if [ -f "$marks/links" ]; then
        while IFS= read -r name; do
            grep -Fqx "$name" "$marks/links.new" || unlink_one "$name"
        done <"$marks/links"
    fi
    mv "$marks/links.new" "$marks/links"
    remember_folders
}

# Removes a link that leads to triage.
unlink_one() {
    case $(readlink "$prefix/$1" 2>/dev/null) in */lib/triage/current/*) rm -f "$prefix/$1" ;; esac
}

# Versions other than the one in use and the one before it.
prune() {
    for folder in "$base"/*; do
        name=${folder##*/}
        if [ -L "$folder" ] || [ ! -f "$folder/SHA256SUMS" ]; then continue; fi
        case $name in "$(named current)" | "$(named previous)") ;; *) rm -rf "$folder" ;; esac
    done
}

# The service

@RESTART@

install_service() {
    getent group triage >/dev/null || groupadd --system triage
    getent passwd triage >/dev/null ||
        useradd --system --gid triage --no-create-home --home-dir "$data" --shell /usr/sbin/nologin triage
    mkdir -p "$settings" "$data" "$(dirname "$unit")"
    chown triage:triage "$data" && chmod 0700 "$data"
    [ -e "$settings/triage.yaml" ] || cp "$base/current/share/doc/triage/examples/triage.yaml" "$settings/triage.yaml"
    sed "s|^ExecStart=[^ ]*/bin/triage|ExecStart=$prefix/bin/triage|" "$base/current/lib/systemd/system/triage.service" >"$unit.new"
    mv "$unit.new" "$unit"
    : >"$marks/service"
    printf '%s\n' "$prefix" >"$settings/.installed"
    systemd daemon-reload
}

# A copy of the service's store before another version opens it: a newer version may change its form, and an older one cannot read it then.
back_up() {
    has_service && [ -f "$data/store/triage.sqlite" ] || return 0
    copy=$data/before-$2
    say "backing up $data/store to $copy"
    rm -rf "$copy.new"
    runuser -u triage -- "$base/$1/bin/triage" store backup --store "$data/store" "$copy.new" ||
        fail 74 "the store could not be backed up, see above. Make room or repair it, or move it away. Version $1 is still in use"
    rm -rf "$copy"
    mv "$copy.new" "$copy"
}

# The service goes on with the version in use; $1 is what to do when it cannot.
restart() {
    ! has_service || restart_service "$before_it" "$prefix/bin/triage" ||
        fail 1 "triage $(named current) is installed, and the service does not become ready with it, see above. $1"
}
# Stops the service of this prefix, also one whose unit was deleted.
stop_service() {
    if [ -e "$unit" ]; then systemd disable --now triage.service || true; else systemd stop triage.service 2>/dev/null || true; fi
    [ "$(service_state)" != active ] || fail 74 "the service could not be stopped; see: journalctl -u triage. Nothing was removed"
    rm -f "$unit" "$wanted"
    systemd daemon-reload
}

# Actions

install_version() {
    check_files
    check_system
    check_service
    check_place
    now=$(named current) before_it=$(service_state)
    case $action in
    install)
        [ -z "$now" ] || [ "$now" = "$version" ] ||
            fail 78 "version $now is installed below $prefix; use --upgrade, and --rollback brings it back"
        ;;
    upgrade)
        [ -n "$now" ] || fail 78 "nothing is installed below $prefix; run this without --upgrade"
        [ "$(printf '%s\n%s\n' "$now" "$version" | sort -V | tail -n 1)" = "$version" ] ||
            fail 78 "version $now is newer than this one, $version; use --rollback, or --uninstall first"
        ;;
    esac
    make_folder lib/triage/installed
    remember_folders
    lock
    is_whole "$base/$version" || copy_version
    [ -z "$now" ] || [ "$now" = "$version" ] || back_up "$now" "$version"
    if [ -n "$now" ] && [ "$now" != "$version" ]; then point previous "$now"; fi
    point current "$version"
    link_all
    prune
    if [ -n "$service" ] || has_service; then install_service; fi
    report "installed"
    [ "$now" = "$version" ] ||
        restart "Repair that and start it with: systemctl restart triage; or go back with: $base/current/install.sh --prefix $prefix --rollback"
}

report() {
    say "triage $(named current) $1 below $prefix"
    if [ -n "$(previous)" ]; then say "previous version: $(previous) (--rollback)"; fi
    case ":$PATH:" in *":$prefix/bin:"*) ;; *) say "add $prefix/bin to PATH, or run $prefix/bin/triage" ;; esac
}

rollback() {
    now=$(named current) before=$(previous) before_it=$(service_state)
    check_service
    [ -n "$before" ] || fail 78 "there is no previous version below $prefix"
    is_whole "$base/$before" || fail 65 "version $before is damaged; --uninstall, then install it again from its package"
    point current "$before"
    point previous "$now"
    link_all
    ! has_service || install_service
    report "in use again"
    if has_service && [ -d "$data/before-$now" ]; then
        say "$before may not read the store as $now left it. The store before the upgrade: $data/before-$now"
        say "to use that one, with the service stopped: runuser -u triage -- $prefix/bin/triage store restore --store $data/store $data/before-$now"
    fi
    restart "Repair that and start it with: systemctl restart triage"
}

# Everything of ours below PREFIX, by name, so that nothing of somebody else goes.
remove_program() {
    if [ -f "$marks/links" ]; then
        while IFS= read -r name; do unlink_one "$name"; done <"$marks/links"
    fi
    for folder in "$base"/*; do
        if [ -f "$folder/SHA256SUMS" ] && [ ! -L "$folder" ]; then rm -rf "$folder"; fi
    done
    rm -rf "$incoming" "$base/.damaged"
    rm -f "$base/current" "$base/previous" "$base/.link"
    folders=$(cat "$marks/folders" 2>/dev/null) || true
    rm -rf "$marks"
    # Deepest first, as they were remembered; what others put there keeps its folder.
    printf '%s\n' "$folders" | while IFS= read -r name; do
        case $name in '') continue ;; .) name=$prefix ;; /*) ;; *) name=$prefix/$name ;; esac
        rmdir "$name" 2>/dev/null || true
    done
}

# Why settings and data of the service are not this installation's to remove; nothing when they are.
why_kept() {
    found=$(owner)
    if ! owns_settings && [ -n "$(deb_version)" ]; then
        printf '%s\n' "they belong to the .deb; dpkg -P triage removes them"
    elif ! owns_settings; then
        printf '%s\n' "this script did not make them"
    elif ! is_root; then
        printf '%s\n' "they belong to the service; root removes them with --uninstall --purge"
    elif [ "$(service_state)" = active ]; then
        printf '%s\n' "the service runs and is not of this installation; stop it first: systemctl stop triage"
    elif [ -n "$(deb_version)" ]; then
        printf '%s\n' "the .deb is installed too; remove it first with dpkg -P triage, which leaves them"
    elif [ -n "$found" ] && [ "$found" != "$prefix" ]; then
        printf '%s\n' "they belong to the service below $found; ./install.sh --prefix $found --uninstall --purge removes them"
    fi
}

# The settings last: they have the mark of whose all this is.
purge_data() {
    rm -rf "$data" && rm -rf "$settings"
    say "removed: $settings, $data"
    if getent passwd triage >/dev/null; then
        userdel triage || fail 78 "the user triage is still in use, see above; end that process, then: userdel triage"
    fi
    if getent group triage >/dev/null; then groupdel triage; fi
}

purge_cache() {
    cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}/triage
    if [ "$cache" != /triage ] && [ -d "$cache" ]; then
        rm -rf "$cache"
        say "removed: $cache"
    fi
}

# What becomes of the service's settings and data.
uninstall_data() {
    [ -e "$settings" ] || [ -e "$data" ] || return 0
    kept=$(why_kept)
    if [ -n "$purge" ] && [ -z "$kept" ]; then
        purge_data
    elif [ -n "$purge" ]; then
        say "kept: $settings, $data: $kept"
    elif [ -z "$kept" ]; then
        say "kept: $settings, $data (--uninstall --purge removes them)"
    fi
}

uninstall() {
    [ ! -d "$base" ] || [ -w "$base" ] || cannot_write
    mine=$(unit_prefix)
    if has_service && { [ -z "$mine" ] || [ "$mine" = "$prefix" ]; }; then stop_service; fi
    if [ -d "$base" ]; then
        remove_program
        say "triage was removed from $prefix"
    else
        say "triage is not installed below $prefix"
    fi
    [ -z "$purge" ] || purge_cache
    uninstall_data
}

# One at a time: a folder is the lock, so that no file is left. For a first installation that is the folder above, until there is one.
lock() {
    command -v flock >/dev/null || return 0
    folder=$(existing "$base")
    if [ "$folder" != "${locked:-}" ] && [ -r "$folder" ]; then
        exec 9<"$folder"
        flock -n 9 || fail 78 "another installation is under way below $folder"
        locked=$folder
    fi
}
lock

case $action in
install | upgrade) install_version ;;
rollback) rollback ;;
uninstall) uninstall ;;
esac
