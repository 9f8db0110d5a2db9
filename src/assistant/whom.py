"""Whom a text is about, so far as its words say: the office that is complained of, and whether a colleague in it acts or merely tells.

The triage's model knows an allegation; it takes a colleague who passes on what a child said for the one complained of, and the reverse.
"""

import re
from dataclasses import dataclass

_HEAD = re.compile(
    r"\b(?:executive |acting )?(?:h(?:ea|ae|e)d[ -]?t[each]{3,5}r|head ?master|head ?mistress|principal)(?:'s)?\b|\b(?:the|our|my) (?:exec )?head(?:'s)?\b(?! (?:of|girl|boy|lice|count|office|injur|ache|cold|start|bump))"
    r"|\bwho(?:'?s|se| is)? (?:above|over|on top of) (?:him|her|them)\b",
    re.IGNORECASE,
)
"""The headteacher; and whoever asks who stands above him can mean no other."""
_DSL = re.compile(
    r"\b(?:the|our|my) (?:dsl|designated safeguarding lead|safeguarding lead|dsl's|child protection officer)\b",
    re.IGNORECASE,
)
_ASKING_AS_HEAD = re.compile(
    r"\b(?:as (?:an? |the )?|i(?:'m| am) (?:an? |the ))(?:acting |new |executive |interim |primary |secondary )?"
    r"(?:head ?teacher\b|principal\b|head (?=of (?:an? |the |this |our )?(?:\w+ ){0,2}(?:school|primary|academy|college)\b)|head(?=\s*(?:[.,:;!?)]|$|(?:and|but|here|so|i|i'?ve|what|whom?)\b)))",
    re.IGNORECASE,
)
_ROLE = r"(?:colleague|t\.?a|teaching assistant|lsa|hlta|teacher|tutor|coach|caretaker|site manager|technician|supply|supervisor|nqt|ect|trainee|mentee|dinner lady|midday assistant|driver|escort|governor|volunteer|support worker|counsellor|chaplain|librarian|receptionist|mentor|instructor|houseparent|staff member|member of staff|deputy|cleaner|contractor|head of \w+|senco)s?"
_COLLEAGUE = (
    rf"(?:\b(?:an?|another|one of (?:my|our|the|these|their)|our|the|my|that|this|some)(?: [\w-]+){{0,2}} {_ROLE}\b|\b(?:mr|mrs|ms|dr)\.? \w+"
    r"|\bsir\b|\bmiss\b(?! (?:an?|the|my|him|her|them|it|school|lessons?|out)\b))"
)
_TELLS = r"(?:says?|said|sez|tells?|told|telling|mention\w*|report\w*|notice[ds]?|saw|seen|sees|heard|hears|overheard|found|finds|thinks?|thought|ask\w*|wants?|wanted|wonder\w*|confid\w*|worried|concerned|sure|upset|had|shown|showed|spotted|believes?|feels?|knows?|who|let (?:me|us|slip)|came to|come to|passed)\b"
_BETWEEN = r"(?:'s)?(?: (?:who|has|have|had|is|was|been|are|def|keeps?|kept|always|often|also|just|now|still))*\s+"
_ACTS = rf"(?!{_TELLS}|(?:has|is|was|does)\b)(?:\w+(?:ing|ed|s|t)|got|took|gave|made|put|drove|slept|threw|held|seein)\b(?! (?:me|us)\b)"
_COLLEAGUE_ACTS = re.compile(_COLLEAGUE + _BETWEEN + _ACTS, re.IGNORECASE)
_COLLEAGUE_TELLS = re.compile(_COLLEAGUE + _BETWEEN + _TELLS, re.IGNORECASE)
_PUPIL_ACTS = re.compile(
    r"\b(?:an?|one of (?:the|my|our)|some(?: of (?:the|my|our))?|two|three|the|this|that|my|our|another)(?: [\w-]+){0,2}? (?:boys?|girls?|lads?|lass(?:es)?|kids?|pupils?|students?|child(?:ren)?|y(?:ea)?r? ?\d+s?)(?: in (?:my|our) (?:class|form|group|set))?"
    + _BETWEEN
    + r"(?!get|got|receiv)"
    + _ACTS,
    re.IGNORECASE,
)
_ADULT = re.compile(
    rf"{_COLLEAGUE}|{_HEAD.pattern}|\b{_ROLE}s?\b|\b(?:staff|adults?|grown[- ]?ups?|man|men|woman|women|someone|somebody)\b",
    re.IGNORECASE,
)
_HEAD_ACTS = re.compile(rf"(?:{_HEAD.pattern}){_BETWEEN}{_ACTS}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class People:
    """What a text's words say of the people of the school in it. Each is False where the words don't say."""

    head_named: bool = False
    head_complained_of: bool = False
    """The headteacher is named, and not merely as the one told, asked or away."""
    head_merely_told: bool = False
    """The headteacher is away, or the one to tell, or the one who asks, and nothing else is said of them."""
    head_acts: bool = False
    dsl_complained_of: bool = False
    asked_by_head: bool = False
    colleague_acts: bool = False
    """A colleague does something, and none tells."""
    colleague_tells: bool = False
    """A colleague passes something on, and none does anything."""
    pupil_acts: bool = False
    """A pupil does something, and no adult is named."""


def people(text: str) -> People:
    """The people of the school in a text."""
    rest = _ASKING_AS_HEAD.sub(" ", text)
    acts, tells = _COLLEAGUE_ACTS.search(rest) is not None, _COLLEAGUE_TELLS.search(rest) is not None
    return People(
        head_named=_HEAD.search(rest) is not None,
        head_complained_of=_is_about(_HEAD, rest),
        head_merely_told=_is_merely_told(rest, asking=rest != text),
        head_acts=_HEAD_ACTS.search(rest) is not None,
        dsl_complained_of=_is_about(_DSL, rest),
        asked_by_head=rest != text,
        colleague_acts=acts and not tells,
        colleague_tells=tells and not acts,
        pupil_acts=_PUPIL_ACTS.search(rest) is not None and _ADULT.search(rest) is None,
    )


_TOLD = re.compile(
    r"(?<!can't )(?<!cant )(?<!cannot )(?<!won't )(?:tell|told|telling|ask|asked|speak|spoke|spoken|see|report\w*|inform\w*|go(?:ne)? to|went to|email\w*|refer\w*|raise\w*|with|to|by|via|for|find|reach|contact)\s+(?:it to |them to |this to )?(?:the |our |my )?$",
    re.IGNORECASE,
)
_SHALL_TELL = re.compile(
    r"\b(?:(?:do|should|shall|must|can|could|would) (?:i|we)|(?:need|have|ought|meant|supposed) to|is (?:that|this|it)|one)\b(?: \w+){0,3}? (?:tell|see|inform|ring|to|for) (?:the |our |my )?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"^(?: (?:first|now|today|about (?:it|this|that)))?\s*(?:[?.!,]|$)", re.IGNORECASE)
"""Shall I tell the head?"""
_SEEN = re.compile(r"^ \w+ing\b", re.IGNORECASE)
"""I saw the head holding …"""
_AWAY = re.compile(
    r"^(?:'?s| is)? (?:away\b(?! with)|off (?:sick|ill|today|this|until|till?|all)|out (?:today|this|until|till?|all|at)|not (?:in|here)|on (?:an? )?(?:course|leave|holiday)|(?:at|in) an? (?:\w+ )?(?:conference|meeting|course|funeral))\b",
    re.IGNORECASE,
)


def _is_about(role: re.Pattern[str], text: str) -> bool:
    """Whether the role is the one complained of, and not the one told, asked or away. Who can't be told may be the one."""
    return any(
        (_TOLD.search(text[: match.start()]) is None or _SEEN.search(text[match.end() :]) is not None)
        and _AWAY.search(text[match.end() :]) is None
        for match in role.finditer(text)
    )


def _is_merely_told(text: str, *, asking: bool) -> bool:
    """Whether all that is said of the headteacher is that they are away, or to be told; nothing at all is enough of one who asks."""
    mentions = list(_HEAD.finditer(text))
    return (asking or bool(mentions)) and all(
        _AWAY.search(after) is not None or (_SHALL_TELL.search(before) is not None and _ENDS.search(after) is not None)
        for before, after in ((text[: found.start()], text[found.end() :]) for found in mentions)
    )
