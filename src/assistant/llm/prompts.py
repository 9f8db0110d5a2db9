"""The instructions to language models: Markdown files with front matter, from the program's folder or the school's own."""

from dataclasses import dataclass
from pathlib import Path
from string import Template

from assistant.errors import SettingsError
from assistant.resources import prompts_folder

VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"mark", "question", "clauses"}),
    "search": frozenset({"mark", "question", "before"}),
}
"""What the code fills in, by prompt."""

_INPUT = "\n# Input\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One file of prompts/: what the model is told, and how its input is laid out."""

    name: str
    version: str
    instructions: Template
    input: Template

    def fill(self, **values: str) -> tuple[str, str]:
        """Instructions and input with the values in place; what a value holds is never filled in again."""
        return self.instructions.substitute(values), self.input.substitute(values)


def read_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The prompt called `name`: from `folder` where it has one, else from the program's own.

    Raises:
        SettingsError: the file lacks its front matter or its parts, or does not take what the code fills in.
    """
    own = folder / f"{name}.md" if folder is not None else None
    path = own if own is not None and own.is_file() else prompts_folder() / f"{name}.md"
    front, body = _parts(path)
    instructions, found, given = body.partition(_INPUT)
    made = Prompt(
        front.get("name", ""), front.get("version", ""), Template(instructions.strip()), Template(given.strip())
    )
    taken = {*made.instructions.get_identifiers(), *made.input.get_identifiers()}
    if not found or made.name != name or not made.version or taken != VARIABLES[name]:
        raise SettingsError(
            f"The prompt {path} can't be used. Expected front matter with name: {name} and a version, a part headed “# Input”, "
            f"and the variables {', '.join(sorted(VARIABLES[name]))}; seen: {', '.join(sorted(taken)) or 'none'}. Mend it after prompts/README.md."
        )
    return made


def _parts(path: Path) -> tuple[dict[str, str], str]:
    """Front matter (lines "key: value" between two lines of dashes) and body."""
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    _, front, body = text.split("---\n", 2) if text.startswith("---\n") and text.count("---\n") > 1 else ("", "", text)
    rows = (line.partition(":") for line in front.splitlines())
    return {key.strip(): value.strip() for key, _, value in rows}, body
