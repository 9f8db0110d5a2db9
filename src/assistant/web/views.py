"""What a user sees and may change: the assistant over their schools' documents alone, and changes by administrators alone."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.compare import compare, compare_schools, gathered
from assistant.documents import Document
from assistant.index import Part, Scope
from assistant.records import Records, act, row
from assistant.users import User
from assistant.web.meters import Meters
from assistant.web.shelves import Shelving
from assistant.web.who import current, demand


class Views:
    """Gives the assistant as a user sees it: a user tied to schools has their documents alone, in every page and route."""

    def __init__(
        self, open_assistant: Callable[[], Assistant], kept: Records | None, meters: Meters, log: str = "off"
    ) -> None:
        self.open_assistant = open_assistant
        self.kept = kept
        self.meters = meters
        self.log = log
        self._parts: dict[frozenset[str], Part] = {}

    def __call__(self) -> Assistant:
        """The assistant as the current user sees it; what is asked of `answers` is counted and, where wanted, kept."""
        return self.of(current())

    def of(self, user: User) -> Assistant:
        """The assistant as a user sees it.

        Raises:
            AssistantError: it can't be made.
        """
        seen = _Noting(self.open_assistant(), user, self)
        if user.schools is not None:
            seen.index = self._parts.setdefault(user.schools, Part(seen.index, user.schools))
        return seen

    def compare(self, question: str, user: User) -> list[Answer]:
        """The question put to every document that the user sees; counted and kept as one.

        Raises:
            QuestionError: the question is empty.
            IndexMissingError, IndexMismatchError: the index can't be used.
        """
        seen = self.of(user)
        answers = compare(seen, question)
        self._compared(question, answers, seen, user)
        return answers

    def compare_schools(self, question: str, user: User) -> dict[str, Answer]:
        """The question put to every school that the user sees, an answer by its name; counted and kept as one; raises what `compare` raises."""
        seen = self.of(user)
        answers = compare_schools(seen, question)
        self._compared(question, list(answers.values()), seen, user)
        return answers

    def _compared(self, question: str, answers: list[Answer], seen: Assistant, user: User) -> None:
        if answers:
            self.note(gathered(question, answers), schools_of(seen, None), user)

    @property
    def keeps(self) -> bool:
        """Whether something is kept of questions."""
        return self.kept is not None and self.log != "off"

    def note(self, answer: Answer, schools: Sequence[str], user: User, mark: str | None = None) -> None:
        """Count an answer, or a person's verdict on it (`mark`); keep a row of it where the log is on. What an evaluator asks is not kept."""
        if mark is None:
            self.meters.answered(answer)
        if self.kept is not None and self.log != "off" and user.role != "evaluator":
            self.kept.note(row(answer, schools, self.log == "text", mark=mark))

    def acted(self, user: User, action: str, detail: str) -> None:
        """Note what a user changed, where records are kept."""
        if self.kept is not None:
            act(self.kept, user.name, action, detail)


class _Noting(Assistant):
    """An assistant whose answers to a person are noted; what pages ask for themselves (`ask`) is not."""

    def __init__(self, assistant: Assistant, user: User, views: Views) -> None:
        self.__dict__.update(assistant.__dict__)
        self._user = user
        self._views = views

    def ask(self, question: str, scope: Scope = None, history: Sequence[Turn] = (), *, id: str | None = None) -> Answer:
        """As `Assistant.ask`; not noted."""
        *_, last = super().answers(question, scope, history, id=id)
        return last

    def answers(
        self, question: str, scope: Scope = None, history: Sequence[Turn] = (), *, id: str | None = None
    ) -> Iterator[Answer]:
        """As `Assistant.answers`; the last is noted."""
        last = None
        for last in super().answers(question, scope, history, id=id):
            yield last
        if last is not None:
            self._views.note(last, schools_of(self, scope), self._user)


def schools_of(assistant: Assistant, scope: Scope) -> list[str]:
    """Organisations of the documents asked."""
    chosen = assistant.index.snapshot().chosen(scope)
    return sorted({shelf.document.organisation for shelf in chosen if shelf.document.organisation})


class Guarded:
    """Changes documents for administrators alone, and notes who changed what."""

    def __init__(self, shelving: Shelving, views: Views) -> None:
        self.shelving = shelving
        self.views = views

    def add(
        self, file: Path, organisation: str = "", title: str = "", progress: Callable[[int, int], None] | None = None
    ) -> Document:
        """As `Shelving.add`.

        Raises:
            ForbiddenError: the user is no administrator.
        """
        user = demand("documents", "Adding a document")
        made = self.shelving.add(file, organisation, title, progress)
        self.views.acted(user, "document added", f"{made.slug}, file {made.sha256}")
        return made

    def remove(self, slug: str) -> None:
        """As `Shelving.remove`; raises what `add` raises."""
        user = demand("documents", "Removing a document")
        self.shelving.remove(slug)
        self.views.acted(user, "document removed", slug)

    def restore(self, slug: str) -> Document | None:
        """As `Shelving.restore`; raises what `add` raises."""
        user = demand("documents", "Putting a document back")
        made = self.shelving.restore(slug)
        self.views.acted(user, "document put back", slug)
        return made
