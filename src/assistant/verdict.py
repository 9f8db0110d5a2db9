"""Yes, no or depends, on the question as asked; None where that can't be told for sure."""

from assistant.answers import Quote, Verdict


def verdict(question: str, quote: Quote) -> Verdict | None:
    """The verdict of the quoted clause on the question."""
    return None
