"""Is there a child or a person behind this question who needs help, how soon, and whom is it about?

Ordinary code and data, before and independent of retrieval and of any language model; later stages may raise the level, none may lower it.
Signals: phrases that mean danger or a concern whoever says them, and a classifier over the question's vector, trained on authored examples
of every category of concern and as many everyday near misses (training/data/triage-train.jsonl).
"""

import re

from assistant.answers import LEVELS, Level
from assistant.embedding import Vectors
from assistant.safeguarding import Branch, Finding
from assistant.triage_model import classify

_CHILD = r"(?:child|kid|pupil|student|boy|girl|lad|lass|baby|toddler|little one|y(?:ea)?r? ?\d{1,2}|year \w+|son|daughter|teen\w*|he|she|they|her|him|sister|brother|one of (?:my|our|the)\b\w*)"
_EMERGENCY = re.compile(
    r"\b(?:overdos\w*|(?:taken|swallow\w*|took|had) (?:a (?:load|bunch|lot|handful|whole packet|pack) of|all (?:her|his|the|their)|loads of|too many|some) (?:pills|tablets|paracetamol|meds|medication)"
    r"|(?:has|have|got|with|carrying|pulled|waving|holding) (?:a |an )?(?:\w+ )?(?:knife|gun|machete|blade|firearm|weapon)\b(?!.{0,30}\b(?:film|play|lesson|prop|dt|food tech|plastic|toy|drama)\b)"
    r"|not breathing|unconscious|unresponsive|bleeding (?:badly|heavily|everywhere|a lot)|being attacked|on the (?:roof|bridge|tracks|ledge)"
    r"|(?:about|going|wants?|trying|threaten\w*|says? (?:he|she|they)(?:'s| is|'re| are)? (?:going|gonna)) to (?:kill|end) (?:him|her|them|my|it)\w*"
    r"|kill (?:my|him|her|them)sel(?:f|ves) (?:tonight|now|today|after)|end it (?:all )?(?:tonight|today|now)|missing (?:right )?now|can'?t find (?:him|her|them)\b"
    r"|i (?:want|am going|'?m going|'?m gonna) to (?:die|end it|kill myself)|strangl\w+ (?:him|her|me|them)\b|stabb(?:ed|ing)\b)", re.IGNORECASE)
_HEAD = re.compile(r"\b(?:(?:the|our|my|about) (?:head ?teacher|head|headmaster|headmistress|principal)|head ?teacher(?:'s)?)\b(?! of (?:year|department|dept|sixth|maths|english|science|pe))", re.IGNORECASE)


def triage(question: str, vector: Vectors, earlier: str = "") -> Finding:
    """The level and branch of a question; `earlier` is what the person typed before in this conversation."""
    finding = classify(question, vector)
    if _EMERGENCY.search(question):
        finding = raised(finding, "emergency", "danger")
    return finding


def raised(finding: Finding, level: Level, branch: Branch) -> Finding:
    """The finding at the higher of its level and `level`; the branch is kept where it already had one."""
    if LEVELS.index(level) <= LEVELS.index(finding.level):
        return finding
    keep = finding.branch in {"staff", "headteacher", "dsl", "proprietor", "self_harm_adult"}
    return Finding(level, finding.branch if keep else branch)
