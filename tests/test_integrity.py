"""The shipped weights are checked when they are loaded: a damaged, missing or foreign file is refused with the remedy."""

import shutil
import sys

import pytest

from assistant import integrity, late, scope, triage_model, verdict_reader
from assistant.embedding import WEIGHTS
from assistant.errors import ModelError
from tests.commands import run_program


@pytest.fixture
def weights(tmp_path):
    """A folder with the shipped weights that load quickly, and their list."""
    for name in ("late.npz", "heads.npz", "embedder.json"):
        shutil.copy(WEIGHTS / name, tmp_path)
    integrity.write(tmp_path)
    return tmp_path


def flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_shipped_weights_are_those_listed():
    integrity.check(WEIGHTS)
    listed = [line.split("  ")[1] for line in (WEIGHTS / integrity.LIST).read_text().splitlines()]
    assert listed == sorted(path.name for path in WEIGHTS.iterdir() if path.name != integrity.LIST)


def test_what_is_listed_loads(weights):
    assert late.load(weights) is not None
    assert scope.load(weights) is not None


@pytest.mark.parametrize("name", ["late.npz", "heads.npz", "embedder.json"])
@pytest.mark.parametrize("load", [late.load, scope.load])
def test_one_damaged_bit_is_refused_with_the_remedy(weights, name, load):
    flipped(weights / name)
    with pytest.raises(ModelError, match=rf"{name} have sha256 [0-9a-f]{{64}}, expected .*Reinstall policy-assistant"):
        load(weights)


@pytest.mark.parametrize("gone", ["embedder.json", integrity.LIST])
def test_a_missing_file_or_list_is_refused(weights, gone):
    (weights / gone).unlink()
    with pytest.raises(ModelError, match=r"file is missing|no list of hashes"):
        late.load(weights)


@pytest.mark.parametrize(("name", "model"), [("reader.npz", verdict_reader), ("triage.npz", triage_model)])
def test_a_damaged_model_is_refused_before_it_is_read(tmp_path, name, model):
    (tmp_path / name).write_bytes(b"x")
    integrity.write(tmp_path)
    (tmp_path / name).write_bytes(b"y")
    with pytest.raises(ModelError, match=name):
        model.shipped(tmp_path)


def test_the_command_line_says_it_in_one_line(tmp_path, corpus_index):
    """A copy of the package with one bit of the encoder's weights turned."""
    shutil.copytree(WEIGHTS.parent, tmp_path / "assistant", ignore=shutil.ignore_patterns("__pycache__"))
    flipped(tmp_path / "assistant" / "weights" / "embedder.safetensors")
    command = ("-m", "assistant.cli", "ask", "May I?", "--index", corpus_index)
    done = run_program(sys.executable, *command, env={"PYTHONPATH": str(tmp_path)}, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "embedder.safetensors have sha256" in done.stderr
