"""The locked dependencies for deployment hold everything that the program names, at a version it allows, each with its hashes."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

ENTRY = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
LOCK = (REPOSITORY / "deploy" / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {canonicalize_name(name): version for name, version, _ in ENTRY.findall(LOCK)}


def test_every_locked_package_has_a_hash():
    bare = [line for line in LOCK.splitlines() if line and not line.startswith(("#", "    --hash"))]
    assert len(bare) == len(LOCKED) > 100


def test_what_the_program_names_is_locked_at_a_version_it_allows():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [Requirement(one) for one in (*project["dependencies"], *project["optional-dependencies"]["mcp"])]
    wrong = {
        one.name: LOCKED.get(canonicalize_name(one.name))
        for one in named
        if canonicalize_name(one.name) not in LOCKED or LOCKED[canonicalize_name(one.name)] not in one.specifier
    }
    assert wrong == {}, "run deploy/lock (docs/security.md)"


def test_torch_comes_without_cuda():
    assert LOCKED["torch"].endswith("+cpu")
    assert [name for name in LOCKED if name.startswith("nvidia")] == []
