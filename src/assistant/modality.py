"""What force a clause has: must, must not, should, should not, may, may if, or a plain statement.

A list item takes its force from its stem ("Staff must not:") unless it carries a modal verb of its own. The verb that
counts is the first one that is addressed to people; "may result in", "may be subject to" and the like are statements.
"""

import re

from assistant.documents import Modality

# An adverb, or a list's "at all times", may stand between a modal verb and its "not".
_BETWEEN = r"(?:\s+(?:therefore|also|at all times|at any time|in any circumstances|under any circumstances))?"

# The words between "no" and its verb: "no member of staff, paid or unpaid, may", "no adult (governors included) may".
_WHO = r"(?:[\w'’/-]+\s){0,8}?(?:[\w'’/-]+(?:,[^,.;]{1,60},|\s\([^)]{1,60}\))\s)?"
_PERMITTED = r"(?:is|are) (?:permitted|allowed)"

_PATTERNS: tuple[tuple[Modality, str], ...] = (
    # Said by the noun phrase: "no employee shall", "under no circumstances should".
    ("must_not", r"\bunder no circumstances\b|\bin no circumstances\b|\bon no account\b|\bat no time\b"),
    (
        "must_not",
        rf"(?:^|[.;:]\s+)(?:no|none of the|neither)\s{_WHO}(?:must|shall|may|can|will|is to|are to|{_PERMITTED})\b"
        rf"|(?:^|[.;:]\s+)(?:nobody|no[ -]one|none of (?:us|you|them))\s{_WHO}(?:must|shall|may|can|is to|are to|{_PERMITTED})\b"
        r"|\bno[r]?\s(?:[\w'’/-]+\s){1,8}?(?:shall|may)\b",
    ),
    ("should_not", rf"(?:^|[.;:]\s+)(?:no|neither|nobody|no[ -]one)\s{_WHO}should\b"),
    (
        "must_not",
        rf"\b(?:must|shall|may|can|will|is to|are to){_BETWEEN}\s*(?:not|never)\b(?! be (?:limited|exhaustive))"
        r"|\b(?:cannot|can['’]t|won['’]t|mustn['’]t)\b"
        r"|\b(?:is|are) (?:not|never) to\b"
        r"|(?<!what is )\b(?:not|never) (?:be )?(?:permitted|allowed|acceptable|authorised|to be (?:used|shared|given|taken))\b"
        r"|\b(?:must|shall|has to|have to)\s+(?:always\s+)?(?:avoid|refrain from|abstain from)\b"
        r"|\b(?:is|are|strictly|expressly) (?:strictly |expressly )?(?:forbidden|prohibited|banned|barred|unacceptable)\b|^not to\b",
    ),
    ("must_not", r"(?:^|[.;:!?]\s+)(?:do not|don['’]t|never)\b"),
    (
        "should_not",
        rf"\b(?:should|ought){_BETWEEN}\s*(?:not|never)\b|\bshouldn['’]t\b|\badvised (?:not to|against)\b"
        r"|\bshould\s+(?:always\s+)?(?:avoid|refrain from|abstain from)\b"
        r"|\b(?:discouraged|inadvisable|advised to (?:avoid|refrain))\b|(?:^|[.;:]\s+)avoid\b",
    ),
    (
        "may_if",
        r"\b(?:may|can|is permitted|are permitted|is allowed|are allowed)\b[^.;]{0,160}?"
        r"\b(?:only (?:if|when|where|with|by|do so|be|after)|provided|as long as|so long as|subject to|"
        r"with (?:[\w'’-]+ ){0,5}(?:approval|permission|consent|agreement)|if (?:the|they|it|a|an)\b|"
        r"unless|on condition|once)\b"
        r"|\b(?:may|can) only\b|\bonly [^.;]{0,60}\b(?:may|can)\b",
    ),
    (
        "must",
        r"\b(?:must|shall|has to|have to|is required to|are required to|is obliged to|are obliged to|is to be|are to|"
        r"is responsible for|are responsible for|it is the responsibility of|is mandatory|are mandatory|needs? to(?! be))\b"
        r"|\b(?:staff|employees?|teachers?|you|they|members|volunteers?|governors?|pupils?|students?|adults?|stakeholders?|"
        r"managers?|head ?teacher|principal|parents?|carers?|users?|colleagues?|everyone|anyone)\b[^.;:]{0,60}?\bwill\b",
    ),
    (
        "should",
        r"\b(?:should|ought to|is expected to|are expected to|is advised to|are (?:strongly |also )*advised to|"
        r"is encouraged to|are encouraged to|is recommended|are recommended|it is good practice|is considered good "
        r"practice|is reminded|are reminded)\b",
    ),
    (
        "may",
        r"\b(?:may|(?<!it )(?<!media )(?<!content )(?<!this )can(?! be\b)|is permitted|are permitted|is allowed|are allowed|"
        r"is free to|are free to|permits?|"
        r"is entitled|are entitled|is welcome to|are welcome to|is acceptable|there is nothing to stop)\b",
    ),
)
_COMPILED = tuple((modality, re.compile(pattern, re.IGNORECASE)) for modality, pattern in _PATTERNS)

# "may" that speaks of chance, and "can be seen", give nobody leave.
_CHANCE = re.compile(
    r"\b(?:may|could|can|might)(?:\s+(?:also|well|then|therefore))?\s+(?:result|lead|be (?:liable|subject|held|seen|"
    r"regarded|treated|deemed|monitored|identified|investigated|considered|required|needed|taken|perceived|accessed|"
    r"re-posted|followed|referred|withdrawn)|include|involve|constitute|amount|appear|cause|put (?:\w+ ){1,4}(?:at risk|in danger|in breach)|expose|"
    r"have (?:an? |the |some |serious |legal |wider )*(?:\w+ )?(?:effect|impact|implication|consequence|bearing|repercussion)|render|apply|arise|become|affect|damage|breach|need|contain|fall|come (?:across|into|under|to light)|blur|change|vary|easily|suggest|"
    r"indicate|not be aware|not realise|not know|not be perceived|not fit)\b",
    re.IGNORECASE,
)
# Neither leave nor duty: the month of May, "do not have to", "what may follow", "can break the law", "where this is allowed".
_UNHEARD = re.compile(
    r"\b(?:questions?|concerns?|quer(?:y|ies)|doubts?|worries|comments?) (?:\w+ ){1,4}(?:may|might|can) have\b|"
    r"(?-i:\b(?:\d{1,2}(?:st|nd|rd|th)?|in|by|of|until|since|from|every|each) May\b|\bMay (?:\d{1,2}\b|(?:19|20)\d\d\b))"
    r"|\b(?:do|does|did)(?: not|n['’]t) (?:have|need) to\b|\bwhat (?:may|can|might) (?:happen|follow)\b"
    r"|\b(?:may|can|could|might) (?:itself |also )?(?:break the law|be covered by|happen)\b"
    r"|\b(?:where|when|if|whether|unless|as|than|what) (?:(?:this|that|it|they|these|use) )?(?:is|are) (?:permitted|allowed|acceptable)\b",
    re.IGNORECASE,
)
# "Staff should be aware that … is not permitted": the force is that of what they should be aware of.
_ATTENTION = re.compile(
    r"\b(?:should|must|need to|needs to|are|is|will)(?: also| therefore| always)? (?:note|be aware|remember|bear in mind|be reminded|reminded|aware)"
    r"(?: of the fact)? that\b",
    re.IGNORECASE,
)
# "Staff should be aware of their boundaries and should not accept …": the second force is the rule.
_AWARE = re.compile(
    r"\b(?:should|must|need to|needs to)(?: also| therefore| always)? be (?:aware|mindful|conscious) of\b(?=[^.;]*\b(?:must|should|shall|may)\b)",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"^(?:always |please |regularly )?(?:ask|be|block|check|choose|consider|contact(?! with\b)|do|ensure|follow|get|give|hand|"
    r"inform|keep|know|leave|let|limit|lock|log|maintain|make|note|obtain|pass|protect|record|read|refer|remember|"
    r"remove|report|return|review|save|seek|set|speak|store|switch|take|tell|think|treat|turn|untag|use|write)\b(?! (?:date|frequency|of|is|are|between)\b|:)",
    re.IGNORECASE,
)
# "As social networking is not permitted for minors, staff must report …": the force is that of what follows the comma.
_CONDITION = re.compile(
    r"(?:as|where|if|when|while|whilst|although|since|because)\b[^.,;]*(?:\([^)]*\)[^.,;]*)?,\s*", re.IGNORECASE
)
_NEGATED = re.compile(r"\W*not\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:unless|except(?:ion|ional|ing)?|save (?:where|when|that|as|in|for)|other than|apart from|without"
    r"(?: the| prior| written| express| their| parental)*\s(?:permission|consent|approval|agreement|authori[sz]ation)|"
    r"provided|subject to|only (?:if|when|where|with|by|after|do so|in)|as long as|so long as|"
    r"with the (?:[\w'’-]+ ){0,3}(?:permission|approval|consent|agreement)|if (?!in doubt)|where (?:the|a|an|it|they|there)\b|"
    r"does not apply|would not apply|likely to|until|under the age of|below the age of)\b",
    re.IGNORECASE,
)


def _first(text: str) -> Modality | None:
    """The force of the first modal verb in `text` that is addressed to people, or None."""
    heard = text
    for unheard in (_UNHEARD, _CHANCE, _AWARE):
        heard = unheard.sub(lambda match: " " * len(match.group()), heard)
    if (match := _ATTENTION.search(heard)) is not None and _earliest(heard[: match.start()]) is None:
        sentence = heard[match.end() :].split(".", 1)[0]
        if (force := _earliest(sentence)) is not None:
            return force
    return _earliest(heard)


def _earliest(heard: str) -> Modality | None:
    found = [
        (match.start(), match.end(), order, modality)
        for order, (modality, pattern) in enumerate(_COMPILED)
        if (match := pattern.search(heard))
    ]
    # Where two patterns overlap ("no employee may", "may only", "staff will not"), the table's order decides.
    if not found:
        return None
    start, end, *_ = min(found)
    end = max(stop for begin, stop, *_ in found if begin == start)
    return min((order, modality) for begin, _, order, modality in found if begin < end)[1]


def modality(text: str, lead_in: tuple[str, ...] = ()) -> Modality:
    """The force of a clause whose verbatim words are `text`, under its stems `lead_in` (outermost first)."""
    if (match := _CONDITION.match(text)) is not None and _first(text[match.end() :]):
        text = text[match.end() :]
    inherited = next((force for stem in reversed(lead_in) if (force := _first(stem))), None)
    if inherited in {"must_not", "should_not"} and not re.match(r"\W*(?:they|staff|you|employees|these)\b", text, re.I):
        return inherited
    own = _first(text)
    if own is None and _IMPERATIVE.match(text):
        own = inherited or "should"
    if own is None and inherited in {"must", "should"} and _NEGATED.match(text):
        return "must_not" if inherited == "must" else "should_not"
    force = own or inherited or "statement"
    return "may_if" if force == "may" and _LIMITS.search(text) else force


def limits(text: str) -> tuple[tuple[int, int], ...]:
    """Where `text` sets an exception or a condition: spans from the limiting words to the end of their clause."""
    return tuple(
        (match.start(), match.end() + len(re.match(r"[^.;]*", text[match.end() :]).group()))  # type: ignore[union-attr]
        for match in _LIMITS.finditer(text)
    )
