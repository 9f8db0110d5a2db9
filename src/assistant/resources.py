"""Where the corpus and the prompts are: beside the package in a checkout, inside it when installed."""

from importlib.resources import files
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def _folder(name: str) -> Path:
    checkout = _ROOT / name
    return (
        checkout if (_ROOT / "pyproject.toml").exists() and checkout.is_dir() else Path(str(files("assistant") / name))
    )


def corpus_folder() -> Path:
    """The policies that come with the program."""
    return _folder("corpus")


def prompts_folder() -> Path:
    """The instructions to models."""
    return _folder("prompts")
