"""How a clause is put to the reader: one form in training and in use."""

from assistant.documents import Modality

VERDICTS = ("yes", "no", "depends", "info")
"""What the reader tells apart; "info": no question of yes or no."""


def shown(heading: str, lead_in: str, text: str, modality: Modality) -> str:
    """Force, innermost heading, stem and words of a clause."""
    return f"[{modality.replace('_', ' ')}] {heading} | {lead_in} {text}"
