"""A full disk and a folder that can't be written take no answer away; what can't be done is a line, and is done when there is room."""

import json
import os
import shutil
import sys

import pytest

from tests.commands import run_program
from tests.conftest import REPOSITORY, missing

UNSHARE = ("unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("disk")
    probe = f"mount -t tmpfs -o size=1m tmpfs {folder}"
    if shutil.which("unshare") is None or run_program(*UNSHARE, "sh", "-c", probe).returncode:
        missing("mount namespaces (unshare, mount)")
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    done = run_program(
        *UNSHARE, sys.executable, "-m", "tests.cramped", folder, cwd=REPOSITORY, env={"PYTHONPATH": path}, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
class TestDisk:
    @pytest.mark.parametrize("when", ["full", "read-only"])
    def test_is_answered_from(self, found, when):
        status, printed, _ = found[f"ask, {when}"]
        assert status == 0
        assert "Staff must not fly kites on the school roof." in printed

    @pytest.mark.parametrize("when", ["full", "read-only"])
    def test_says_that_it_takes_nothing(self, found, when):
        status, _, error = found[f"ingest, {when}"]
        assert status == 2
        assert "Traceback" not in error
        assert "Check" in error.splitlines()[-1]

    def test_takes_everything_when_there_is_room(self, found):
        status, printed, _ = found["ingest, room"]
        assert status == 0
        assert "changed" in printed

    def test_goes_on_serving(self, found):
        full, room = found["page"]
        assert full[0] == "kites/1.1"
        assert room[0] == "kites/1.2"
