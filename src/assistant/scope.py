"""Is this a question about policy at all? Small talk, other tasks and attempts to instruct the assistant are declined."""

import re
from functools import cache
from pathlib import Path

import numpy as np

from assistant import integrity
from assistant.embedding import WEIGHTS
from assistant.late import Vectors

TALK = 0.8
"""The chance from which words are taken for no question of policy (docs/evaluation.md)."""

_GREETING = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|thanks?(?: you)?|thank u|cheers|ta|bye|goodbye|see you|ok(?:ay)?|great|cool|nice|lol|test(?:ing)?|ping|"
    r"how are you(?: doing)?(?: today)?|are you (?:a |an )?(?:human|robot|bot|ai|real)(?: or a \w+)?|who (?:made|built|are) you|what(?:'s| is) your name|"
    r"(?:there|all|everyone|mate|again|very much|a lot|so much|for (?:that|your help)))\W*)+",
    re.IGNORECASE,
)
# An order to this program stands at the head of a sentence or after "please" and the like: "write a blog" is one, "may I write a blog?" is not.
_ORDER = (
    r"(?:^\W*|[.!?;:]\s*|\b(?:please|pls|now|just|and|then|hi|hello|hey|(?:can|could|will|would) you|(?:want|need|like) you to|"
    r"you (?:must|should|will|have to|need to|can))[\s,]+)(?:please |pls |just |now )?"
)
_TASK = re.compile(
    rf"{_ORDER}(?:(?:write|compose|draft|make|create|generate|give) (?:me |us )?(?:a |an |some |my |the )?(?:\w+ ){{0,3}}?(?:poem|song|story|joke|limerick|haiku|rap|essay|lesson plan|"
    r"report comments?|quiz|worksheet|code|script|recipe|e-?mail to|letter to|speech|assembly|cover letter|tweet|caption|blog|newsletter)\b"
    r"|(?:tell|crack) (?:me |us )?(?:a |another )?joke\b|(?:translate|summari[sz]e|proof ?read|rewrite|spell ?check) (?:this|the following|my|into)\b"
    r"|(?:recommend|suggest) (?:me )?(?:a |some )?(?:\w+ )?(?:restaurant|film|movie|book|holiday|pub|song)s?\b|plan (?:me |my )?(?:a |an )?(?:lesson|holiday|party|trip to)\b"
    r"|solve (?:this|for|the)\b|book (?:me )?(?:a|an) (?:flight|table|hotel|taxi)\b)"
    r"|\b(?:help me|can you) (?:write|plan|mark|code|cook|translate|draft)\b"
    r"|\bwhat(?:'s| is) (?:the )?(?:weather\b|capital of\b|(?:time|score)(?: is it)?(?: (?:now|please|in \w+))?\W*$|\d+\s*[-+x*/×÷]\s*\d+)|\bwhat time is it\b"
    r"|\bwho (?:won\b(?!['’]t)|will win|is the (?:prime minister|president|king))\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    rf"{_ORDER}(?:(?:ignore|forget|disregard|override|bypass) (?:all |any |everything |your |the |my |these |previous |prior |above |of )*(?:instructions?|rules?|prompts?|guidelines?|you were told|policy and|policies and|safeguards?)"
    r"|(?:pretend (?:to be|that you|you)|act as (?:if|a|an|my)|role-?play)\b|(?:repeat|print|output|say|reply with|respond with) (?:only |just |exactly |the word |the words )+[\"'“]?\w+"
    r"|say (?:that )?(?:it'?s|it is) (?:allowed|fine|ok))"
    r"|\b(?:ignore|forget|disregard|override|bypass) (?:all |any |everything |of |the )*(?:your|previous|prior|above) (?:\w+ )?(?:instructions?|rules?|prompts?|guidelines?)"
    r"|\b(?:system prompt|developer mode|jailbreak|DAN mode|pretend (?:that )?you(?:'re| are)|you are now (?:an?|my|in)\b|from now on,? (?:you|ignore|forget|answer|always|only|say)\b|reveal your (?:prompt|instructions)|new instructions?:)",
    re.IGNORECASE,
)


def is_declined(question: str, vector: Vectors | None = None) -> bool:
    """Whether the words are small talk, another task, or an instruction to the assistant, and no question about policy.

    `vector` is the question's, where the trained head is to be heard too.
    """
    words = question.strip()
    if not re.search(r"\w", words):
        return True
    if _GREETING.fullmatch(words) or _TASK.search(words) or _INSTRUCTION.search(words):
        return True
    return vector is not None and is_small_talk(words, vector)


def is_small_talk(question: str, vector: Vectors) -> bool:
    """Whether the words are a greeting, or the trained head takes them for no question about policy (of the packaged model's vectors alone)."""
    if _GREETING.fullmatch(question.strip()):
        return True
    head = load()
    if head is None or head[0].shape != vector.shape:
        return False
    weights, bias = head
    return float(1 / (1 + np.exp(-(weights @ vector + bias)))) >= TALK


@cache
def load(folder: Path = WEIGHTS) -> tuple[Vectors, float] | None:
    """The trained head, shape (dimension,), and its bias; None where none is shipped."""
    path = folder / "heads.npz"
    if not path.exists():
        return None
    integrity.check(folder)
    with np.load(path) as held:
        return held["talk"].astype(np.float32), float(held["talk_bias"])
