systemd() { [ ! -d /run/systemd/system ] || systemctl "$@"; }

# active, failed, inactive …; nothing where systemd does not run.
service_state() { systemd is-active triage.service 2>/dev/null || true; }

# Whether the service accepts work, by the settings that its process has. They are read as its user: root runs nothing with them.
is_ready() {
    process=$(systemctl show --property=MainPID --value triage.service)
    [ "${process:-0}" != 0 ] || return 1
    # shellcheck disable=SC2016 # $@ and $0 are those of the inner shell
    xargs -0 -a "/proc/$process/environ" sh -c 'cd /var/lib/triage && exec runuser -u triage -- \
        env -i "$@" "$0" health --ready --config /etc/triage/triage.yaml' "$1" >/dev/null 2>&1
}

# Starts the service with the program $2 where it ran or had failed before ($1), and waits until it accepts work. A unit that failed
# five times within a minute must be reset first.
restart_service() {
    case $1 in active | activating | reloading | failed) ;; *) return 0 ;; esac
    systemctl reset-failed triage.service 2>/dev/null || true
    systemctl restart triage.service || true
    tries=0
    while [ $tries -lt 30 ] && [ "$(service_state)" != failed ]; do
        ! is_ready "$2" || return 0
        tries=$((tries + 1))
        sleep 1
    done
    journalctl --unit=triage.service --lines=8 --no-pager --output=cat >&2 || true
    return 1
}
