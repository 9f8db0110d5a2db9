"""`policy-assistant licences`: the packages that the program runs on, with their licences; a copyleft beyond LGPL is told."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import click

_COPYLEFT = re.compile(r"\bA?GPL|General Public License", re.IGNORECASE)
_WEAK = re.compile(
    r"\bLGPL|Lesser General Public|Library General Public|GCC[- ]exception|Classpath|Mozilla|\bMPL", re.IGNORECASE
)


@click.command()
def licences() -> int:
    """List the packages that the program runs on, with their licences; status 1 where one is copyleft beyond LGPL.

    Example: policy-assistant licences
    """
    rows = sorted((found.name.lower(), found.version, licence(found)) for found in packages("policy-assistant"))
    for name, version, words in rows:
        click.echo(f"{name}\t{version}\t{words}")
    return int(any(is_strong(words) for _, _, words in rows))


def packages(name: str) -> Iterator[Distribution]:
    """The installed packages that a package needs, itself left out; not what its extras need."""
    seen, waiting = {_plain(name)}, [name]
    while waiting:
        try:
            found = distribution(waiting.pop())
        except PackageNotFoundError:
            continue  # for another system or another Python
        if _plain(found.name) != _plain(name):
            yield found
        for needed in found.requires or ():
            plain = _plain(re.split(r"[\s\[<>=!~;(]", needed, maxsplit=1)[0])
            if "extra ==" not in needed and plain not in seen:
                seen.add(plain)
                waiting.append(plain)


def licence(found: Distribution) -> str:
    """A package's licence in a line: the expression, else the classifiers, else the first line of what it says."""
    expression = found.metadata["License-Expression"]
    listed = [
        row.split(" :: ")[-1] for row in found.metadata.get_all("Classifier") or () if row.startswith("License ::")
    ]
    said = (found.metadata["License"] or "").strip().split("\n")[0]
    return expression or "; ".join(one for one in listed if one != "OSI Approved") or said[:80] or "not said"


def is_strong(words: str) -> bool:
    """Whether a licence is copyleft beyond LGPL; of alternatives ("MIT OR GPL") the mildest counts."""
    choices = re.split(r"\bOR\b", words)
    return all(_COPYLEFT.search(one) and not _WEAK.search(one) for one in choices)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
