"""Is this a question about policy at all? Small talk, other tasks and attempts to instruct the assistant are declined."""

import re

_GREETING = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|thanks?(?: you)?|thank u|cheers|ta|bye|goodbye|see you|ok(?:ay)?|great|cool|nice|lol|test(?:ing)?|ping|"
    r"how are you(?: doing)?(?: today)?|are you (?:a |an )?(?:human|robot|bot|ai|real)(?: or a \w+)?|who (?:made|built|are) you|what(?:'s| is) your name|"
    r"(?:there|all|everyone|mate|again|very much|a lot|so much|for (?:that|your help)))\W*)+",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?:write|compose|draft|make|create|generate|give) (?:me |us )?(?:a |an |some |my |the )?(?:\w+ ){0,3}?(?:poem|song|story|joke|limerick|haiku|rap|essay|lesson plan|"
    r"report comments?|quiz|worksheet|code|script|recipe|e-?mail to|letter to|speech|assembly|cover letter|tweet|caption|blog|newsletter)\b"
    r"|\b(?:tell|crack) (?:me |us )?(?:a |another )?joke\b|\b(?:translate|summari[sz]e|proof ?read|rewrite|spell ?check) (?:this|the following|my|into)\b"
    r"|\bwhat(?:'s| is) (?:the )?(?:weather|time|capital of|score|\d+\s*[-+x*/×÷]\s*\d+)|\bwho (?:won|will win|is the (?:prime minister|president|king))\b"
    r"|\b(?:recommend|suggest) (?:me )?(?:a |some )?(?:restaurant|film|movie|book|holiday|pub|song)\b|\bplan (?:me |my )?(?:a |an )?(?:lesson|holiday|party|trip to)\b"
    r"|\b(?:help me|can you) (?:write|plan|mark|code|cook|translate|draft)\b|\bsolve (?:this|for|the)\b|\bbook (?:me )?(?:a|an) (?:flight|table|hotel|taxi)\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|forget|disregard|override|bypass) (?:all |any |everything |your |the |my |these |previous |prior |above |of )*(?:instructions?|rules?|prompts?|guidelines?|you were told|policy and|policies and|safeguards?)"
    r"|\b(?:system prompt|developer mode|jailbreak|\bDAN\b|pretend (?:to be|you(?:'re| are))|act as (?:if|a|an|my)|you are now|from now on,? you|role-?play|new instructions?|reveal your (?:prompt|instructions))\b"
    r"|\b(?:repeat|print|output|say|reply with|respond with) (?:only |just |exactly |the word |the words )+[\"'“]?\w+|\bsay (?:that )?(?:it'?s|it is) (?:allowed|fine|ok)",
    re.IGNORECASE,
)


def is_declined(question: str) -> bool:
    """Whether the words are small talk, another task, or an instruction to the assistant, and no question about policy."""
    words = question.strip()
    if not re.search(r"\w", words):
        return True
    return bool(_GREETING.fullmatch(words) or _TASK.search(words) or _INSTRUCTION.search(words))
