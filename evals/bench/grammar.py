"""Synthetic policies of any number, from a grammar: every clause a rule as schools write them, no two alike in one document."""

import random
from collections.abc import Iterator

from assistant.documents import Clause, Document, digest, seal
from assistant.modality import modality

_WHO = ("Staff", "Teachers", "Governors", "Volunteers", "Visitors", "Supply staff", "Trainees", "Senior leaders")
_FORCE = ("must", "must not", "should", "should not", "may")
_DOES = (
    "accept a friend request from",
    "share photographs of",
    "send a private message to",
    "discuss the family of",
    "arrange a visit for",
    "keep records about",
    "pass on the address of",
    "lend equipment to",
    "write a reference for",
    "give a lift to",
    "record a meeting with",
    "hold money for",
)
_WHOM = ("a pupil", "a former pupil", "a parent", "a carer", "a colleague", "a supplier", "a contractor", "a neighbour")
_BY = (
    "on a personal account",
    "by school e-mail",
    "on the school's website",
    "by telephone",
    "at a school event",
    "on a shared drive",
    "outside working hours",
    "in the staff room",
    "on a residential trip",
    "through the school office",
)
_LIMIT = (
    "",
    " without the headteacher's written approval",
    " unless the Designated Safeguarding Lead has agreed",
    " and keeps a note of it for six years",
    " before the end of the school day",
    " except in an emergency",
    " where the parents have consented",
)
_ABOUT = ("Social Media", "Visits", "Data Protection", "Lettings", "Lone Working", "Finance", "Attendance", "Transport")


def rules(seed: int, count: int) -> Iterator[str]:
    """`count` rules, all different: there are 268,800."""
    sizes = (len(_WHO), len(_FORCE), len(_DOES), len(_WHOM), len(_BY), len(_LIMIT))
    total = 1
    for size in sizes:
        total *= size
    for number in random.Random(seed).sample(range(total), count):
        places = []
        for size in sizes:
            number, place = divmod(number, size)
            places.append(place)
        who, force, does, whom, by, limit = places
        yield f"{_WHO[who]} {_FORCE[force]} {_DOES[does]} {_WHOM[whom]} {_BY[by]}{_LIMIT[limit]}."


def title(number: int) -> str:
    """The title of the policy of this number."""
    return f"{_ABOUT[number % len(_ABOUT)]} Policy {number + 1}"


def text(number: int, clauses: int) -> str:
    """A policy as a Markdown file: sections of twenty numbered clauses."""
    lines = [f"# {title(number)}", ""]
    for place, rule in enumerate(rules(number, clauses)):
        section, item = divmod(place, 20)
        lines += [f"## {section + 1} Part {section + 1}", ""] if item == 0 else []
        lines += [f"{section + 1}.{item + 1} {rule}", ""]
    return "\n".join(lines)


def document(number: int, clauses: int) -> Document:
    """A policy as if it had been read, without reading: to build a large index fast."""
    slug = f"policy-{number + 1:06}"
    made: list[Clause] = []
    words = ""
    for place, rule in enumerate(rules(number, clauses)):
        section, item = divmod(place, 20)
        name = f"{section + 1}.{item + 1}"
        start = len(words)
        words += rule + "\n"
        made.append(
            Clause(
                id=f"{slug}/{name}",
                kind="numbered",
                number=name,
                headings=(f"{section + 1} Part {section + 1}",),
                lead_in=(),
                text=rule,
                spans=((start, start + len(rule)),),
                modality=modality(rule),
                sha256=seal((), rule),
            )
        )
    return Document(
        slug, title(number), f"School {number // 60 + 1}", f"{slug}.md", digest(words), words, clauses=tuple(made)
    )
