"""What programs may ask: the contract's JSON, whatever way the call came (Gradio's routes, MCP)."""

import json
from typing import Any

from assistant.batch import answer_row
from assistant.compare import as_dict
from assistant.errors import AssistantError
from assistant.users import User
from assistant.web.views import Views


class Endpoints:
    """The three endpoints, for the user who calls."""

    def __init__(self, views: Views) -> None:
        self.views = views

    def ask(self, user: User, question: str, policy: str = "", history: str = "[]") -> dict[str, Any]:
        """The answer object; `history` is a JSON list of {role, content}."""
        try:
            turns = json.loads(history or "[]")
        except (ValueError, RecursionError):
            turns = history  # no list: refused with the reason
        row = {"question": question, "policy": policy, "history": turns}
        return answer_row(self.views.of(user), row, "The request")

    def compare(self, user: User, question: str) -> dict[str, Any]:
        """The compare object."""
        try:
            return as_dict(question, self.views.compare(question, user))
        except AssistantError as error:
            return {"question": question, "answers": [], "error": str(error)}

    def policies(self, user: User) -> list[dict[str, Any]]:
        """The documents that the user can ask."""
        return [
            {
                "slug": shelf.document.slug,
                "title": shelf.document.title,
                "organisation": shelf.document.organisation,
                "clauses": len(shelf.document.clauses),
                "source": shelf.document.source,
                "sha256": shelf.document.sha256,
            }
            for shelf in self.views.of(user).index.snapshot().shelves
        ]
