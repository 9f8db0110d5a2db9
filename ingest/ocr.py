"""Scanned pages → words with their places, by Tesseract where it is installed."""

import io
import math
import os
import shutil
import subprocess
from typing import Any

PIXELS = 12_000_000
"""Most pixels of a page's picture; an A4 page at 300 dots an inch has 8.7 million."""

SECONDS = 60
"""Longest time for one page."""

SURE = 30
"""Least confidence (0 to 100) of a word that is kept."""


def is_installed() -> bool:
    """Whether Tesseract can be called."""
    return shutil.which("tesseract") is not None


def recognised(page: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - pdfplumber has no types
    """The words of a page's picture, in the form of pdfplumber's: text, x0, x1, top, bottom and size in points. None found: []."""
    dots = min(300, int(72 * math.sqrt(PIXELS / max(1.0, float(page.width) * float(page.height)))))
    if dots < 36:
        return []
    picture = io.BytesIO()
    page.to_image(resolution=dots).original.convert("L").save(picture, "PNG")
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", "eng", "--dpi", str(dots), "tsv"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return []
    return _words(done.stdout.decode("utf-8", "replace"), 72 / dots)


def _words(table: str, scale: float) -> list[dict[str, Any]]:
    """Tesseract's table → words. All have one size and one height a line: by their boxes, "nose" would be smaller than "Ball"."""
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    lines: dict[tuple[str, ...], list[list[str]]] = {}
    for row in rows:
        if len(row) == 12 and row[0] == "5" and row[11].strip() and float(row[10]) >= SURE:
            lines.setdefault(tuple(row[1:5]), []).append(row)
    words = []
    for line in lines.values():
        top = min(int(row[7]) for row in line)
        bottom = max(int(row[7]) + int(row[9]) for row in line)
        words += [
            {
                "text": row[11].strip(),
                "x0": int(row[6]) * scale,
                "x1": (int(row[6]) + int(row[8])) * scale,
                "top": top * scale,
                "bottom": bottom * scale,
                "size": 11.0,
                "fontname": "OCR",
            }
            for row in line
        ]
    return words
