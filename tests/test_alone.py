"""Nothing leaves: the app runs in a network namespace whose only way out is counted, and sends nothing by it."""

import os
import shutil
import sys

import pytest

from tests.commands import run_program
from tests.conftest import REPOSITORY, missing

UNSHARE = ("unshare", "--net", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)))


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_the_app_tries_to_send_nothing_beyond_the_machine(corpus_index):
    probe = "ip link add dev way_out type veth peer name nowhere && mount --bind /etc/hostname /etc/hostname"
    if shutil.which("unshare") is None or run_program(*UNSHARE, "sh", "-c", probe).returncode:
        missing("network namespaces (unshare, ip, veth, mount)")
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    done = run_program(
        *UNSHARE, sys.executable, "-m", "tests.alone", corpus_index, cwd=REPOSITORY, env={"PYTHONPATH": path}
    )
    assert done.returncode == 0, done.stderr
    tried, counted = map(int, done.stdout.split())
    assert counted > 0
    assert tried == 0
