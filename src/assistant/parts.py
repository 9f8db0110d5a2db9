"""A question of several parts, taken apart: "can I …, and who do I tell?" needs a clause for each."""

import re

_STARTS = r"(?:can|could|do|does|did|who|whom|what|how|should|is|are|am|where|when|why|which|may|will|would|must|have|has|also|if so|if not)"
_BREAK = re.compile(
    rf"\?+[\s)\"']*(?=\w)|[,;.:–-]?\s+(?:and|also|plus|&|then|or)\s+(?={_STARTS}\b)|[,;.:–]\s+(?={_STARTS}\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"(?:^|\b(?:so|and|but|also|then)\s+){_STARTS}\b|\b(?:allowed|ok|okay|alright|fine|right)\b", re.IGNORECASE
)
LEAST = 3
"""Words of a part."""


def parts_of(question: str) -> tuple[str, ...]:
    """The parts of a question that each ask something, in order; a question of one part is its own only part.

    Words before the first asking part (the story) stay with it.
    """
    pieces = [piece.strip(" ,;.") for piece in _BREAK.split(question) if piece and piece.strip(" ,;.")]
    merged: list[str] = []
    for piece in pieces:
        asks = _ASKS.search(piece) is not None and len(piece.split()) >= LEAST
        if merged and (not asks or not _ASKS.search(merged[-1])):
            merged[-1] = f"{merged[-1]}, {piece}"
        else:
            merged.append(piece)
    return tuple(merged) if 1 < len(merged) <= 4 else (question,)
