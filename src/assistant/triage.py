"""Is there a child or a person behind this question who needs help, how soon, and whom is it about?

Before and independent of retrieval and of any language model; later stages may raise the level, none may lower it.
Signals: phrases that mean danger whoever says them, and a small model that was trained on authored examples of every
category of concern and as many everyday near misses (training/data/triage-*.jsonl).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.answers import LEVELS, Level
from assistant.safeguarding import Branch, Finding
from assistant.triage_model import Chances, shipped
from assistant.whom import People, people

EMERGENCY, SERIOUS, ANY = 0.15, 0.3, 0.775
"""Chances from which a level is taken: of an emergency, where it is serious; of same day or worse; of any level. Chosen on the dev examples: a missed
child is the worst failure, so a concern needs less than an even chance, a mere consultation more."""
UNNAMED = 0.6
"""The chance from which it is about a headteacher whom the words do not name."""
SWAY = 6.0
"""By how much likelier an allegation is where a colleague acts in the words, and less likely where one merely tells. Of the training examples where one acts
130 are about staff and 35 about a child, of the others every fourth is about staff; the model takes part of that into account itself."""

_POISON = r"(?:bleach|drain ?cleaner|anti-?freeze|weed ?-?killer|white spirit|screen ?wash|(?:rat )?poison|acid(?! (?:drops?|sweets?|rain))|turps|paint stripper|disinfectant|nail varnish remover|hand saniti[sz]er)"
_CHILD = r"(?:child|kid|pupil|student|girl|boy|lad|lass|toddler|baby|little one|infant|y(?:ea)?r? ?\d{1,2}|reception)"
_DANGER = re.compile(
    r"\boverdos(?:e|ed|ing)\b|\b(?:taken|swallow\w*|necked|took|downed) (?:a |an )?(?:load|bunch|lot|handful|whole (?:packet|box|bottle)|packet|box|bottle|all|loads|too many|\d+)\b.{0,25}\b(?:pills?|tablets?|paracetamol|meds|medication|bleach|ibuprofen)"
    r"|\b(?:has|have|got|with|carrying|pulled|waving|holding|brought)\s(?:a |an |his |her )?(?:\w+ )?(?:knife|gun|machete|firearm)\b"
    r"|\bnot breathing\b|\bcan'?t breathe\b|\b(?:can'?t|cannot) wake (?:him|her|them)\b|\bnot waking up\b|\b(?:gone|went|turn(?:ed|ing)|a funny) (?:\w+ )?blue\b|\bblue lips\b|\bbaby\b.{0,40}\bfloppy\b"
    r"|\bsat\b.{0,40}\bwith (?:all )?my (?:pills|tablets|meds)\b"
    rf"|\b(?:swallow\w*|drank|drunk|drinking|downed|necked|eaten|(?:mouthful|sip|swig) of)\b.{{0,30}}\b{_POISON}\b|\bswallow\w*\b.{{0,30}}\b(?:batter(?:y|ies)|magnets?)\b"
    rf"|\b(?:walked|walking|gone|made|driven|drove|run) off with (?:an?|one of (?:our|the|my)|our|my) (?:\w+ )?{_CHILD}\b(?!['’]s)|\b(?:been|was|got) (?:abducted|kidnapped)\b"
    rf"|\b(?:(?:being|been|was|were|got) (?:dragged|bundled|forced|shoved)|(?:dragged|bundled|forced|shoved) (?:\w+ ){{0,3}}(?:him|her|them|{_CHILD}s?)) (?:into|in) (?:an?|the|his|their) (?:\w+ )?(?:car|van|taxi)\b"
    r"|\b(?:bolted|legged it|done a runner|(?:ran|run|running) (?:away|out|off) (?:of|from)|climbed out)\b.{0,60}\b(?:towards?|onto|into|down to|near|for) (?:the |a )?(?:\w+ )?(?:canal|river|railway|tracks|motorway|main road|dual carriageway|lake|reservoir|cliffs?|bypass|traffic|weir)\b"
    r"|\b(?:lips?|tongue|throat)\b.{0,25}\b(?:swell(?:ing|ed)|swollen|closing up)\b|\banaphylactic shock\b"
    r"|\b(?:isn'?t|aren'?t|wasn'?t|not) (?:allowed|permitted|supposed|meant)\b.{0,30}\b(?:contact|near|see|collect|pick)\b.{0,40}\b(?:taken|took|run off with|driven off with) (?:him|her|them|the (?:child|boy|girl|kids?|children))\b"
    rf"|\b(?:walking|wandering|running|standing|stood|sat|sitting|playing|climbed|(?:{_CHILD}s?|one of ours) (?:is|are)) (?:\w+ ){{0,2}}(?:on|onto|along|by|across|over) (?:to )?(?:the |a )?(?:hard shoulder|parapet|(?:\w+ )?ledge|edge of the (?:roof|platform|bridge))\b"
    r"|\b(?:walking|wandering|running|playing) (?:\w+ ){0,2}(?:on|onto|along|across|over) (?:to )?(?:the |a )?(?:\w+ )?(?:motorway|dual carriageway)\b|\b(?:is|are|was|were|gone|playing|walking|out|down) on (?:the )?(?:railway lines?|(?:railway|train|tram) tracks)\b"
    r"|\bunconscious\b|\bunresponsive\b|\bbleeding (?:badly|heavily|everywhere|a lot)\b"
    r"|\b(?:says?|said|telling|texted|messaged|posted)\b.{0,40}\b(?:going|gonna|about|wants?) to (?:kill|end)\b|\bkill(?:ing)? (?:my|him|her|them)sel(?:f|ves)\b.{0,30}\b(?:tonight|now|today|after)\b"
    r"|\bi (?:want to|am going to|'?m going to|'?m gonna|can'?t go on|don'?t want to) (?:die|end it|kill myself|be here any ?more|live)\b",
    re.IGNORECASE,
)
_CARRIER = r"(?:laptop|i?pad|tablet|memory stick|usb(?: ?sti[ck]+)?|drive|plann?er|mark ?book|register|folders?|work phone|class ?list|payslips?|letters?|reports?|spread ?sheet)"
_LOST = r"(?:lost|lose|left|forgot|forgotten|stolen|nicked|mislaid|missing|vanished|walkabout|can'?t find)"
_DATA = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bsubject access\b|\bSAR\b|\bdata bre[ae]+ch",
        rf"\b{_LOST}\b.{{0,50}}\b{_CARRIER}\b.{{0,60}}\b(?:bus|train|taxi|tube|caf[eé]|pub|car|boot|trip|copier|names?|list|data|details|reports?|scores|reviews|pupils?|encr\w*)\b",
        rf"\b{_CARRIER}\b.{{0,60}}\b{_LOST}\b.{{0,60}}\b(?:bus|train|taxi|names?|list|data|details|boot|pupils?)\b",
        r"\b(?:e?-?mailed|sent|send|posted|attached|gave|gone|went|put)\b.{0,70}\b(?:wrong|another|other|someone else'?s)\s(?:\w+\s)?(?:parents?|person|mum|dad|famil\w+|class|address\w*|list|attachment|spreadsheet|nan|member|mrs|mr|child'?s)\b",
        r"\b(?:account|e-?mail|outlook|password)\b.{0,40}\b(?:hacked|phish\w+)\b|\b(?:hacked|phished)\b.{0,60}\b(?:account|e-?mail|outlook)\b|\bcc(?:'?d)?\b.{0,20}\bbcc\b",
    )
]
"""Personal data lost, sent astray or asked for. Words, no trained head: whoever means it says it."""
_HARMLESS = re.compile(
    r"\b(?:film|movie|drama|play|poem|novel|script|lesson|curriculum|assembly|training|course|policy on|risk assessment|food tech|dt|cookery|kitchen|first aid (?:course|training)|prop|science|hair|dye|ink|screen|litmus|"
    r"history|macbeth|romeo|poster|display|workshop|scenario|quiz|template)\b",
    re.IGNORECASE,
)
_HUNGER = re.compile(
    r"\b(?:eat\w*|ate|tak\w+|took|get\w*|got|find\w*|found|fish\w*|pull\w*|pick\w*|dig\w*|scaveng\w+|rummag\w+|forag\w+)\b(?!.{0,60}\b(?:waste|compost|peelings|wrappers?|packets?)\b)"
    r".{0,40}\b(?:crusts?|food|scraps?|left-?overs|sandwich\w*|apple|crisps|lunch|dinner|eat\w*)\b.{0,25}\b(?:out|from)(?: of)?(?: the| our| a)?(?: \w+)? bins?\b(?! (?:area|store|shed))"
    r"|\b(?:eat\w*|ate) (?:out of|from) (?:the |our )?(?:\w+ )?bins?\b|\bfound (?:\w+ ){1,3}in the bins? and ate\b",
    re.IGNORECASE,
)
"""Food taken out of a bin: a plain sign of neglect."""
_FGM = re.compile(
    r"\bfgm\b|\bgenital (?:mutilation|cutting)\b|\bcircumcis\w+|\b(?:the|her|have) cutting\b|\b(?:make|made|making) (?:her |me |them )?(?:an? )?(?:woman|clean)\b|\b(?:was|been|were|be) cut (?:when|as a|in (?:her|the|another)|abroad|down there|like her)\b",
    re.IGNORECASE,
)
"""Female genital mutilation, by its names: the one concern for which the law gives teachers a duty of their own."""


def triage(question: str, *, small_talk: bool = False) -> Finding:
    """The level and branch of a question as typed. `small_talk`: it is plainly no question and no report; words of danger count all the same."""
    model = None if small_talk else shipped()
    named = people(question)
    found = model.chances(question) if model is not None else None
    finding = decide(found, named) if found is not None else Finding()
    if _DANGER.search(question) and not _HARMLESS.search(question):
        finding = raised(finding, "emergency", "danger")
    if _HUNGER.search(question) and not _HARMLESS.search(question):
        finding = raised(finding, "same_day", "child")
    if finding == Finding() and any(pattern.search(question) for pattern in _DATA):
        return Finding("none", "data")
    if finding == Finding("same_day", "child") and _FGM.search(question):
        finding = Finding("same_day", "fgm")
    if finding.branch == "staff":
        finding = replace(finding, branch=_office(finding.level, named))
    return replace(finding, worry=1 - found.level["none"]) if found is not None else finding


def decide(found: Chances, named: People) -> Finding:
    """A finding from the model's chances and from whom the words name."""
    emergency, consult = found.level["emergency"], found.level["consult"]
    serious = emergency + found.level["same_day"]
    level: Level = "none"
    if serious >= SERIOUS:
        level = "emergency" if emergency >= max(EMERGENCY, consult) else "same_day"
    elif 1 - (found.level["none"] + found.branch["none"]) / 2 >= ANY:
        level = "consult" if consult >= serious else "same_day"
    if level == "none":
        return Finding()
    chance = _weighed(found.branch, named, level)
    sure = named.head_named or chance["headteacher"] >= UNNAMED
    allowed = [branch for branch in _ALLOWED[level] if sure or branch != "headteacher"]
    return Finding(level, max(allowed, key=lambda branch: chance[branch]))


def _weighed(chance: Mapping[Branch, float], named: People, level: Level) -> dict[Branch, float]:
    """The branches' chances after what the words say of colleagues: a boundary that another crosses is a matter of staff."""
    weighed = dict(chance)
    if named.head_merely_told:
        weighed["staff"] += weighed["headteacher"]
        weighed["headteacher"] = 0.0
    if named.head_acts and level == "same_day":
        weighed["headteacher"] += weighed["boundary"]
    elif named.colleague_acts:
        weighed["staff"] = SWAY * weighed["staff"] + weighed["boundary"]
        weighed["boundary"] = 0.0
    elif named.colleague_tells or named.pupil_acts:
        weighed["staff"] /= SWAY
    return weighed


def _office(level: Level, named: People) -> Branch:
    """Which office an allegation is about or comes from: the model knows an allegation, the office stands in the words."""
    if named.head_complained_of:
        return "headteacher"
    if named.dsl_complained_of:
        return "dsl"
    return "staff_to_head" if named.asked_by_head and level == "same_day" else "staff"


_ALLOWED: dict[Level, tuple[Branch, ...]] = {
    "emergency": ("danger", "self_harm_adult"),
    "same_day": ("child", "staff", "headteacher", "proprietor", "whistleblowing"),
    "consult": ("child", "boundary", "staff", "headteacher", "abuse_of_staff"),
}


def raised(finding: Finding, level: Level, branch: Branch) -> Finding:
    """The finding at the higher of its level and `level`; the branch is kept where it already had a telling one."""
    if LEVELS.index(level) <= LEVELS.index(finding.level):
        return finding
    keep = finding.branch in {"staff", "headteacher", "dsl", "proprietor", "self_harm_adult"} and level != "emergency"
    return Finding(level, finding.branch if keep else branch)
