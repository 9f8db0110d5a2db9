"""Run inside a network namespace of its own: the app is served and asked; prints how many packets it tried to send beyond loopback, then how many
a lookup of a name sends, which shows that the counter counts."""

import json
import socket
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.commands import run, serving


def main(index):
    """`index`: an index folder that is there already."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as names:
        names.write("nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")
        names.flush()
        for command in (
            f"mount --bind {names.name} /etc/resolv.conf",
            "ip link set lo up",
            "ip link add dev way_out type veth peer name nowhere",
            "ip link set nowhere up",
            "ip link set way_out up",
            "ip address add 192.0.2.2/24 dev way_out",
            "ip route add default dev way_out",
        ):
            subprocess.run(command.split(), check=True, capture_output=True)
            for switch in Path("/proc/sys/net/ipv6/conf").glob(
                "[wn]*/disable_ipv6"
            ):  # its own greetings are no attempt
                switch.write_text("1")
        before = sent()
        with serving(index) as address:
            urllib.request.urlopen(address, timeout=60).read()
            data = json.dumps({"data": ["Can I accept a friend request from a parent?", "", "[]"]}).encode()
            asked = urllib.request.Request(f"{address}/gradio_api/call/ask", data, {"Content-Type": "application/json"})
            event = json.load(urllib.request.urlopen(asked, timeout=60))["event_id"]
            answer = urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=60).read().decode()
            assert '"status": "answered"' in answer, answer
        assert run("compare", "May I post photos?", "--index", index).returncode == 0
        tried = sent() - before
        with suppress(OSError):
            socket.getaddrinfo("huggingface.co", 443)
        print(tried, sent() - before - tried)  # noqa: T201 - read by the test


def sent():
    """Packets sent by the way out so far."""
    rows = dict(line.split(":") for line in Path("/proc/self/net/dev").read_text().splitlines()[2:])
    counts = next(counts for name, counts in rows.items() if name.strip() == "way_out").split()
    return int(counts[9])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
