"""Fixtures: the shipped corpus and, where they are at hand, the five real policies, each ingested once with the real model."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.ask import Assistant
from assistant.embedding import SentenceEmbedder
from assistant.index import Index
from assistant.resources import corpus_folder
from assistant.settings import Settings
from ingest.sync import sync

REPOSITORY = Path(__file__).resolve().parents[1]
REAL = REPOSITORY.parent / "shared" / "policies"
CHROMIUM = Path("/usr/bin/chromium")


def missing(what: str) -> None:
    """Skip for want of `what`; where CI is set nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: needed where CI is set")
    pytest.skip(what)


LONGEST = ("test_web", "test_guard", "test_attacks", "test_hostile_files", "test_cli", "test_killed", "test_alone")
"""Files of tests that start first, so that workers end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest files first; within a file the order stays."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _bare_environment() -> Iterator[None]:
    """No setting of whoever runs the tests reaches them, nor the programs that they start."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def embedder(_bare_environment: None) -> SentenceEmbedder:
    return SentenceEmbedder()


def _ingested(embedder: SentenceEmbedder, policies: Path, folder: Path) -> Assistant:
    index = Index(folder, embedder)
    failed = [report for report in sync(index, [policies]) if report.status == "failed"]
    assert not failed
    return Assistant(index, Settings(index=folder))


def _shared(embedder: SentenceEmbedder, policies: Path, name: str, made: pytest.TempPathFactory) -> Assistant:
    """Over a folder of policies; where pytest-xdist runs several workers the first that needs it makes the index, the others read it."""
    base = made.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            _ingested(embedder, policies, folder / "index")
            (folder / "made").touch()
    index = folder / "index"
    return Assistant(Index(index, embedder), Settings(index=index))


@pytest.fixture(scope="session")
def assistant(embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Over the shipped corpus."""
    return _shared(embedder, corpus_folder(), "corpus", tmp_path_factory)


@pytest.fixture(scope="session")
def corpus_index(assistant: Assistant) -> Path:
    """The index folder of the shipped corpus."""
    return assistant.index.folder


@pytest.fixture(scope="session")
def real_policies() -> Path:
    """The folder of the five real policies: other people's text, not in the repository."""
    if not REAL.is_dir():
        missing(f"the real policies are not in {REAL}")
    return REAL


@pytest.fixture(scope="session")
def real_assistant(
    real_policies: Path, embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    """Over the five real policies."""
    return _shared(embedder, real_policies, "real", tmp_path_factory)


@pytest.fixture
def assistant_over(embedder: SentenceEmbedder, tmp_path: Path) -> Callable[[dict[str, str]], Assistant]:
    """Makes an assistant over a few small policies: file name → text."""

    def make(files: dict[str, str]) -> Assistant:
        policies = tmp_path / "policies"
        policies.mkdir()
        for name, text in files.items():
            (policies / name).write_text(text, encoding="utf-8")
        return _ingested(embedder, policies, tmp_path / "index")

    return make
