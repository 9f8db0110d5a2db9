"""How much personal data the masking finds: `python -m evals masking FILE`, a line a text, what is personal marked as [[kind:words]].

A mark counts as found where every one of its letters is masked. `masking-dev.jsonl` is for tuning, `masking-test.jsonl` only reported.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import click

from assistant.masking import personal
from evals.questions import FOLDER
from evals.scoring import wilson

_MARK = re.compile(r"\[\[(\w+):(.+?)\]\]")


def missed(line: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    """The marks of a marked text (kind, words), those not wholly masked, and what was masked without a mark."""
    marks, at = [], 0
    bare = ""
    for match in _MARK.finditer(line):
        bare += line[at : match.start()]
        marks.append((match[1], match[2], len(bare), len(bare) + len(match[2])))
        bare += match[2]
        at = match.end()
    bare += line[at:]
    found = personal(bare)
    covered = {place for item in found for place in range(item.start, item.end)}
    lost = [
        (kind, words)
        for kind, words, start, end in marks
        if any(bare[place].isalnum() and place not in covered for place in range(start, end))
    ]
    needless = [
        bare[item.start : item.end]
        for item in found
        if not any(item.start < end and start < item.end for _, _, start, end in marks)
    ]
    return [(kind, words) for kind, words, _, _ in marks], lost, needless


def recall(lines: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Kind → marks found, marks; with "all" for all of them."""
    counts: dict[str, tuple[int, int]] = {}
    for line in lines:
        marks, lost, _ = missed(line)
        for mark in marks:
            for kind in (mark[0], "all"):
                found, count = counts.get(kind, (0, 0))
                counts[kind] = (found + (mark not in lost), count + 1)
    return counts


def read_texts(path: Path) -> list[str]:
    """The marked texts of a file."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line]


@click.command()
@click.argument(
    "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=FOLDER / "masking-test.jsonl"
)
@click.option("--misses", is_flag=True, help="Print what was missed, and what was masked without need.")
def masking(path: Path, *, misses: bool) -> None:
    """Measure the masking of personal data.

    Example: python -m evals masking evals/data/masking-dev.jsonl --misses
    """
    lines = read_texts(path)
    for kind, (found, count) in sorted(recall(lines).items()):
        low, high = wilson(found, count)
        click.echo(f"{kind:10} {found / count:7.1%}  {low:6.1%} – {high:5.1%} of {count}")
    needless = [words for line in lines for words in missed(line)[2]]
    click.echo(f"masked without need: {len(needless)} in {len(lines)} texts")
    if misses:
        lost = [f"{kind}: {words}" for line in lines for kind, words in missed(line)[1]]
        click.echo("\n".join([*lost, *(f"needless: {words}" for words in needless)]))
