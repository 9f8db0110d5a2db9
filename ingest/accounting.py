"""Where each character of a document went."""

from assistant.documents import Coverage, Skipped, Span
from ingest.blocks import Block


def _visible(text: str, spans: tuple[Span, ...]) -> int:
    return sum(len("".join(text[start:end].split())) for start, end in spans)


def coverage(text: str, blocks: list[Block]) -> Coverage:
    """Shares of the visible characters that stand in clauses, in headings, and elsewhere."""
    total = _visible(text, ((0, len(text)),))
    if not total:
        return Coverage(0.0, 0.0, 1.0)
    in_clauses = sum(_visible(text, block.spans) for block in blocks if block.kind in {"item", "paragraph", "row"})
    in_headings = sum(_visible(text, block.spans) for block in blocks if block.kind == "heading")
    return Coverage(in_clauses / total, in_headings / total, (total - in_clauses - in_headings) / total)


def unaccounted(text: str, blocks: list[Block]) -> list[Skipped]:
    """Visible stretches that no block holds (bars of tables, marks between blocks), so that nothing is lost silently."""
    result, at = [], 0
    for start, end in [*sorted(span for block in blocks for span in block.spans), (len(text), len(text))]:
        gap = text[at:start]
        if gap.strip():
            lead = len(gap) - len(gap.lstrip())
            result.append(Skipped((at + lead, at + len(gap.rstrip())), "marks between blocks"))
        at = max(at, end)
    return result
