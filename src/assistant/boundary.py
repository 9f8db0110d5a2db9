"""Professional boundaries: one's own contact with children, and rules that send staff to the safeguarding lead themselves."""

import re
from collections.abc import Sequence

from assistant.answers import Quote

LEANING = 0.3
"""The chance of any concern from which a clause that sends staff to the safeguarding lead decides for a consultation."""
TOUCHED = 0.1
"""The same, from which words about one's own contact with a child do, whatever was found in the policy."""

_CHILD = r"(?:pupils?|students?|child(?:ren)?|young (?:people|person)|learners?|kids?|lads?|lass(?:es)?|girls?|boys?|teen\w*|y(?:ea)?r? ?\d{1,2}s?|sixth[- ]form\w*|tutor group|class|form)"
_ABOUT_CHILDREN = re.compile(
    rf"\b(?:(?:ex-)?{_CHILD}|leavers?|taught)\b"
    r"|(?:\b(?:is|was|be|turn(?:s|ed|ing)|aged?)|'s|'re) (?:only |just |still |now |nearly )?(?:[5-9]|1[0-7])\b(?! ?(?:[ap]m\b|o'?clock|%|hours|minutes|weeks|days|of\b))"
    r"|\b(?:[5-9]|1[0-7])[- ]years?[- ]old",
    re.IGNORECASE,
)
_PARENT = r"(?:mums?|mam|mother|dads?|father|parents?|carers?|nan|gran\w*|famil\w+)"
_CHILD_S_PARENT = re.compile(
    rf"\b{_CHILD}(?:'s|s'|s)? {_PARENT}\b|\b{_PARENT} (?:of|to) (?:(?:an?|one of|some of|my|the|our) )*{_CHILD}\b",
    re.IGNORECASE,
)
"""A parent, who is no child."""
_ABOUT_CONTACT = re.compile(
    r"\b(?:fr(?:ie|ei)nd|befriend|follow|contact|communicat|messag|connect|add(?:s|ed|ing)?\b|request|dm\b|dms\b|chat|subscri|snap|whats ?app|text(?:s|ed|ing)?\b|engage with|accept)",
    re.IGNORECASE,
)
_CONCERN = re.compile(
    r"\b(?:safeguarding|child protection) (?:concerns?|worr\w+|issues?|matters?|referrals?)\b", re.IGNORECASE
)
"""A concern called by its name, without a word of what it is."""
_STAFF = re.compile(
    r"\b(?:staff|teachers|employees|adults|volunteers|governors|people|polic(?:y|ies)|rules?)\b", re.IGNORECASE
)
_ONESELF = re.compile(r"\b(?:i|i'?m|i'?ve|me|my|mine)\b", re.IGNORECASE)


def needs_a_word(question: str, worry: float, quotes: Sequence[Quote]) -> bool:
    """Whether the rule itself sends staff to the safeguarding lead, or a boundary with children is at stake.

    `worry`: the triage's chance of any concern. A rule alone is none: a plaster on a finger is answered from one that names the lead, too.
    """
    if worry >= TOUCHED and is_own_contact(question):
        return True
    if not quotes:
        return False
    first = quotes[0]
    if _CONCERN.search(question) and sends_to_dsl(first.text):
        return True
    if first.modality not in {"statement", "may", "may_if"} and worry >= LEANING and sends_to_dsl(first.text):
        return True
    # Leave under a condition may come first, and the rule to which it is the exception second.
    near = [quote for quote in quotes[:2] if is_boundary(question, " ".join([*quote.lead_in, quote.text]))]
    return first in near and any(quote.modality not in {"statement", "may"} for quote in near)


def sends_to_dsl(text: str) -> bool:
    """Whether a clause itself sends staff to the safeguarding lead or team."""
    return (
        re.search(
            r"(?:report|refer|discuss|tell|inform|notif|speak|alert|pass|raise|contact|go to|consult|advice|let)[^.;]{0,90}"
            r"(?:designated safeguarding lead|\bDSL\b|designated senior person|lead safeguarding officer|safeguarding (?:team|lead|officer))",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def is_own_contact(question: str) -> bool:
    """Whether a question is about contact with a child, and not on the rule at large ("may staff email pupils?", "does our policy give an age?")."""
    if _STAFF.search(question) and not _ONESELF.search(question):
        return False
    return _is_contact_with_children(_CHILD_S_PARENT.sub(" ", question))


def is_boundary(question: str, clause: str) -> bool:
    """Whether a question about one's own contact with children meets a clause on the same: a professional boundary is at stake."""
    return is_own_contact(question) and _is_contact_with_children(clause)


def _is_contact_with_children(text: str) -> bool:
    return _ABOUT_CHILDREN.search(text) is not None and _ABOUT_CONTACT.search(text) is not None
