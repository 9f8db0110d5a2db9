"""Is there a child or a person behind this question who needs help, how soon, and whom is it about?

Before and independent of retrieval and of any language model; later stages may raise the level, none may lower it.
Signals: phrases that mean danger whoever says them, and a small model that was trained on authored examples of every
category of concern and as many everyday near misses (training/data/triage-*.jsonl).
"""

import re

from assistant.answers import LEVELS, Level
from assistant.safeguarding import Branch, Finding
from assistant.triage_model import Chances, shipped

EMERGENCY, SERIOUS, ANY = 0.15, 0.2, 0.7
"""Chances from which a level is taken: of an emergency, where it is serious; of same day or worse; of any level. Chosen on the dev examples: a missed
child is the worst failure, so a concern needs less than an even chance, a mere consultation more."""
UNNAMED = 0.6
"""The chance from which it is about a headteacher whom the words do not name."""

_DANGER = re.compile(
    r"\boverdos(?:e|ed|ing)\b|\b(?:taken|swallow\w*|necked|took|downed) (?:a |an )?(?:load|bunch|lot|handful|whole (?:packet|box|bottle)|packet|box|bottle|all|loads|too many|\d+)\b.{0,25}\b(?:pills?|tablets?|paracetamol|meds|medication|bleach|ibuprofen)"
    r"|\b(?:has|have|got|with|carrying|pulled|waving|holding|brought)\s(?:a |an |his |her )?(?:\w+ )?(?:knife|gun|machete|firearm)\b"
    r"|\bnot breathing\b|\bcan'?t breathe\b|\b(?:can'?t|cannot) wake (?:him|her|them)\b|\bnot waking up\b|\b(?:gone|went|turn(?:ed|ing)|a funny) (?:\w+ )?blue\b|\bblue lips\b|\bbaby\b.{0,40}\bfloppy\b"
    r"|\bsat\b.{0,40}\bwith (?:all )?my (?:pills|tablets|meds)\b"
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
_HEAD = re.compile(
    r"\b(?:executive |acting )?(?:hea?d ?teacher|head ?master|head ?mistress|principal)(?:'s)?\b|\b(?:the|our|my) head(?:'s)?\b(?! (?:of|girl|boy|lice|count|office|injur|ache|cold|start|bump))",
    re.IGNORECASE,
)
_DSL = re.compile(
    r"\b(?:the|our|my) (?:dsl|designated safeguarding lead|safeguarding lead|dsl's|child protection officer)\b",
    re.IGNORECASE,
)


def triage(question: str, *, small_talk: bool = False) -> Finding:
    """The level and branch of a question as typed. `small_talk`: it is plainly no question and no report; words of danger count all the same."""
    model = None if small_talk else shipped()
    named = _HEAD.search(question) is not None
    finding = decide(model.chances(question), head_named=named) if model is not None else Finding()
    if _DANGER.search(question) and not _HARMLESS.search(question):
        finding = raised(finding, "emergency", "danger")
    if finding == Finding() and any(pattern.search(question) for pattern in _DATA):
        return Finding("none", "data")
    if finding.branch == "staff":
        # The model knows an allegation; which office it is about stands in the words.
        about: tuple[tuple[re.Pattern[str], Branch], ...] = ((_HEAD, "headteacher"), (_DSL, "dsl"))
        finding = next((Finding(finding.level, branch) for role, branch in about if _is_about(role, question)), finding)
    return finding


def decide(found: Chances, *, head_named: bool) -> Finding:
    """A finding from the model's chances. `head_named`: the words name a headteacher."""
    emergency = found.level["emergency"]
    serious = emergency + found.level["same_day"]
    level: Level = "none"
    if serious >= SERIOUS:
        level = "emergency" if emergency >= EMERGENCY else "same_day"
    elif 1 - found.level["none"] >= ANY:
        level = "consult" if found.level["consult"] >= serious else "same_day"
    if level == "none":
        return Finding()
    sure = head_named or found.branch["headteacher"] >= UNNAMED
    allowed = [branch for branch in _ALLOWED[level] if sure or branch != "headteacher"]
    return Finding(level, max(allowed, key=lambda branch: found.branch[branch]))


_ALLOWED: dict[Level, tuple[Branch, ...]] = {
    "emergency": ("danger", "self_harm_adult"),
    "same_day": ("child", "staff", "headteacher", "proprietor", "whistleblowing"),
    "consult": ("child", "boundary", "staff", "headteacher", "abuse_of_staff"),
}


def _is_about(role: re.Pattern[str], question: str) -> bool:
    """Whether the role is the one complained of, and not the one told, asked or away."""
    told = re.compile(
        r"(?:tell|told|telling|ask|asked|speak|spoke|spoken|see|report\w*|inform\w*|go(?:ne)? to|went to|email\w*|refer\w*|raise\w*|with|to|by|via|find|reach|contact)\s+(?:it to |them to |this to )?$",
        re.IGNORECASE,
    )
    return any(told.search(question[: match.start()]) is None for match in role.finditer(question))


def raised(finding: Finding, level: Level, branch: Branch) -> Finding:
    """The finding at the higher of its level and `level`; the branch is kept where it already had a telling one."""
    if LEVELS.index(level) <= LEVELS.index(finding.level):
        return finding
    keep = finding.branch in {"staff", "headteacher", "dsl", "proprietor", "self_harm_adult"} and level != "emergency"
    return Finding(level, finding.branch if keep else branch)
