"""The form of a question: does it ask leave, duty, wrong, or is it open? Read from its words alone."""

import re
from typing import Literal

Form = Literal["permission", "obligation", "wrong", "denied", "confirm", "open", "unknown", "statement"]
"""permission "can I …?"; obligation "do I have to …?"; wrong "is it a problem if …?"; denied "so I can't …?"; confirm "am I right that …?";
open: no question of yes or no; unknown: it asks, in words that are none of these; statement: it asks nothing."""

SILENT: frozenset[Form] = frozenset({"open", "statement"})
"""Forms that no yes and no no answers."""

_SUBJECT = r"(?:i|we|you|he|she|they|it|one|staff|teachers?|tas?|anyone|someone|somebody|people|a \w+|an \w+|the \w+|my \w+|our \w+|\w+s)"
_WORDS: tuple[tuple[Form, str], ...] = (
    (
        "denied",
        rf"\b(?:so|then|surely|meaning|guess) {_SUBJECT} (?:can'?t|cannot|cant|can not|mustn'?t|(?:am|are|is|'m|'re) ?not (?:allowed|permitted))\b"
        rf"|\b(?:am|are|is) {_SUBJECT} (?:not|banned|barred|forbidden|prohibited)\b(?: (?:allowed|permitted|supposed))?"
        rf"|\b(?:isn'?t|aren'?t|can'?t|aint|ain'?t) {_SUBJECT} (?:allowed|permitted)|\b(?:is|are) (?:\w+ ){{1,5}}(?:banned|forbidden|off[- ]limits|out of bounds|prohibited|not allowed|a no[- ]no)\b",
    ),
    (
        "wrong",
        rf"\b(?:any|is (?:it|there|that) (?:a|an|any)|would (?:it|that|there) be (?:a|an|any)|a) (?:problem|issue|bother|harm|breach|offence|risk)\b|\b(?:is|was|would|were) (?:it|that|this|{_SUBJECT})(?: be)? (?:wrong|against|breaking|breaching|in breach|in trouble|bad|unprofessional|a breach|misconduct|frowned|naughty|cheeky|dodgy|iffy|out of order|bad form|inappropriate)"
        r"|\b(?:get|be|land|end up)(?: \w+)? (?:in|into) (?:trouble|bother|hot water)|\b(?:get|getting|got) (?:done|sacked|fired|disciplined|told off|reported|into trouble)\b|\b(?:can|could|might) \w+ (?:\w+ )?(?:be|get|end up|end in|land|lead to|count as|mean)\b[^?]{0,30}\b(?:sack(?:ed)?|fired|disciplin\w+|dismiss\w+|reported|trouble|misconduct|warning)\b|\bcould (?:i|we|they|he|she) (?:be|get) done\b"
        r"|\bagainst (?:the )?(?:rules|policy)\b|\banything (?:wrong|against)\b|\bbreak(?:s|ing)? (?:the|any) (?:rules?|policy)\b",
    ),
    (
        "obligation",
        rf"\b(?:do|does|did|have|has|must|need|should|shall) {_SUBJECT}(?: \w+)?(?: really| actually| also| still| always)? ?(?:have to|has to|need to|got to|gotta|supposed to|required to|expected to|must)\b"
        rf"|^\W*(?:must|should|need|shall|ought) {_SUBJECT}\b|\b(?:must|should|shall) (?:i|we) \w+|\b(?:am|are|is) {_SUBJECT} (?:supposed|meant|expected|required|obliged|bound|duty.bound) to\b|\b(?:is it|is that) (?:compulsory|mandatory|required|obligatory|a must|necessary|essential)\b|\bdo i need\b|\bhave i got to\b|\bi (?:have|need|ought) to\b.*\?|\b(?:is it|was it) my (?:job|duty)\b",
    ),
    (
        "permission",
        rf"\b(?:can|could|may|might) {_SUBJECT}\b|\b(?:am|are|is|were|was) {_SUBJECT} (?:\w+ )?(?:allowed|permitted|free|ok|okay|able|entitled|safe|covered|fine|alright|good) ?(?:to|if|with|posting|using|doing)?\b|\b(?:is|would|was)(?: it| that| this)?(?: be)?(?: all)? ?(?:ok|okay|fine|alright|all right|allowed|acceptable|permitted|legit|kosher|safe|cool)\b"
        r"|\b(?:ok|okay|fine|alright|all right|allowed|cool|permitted|acceptable|legit) (?:to|if|for|with|that|or not|then)\b|\b(?:ok|okay|fine|alright|allowed|right|good|sorted|covered|yes|no|yeah|ye|innit|correct|permitted|safe)\W*$|\bdo(?:es)? (?:they|the \w+|school|it|that|policy) (?:let|allow|permit|mind)\b|\bhappy (?:for|with)\b|\bany chance\b|\bgood idea\b|\bis .{3,60} (?:enough|allowed|ok|okay|fine|permitted|acceptable)\b|\bdoes .{2,60} count\b|\bcan\b.*\?",
    ),
    (
        "confirm",
        r"\bam i (?:right|correct|wrong)\b|\bis it true\b|\b(?:right|correct|yeah|yes|no)\?\W*$|\bsurely\b|^\W*(?:so|is|are|was|were|does|do|did|will|would|has|have)\b",
    ),
)
_PATTERNS = tuple((form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _WORDS)
_OPEN = re.compile(
    r"(?:^|[.,;:!?\-–]\s*|\b(?:and|so|but|ok|hi|pls|please|just|anyone know|wondering|tell me|remind me|clarify|explain|know|unsure|sure|idea) )(?:who|whom|whose|what|when|where|how|which|why|wot|wat|whats|what's|who's|whos|how's|hows)\b(?!.{0,12}\b(?:if i|about if)\b)"
    r"|\b(?:what|how)\b[^?]{0,80}\?|\b(?:who|whom|where|when|which) (?:do|does|did|should|shall|can|could|must|may|will|would|is|are|am|was|were|has|have|to|else|gets?|needs?|signs?|decides?|approves?|pays?)\b[^?]{0,80}\?|\b(?:who|whom)\?|\bwhat (?:do|should|am|are|is|does|happens|would|counts|can)\b",
    re.IGNORECASE,
)
_TYPED = {"cd": "could", "cud": "could", "wd": "would", "wud": "would", "shd": "should", "shud": "should", "cn": "can"}
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_TYPED)})\b", re.IGNORECASE)
_AUXILIARY = r"(?:is|are|was|were|am|do|does|did|can|could|may|might|should|shall|will|would|must|has|have|had|need|ai)"
_TAG = re.compile(
    rf"^(?!\W*(?:(?:so|and|but|ok|hi|please|just)\W+)?(?:{_AUXILIARY}(?:n['’]?t)?|who|what|when|where|how|which|why|whether)\b)(?P<said>.+)"
    rf"(?:,\s*(?:true|yes|no)|[,\s]\s*(?:right|correct|yeah|innit)|,\s*{_AUXILIARY}(?:n['’]?t)? (?:i|we|you|it|they|there|that|this|he|she)|\s{_AUXILIARY}(?:n['’]?t (?:i|we|you|it)|(?:n['’]?t)? (?:they|there)))\s*\?\W*$",
    re.IGNORECASE,
)
"""A statement with a question at its end ("I can't, right?", "nobody minds, do they?"): what is said decides."""
_STAFF = r"(?:i|we|you|they|he|she|staff|teachers?|tas?|nobody|no one|nobody here)"
_STATED: tuple[tuple[Form, str], ...] = (
    (
        "confirm",
        r"\b(?:do(?:es)?n['’]?t|do(?:es)? not|didn['’]?t|never) (?:\w+ )?(?:have|need|has|got)\b|\bneed(?:n['’]?t| not)\b|\bno need\b|\bhaven['’]?t got to\b|\bnot (?:compulsory|required|obliged|necessary)\b",
    ),
    (
        "permission",
        r"\b(?:no|not (?:a|an|any)|isn['’]?t (?:a|any)|nothing|never a) (?:\w+ )?(?:problem|harm|issue|trouble|bother|risk|offence|breach|wrong|stopping|against)\b|(?:\bnot|n['’]?t) (?:\w+ )?(?:wrong|against|banned|forbidden|prohibited|misconduct|a disciplinary)\b|\b(?:won['’]?t|wouldn['’]?t|will not|not) (?:\w+ )?(?:get|be) (?:in|into) (?:trouble|bother)\b|\b(?:nobody|no one) (?:will |would |'ll )?(?:minds?|cares?)\b",
    ),
    (
        "denied",
        rf"\b{_STAFF} (?:\w+ )?(?:can['’]?t|cannot|can not|mustn['’]?t|must not|shouldn['’]?t|should not|may not)\b|\b(?:not|n['’]?t) (?:\w+ )?(?:allowed|permitted|acceptable|ok|okay|alright)\b|\b(?:is|are|be|was|were)(?: \w+)? (?:banned|forbidden|prohibited|off[- ]limits|a no[- ]no)\b",
    ),
    (
        "wrong",
        r"\b(?:in|into) (?:trouble|bother|hot water)\b|\b(?:problem|wrong|against|breach|offence|misconduct|disciplinary|sacked)\b",
    ),
    (
        "obligation",
        rf"\b(?!no){_STAFF} (?:\w+ )?(?:have to|has to|need to|needs to|must|should|ought to|got to|gotta)\b|\b(?:supposed|meant|expected|required|obliged) to\b|\b(?:compulsory|mandatory)\b",
    ),
    (
        "permission",
        rf"\b{_STAFF} (?:\w+ )?(?:can|may|could)\b|\b(?:allowed|permitted|ok|okay|fine|alright|all right|acceptable|free to|cool)\b",
    ),
)
_SAID = tuple((form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _STATED)
_NOT_OPEN = re.compile(
    r"\bwhat'?s? (?:the )?(?:problem|harm|wrong)\b|\bhow about\b|\bwhat about\b|\bor what\b", re.IGNORECASE
)
_ASKS = re.compile(
    rf"\?|(?:^|[,.;:–-]\s*|\b(?:so|and|but|then|or) )(?:is|are|was|were|am|do|does|did|can|could|may|might|should|shall|will|would|must|has|have|ought|need) {_SUBJECT}\b"
    r"|^\W*(?:is|are|was|were|am|do|does|did|can|could|may|might|should|shall|will|would|must|has|have|ought)(?:n['’]?t)? \w+|\b(?:am|do|did|can|can['’]?t|should|shall) i\b"
    r"|\b(?:whether|wonder\w*|know if|(?:tell me|say|check|ask) if|confirm (?:that|whether|if))\b",
    re.IGNORECASE,
)


def form_of(question: str) -> Form:
    """The form of a question; where it has several sentences, the last one that asks decides."""
    question = _SHORTENED.sub(lambda found: _TYPED[found[0].lower()], question)
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", question.strip()) if re.search(r"\w", part)]
    for sentence in reversed(sentences[-4:]):
        found = _form(sentence)
        if found != "unknown":
            return found
    return "unknown" if _ASKS.search(question) else "statement"


def _form(sentence: str) -> Form:
    tagged = _TAG.search(sentence)
    said = next((form for form, pattern in _SAID if tagged and pattern.search(tagged["said"])), None)
    if said is not None:
        return said
    opened = None if tagged else _OPEN.search(sentence)
    closed = [
        (match.start(), order, form)
        for order, (form, pattern) in enumerate(_PATTERNS)
        if (match := pattern.search(sentence))
    ]
    if opened is not None and not _NOT_OPEN.search(sentence) and (not closed or opened.start() <= min(closed)[0]):
        return "open"
    strong = [item for item in closed if item[2] != "confirm"]
    if strong:
        return min(strong, key=lambda item: (item[1] > 1, item[0], item[1]))[2]
    return closed[0][2] if closed else "confirm" if tagged else "unknown"
