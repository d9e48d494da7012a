"""Silence, measured from outside the programs: the kernel's calls about sockets, and its counters of the namespace."""
import ipaddress
import pathlib
import re
import socket
import subprocess
import sys

from .root import TRACE, expect

# Families that reach no other machine.
LOCAL_FAMILIES = {"AF_UNIX", "AF_LOCAL", "AF_NETLINK"}
INTERNET_FAMILIES = {"AF_INET", "AF_INET6"}


def is_loopback(address):
    found = ipaddress.ip_address(address)
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def outside(line):
    """What a traced call has to do with anything but loopback and this machine's own sockets; None for nothing.

    The address counts wherever it occurs: connected to, listened on, sent to or received from. A look at a socket's own names sends
    nothing, and before the socket has one the answer is 0.0.0.0.
    """
    if re.search(r"\bget(sock|peer)name\b", line):
        return None
    if "io_uring_setup(" in line:
        return "io_uring_setup"
    if found := re.search(r"\bsocket(?:pair)?\((\w+)", line):
        return None if found[1] in LOCAL_FAMILIES | INTERNET_FAMILIES else found[1]
    addresses = re.findall(r'inet_addr\("([^"]+)"\)', line) + re.findall(r'inet_pton\(AF_INET6, "([^"]+)"', line)
    return next((address for address in addresses if not is_loopback(address)), None)


def sockets(folder):
    """The number of sockets that the traces in a folder have, and every call that leaves loopback."""
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_text(errors="replace").splitlines()]
    return sum(" socket(AF_INET" in line for line in lines), [line for line in lines if outside(line)]


def check_traces(what, folder):
    """No socket of anything that was traced left loopback."""
    count, bad = sockets(folder)
    expect(f"{what}: sockets outside loopback: {len(bad)}; internet sockets in all: {count}", not bad, "\n".join(bad[:20]))


def check_tracer(folder):
    """The tracer sees what must not be: a call to another machine by a grandchild, and a port that is open to everybody."""
    folder.mkdir()
    connecting = "import socket; socket.socket().connect_ex(('192.0.2.1', 443))"
    listening = "import socket; socket.socket().bind(('0.0.0.0', 0))"
    for number, script in enumerate((connecting, listening)):
        command = [*TRACE, "-o", folder / f"{number}.trace", "sh", "-c", '"$0" -c "$1"; true', sys.executable, script]
        subprocess.run(command, check=True, stdout=subprocess.PIPE)
    _, bad = sockets(folder)
    found = {call for call in ("connect(", "bind(") if any(call in line for line in bad)}
    expect("the tracer finds a call to another machine, and an address for everybody", len(found) == 2, bad)


def unrouted():
    """What tried to reach another machine or a name service, as the kernel counts for this namespace: packets and connections
    that had no way out, and datagrams to a port that nothing listens on."""
    lines = [line.split() for line in pathlib.Path("/proc/net/snmp").read_text().splitlines()]
    counts = {names[0] + name: int(count) for names, values in zip(lines[::2], lines[1::2])
              for name, count in zip(names[1:], values[1:])}
    newer = dict(line.split() for line in pathlib.Path("/proc/net/snmp6").read_text().splitlines())
    return counts["Ip:OutNoRoutes"] + counts["Udp:NoPorts"] + int(newer["Ip6OutNoRoutes"]) + int(newer["Udp6NoPorts"])


def check_silence():
    """Nothing tried to leave; then something does, to show that it would have been counted."""
    count = unrouted()
    expect(f"attempts to reach another machine: {count}", count == 0)
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        before = unrouted()
        with socket.socket(family) as client:
            client.connect_ex((address, 443))
        expect(f"one to {address} is counted", unrouted() > before)
