"""Automatic numbering: word processors store a paragraph's list and level, not the number that the reader sees. Here it is counted again."""

from dataclasses import dataclass, field
from typing import Literal

Format = Literal["decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "bullet", "none"]
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts. `text` holds %1 to %9 where the numbers of the levels stand ("%1.%2", "(%3)").

    `restart` is the level (0 outermost) at or above which a paragraph sets the count back; -1: it is never set back.
    """

    format: Format = "decimal"
    text: str = "%1."
    start: int = 1
    restart: int = 8
    legal: bool = False
    """Whether outer numbers are shown as decimals whatever their own format ("1.2" under "I")."""


@dataclass(slots=True)
class Counter:
    """The running numbers of one list."""

    levels: tuple[Level, ...]
    numbers: dict[int, int] = field(default_factory=dict)

    def label(self, depth: int, start: int | None = None) -> str:
        """Count a paragraph at `depth` (0 outermost) and give its label; "" for a bullet. `start` restarts the count there."""
        level = self._level(depth)
        if start is not None:
            self.numbers[depth] = start
        else:
            self.numbers[depth] = self.numbers.get(depth, level.start - 1) + 1
        for deeper in [other for other in self.numbers if other > depth]:
            if self._level(deeper).restart >= depth:
                del self.numbers[deeper]
        if level.format in {"bullet", "none"}:
            return ""
        shown = level.text
        for place in range(min(depth, 8), -1, -1):
            if f"%{place + 1}" in shown:
                number = self.numbers.setdefault(place, self._level(place).start)
                kind = "decimal" if level.legal else self._level(place).format
                shown = shown.replace(f"%{place + 1}", written(number, kind))
        return shown.strip()

    def _level(self, depth: int) -> Level:
        return self.levels[depth] if depth < len(self.levels) else Level()


def written(number: int, kind: Format) -> str:
    """A number in a list's format: 4 → "4", "d", "D", "iv", "IV"; letters go on with aa, bb, as Word writes them."""
    if number < 1 or number > 3000 or kind == "decimal":
        return str(number)
    if kind in {"lowerLetter", "upperLetter"}:
        words = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind in {"lowerRoman", "upperRoman"}:
        words = ""
        for value, sign in _ROMAN:
            words += sign * (number // value)
            number %= value
    else:
        return ""
    return words.upper() if kind.startswith("upper") else words
