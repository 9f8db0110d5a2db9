"""What the program runs on may be passed on with it: no copyleft beyond LGPL."""

import pytest

from assistant.licences_command import is_strong, licence, packages
from tests.commands import run


@pytest.mark.parametrize(
    ("words", "strong"),
    [
        ("MIT", False),
        ("GPL-3.0-only", True),
        ("AGPL-3.0", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Apache-2.0 OR GPL-2.0-only", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_strong_copyleft_is_told_from_the_rest(words, strong):
    assert is_strong(words) == strong


def test_no_package_is_copyleft_beyond_lgpl_and_each_says_what_it_is():
    found = {one.name: licence(one) for one in packages("policy-assistant")}
    assert {"torch", "gradio", "chromadb"} <= {name.lower() for name in found}
    assert len(found) > 60
    assert [name for name, words in found.items() if is_strong(words)] == []
    assert [name for name, words in found.items() if words == "not said"] == []


def test_the_command_lists_them():
    done = run("licences")
    assert done.returncode == 0
    assert "\nfastapi\t" in done.stdout
