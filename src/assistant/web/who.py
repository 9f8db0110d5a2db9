"""Whom a page's work is done for."""

from gradio.context import LocalContext

from assistant.errors import ForbiddenError
from assistant.users import NOBODY, Right, User


def current() -> User:
    """The user of the request that Gradio works for now; who sees nothing where there is none."""
    request = LocalContext.request.get(None)
    found = request.request.scope.get("user") if request is not None else None
    return found if isinstance(found, User) else NOBODY


def demand(right: Right, what: str) -> User:
    """The current user, who has the right.

    Raises:
        ForbiddenError: the role does not give it; `what` says what was tried.
    """
    user = current()
    if not user.may(right):
        raise ForbiddenError(f"{what} is for others here: your role is {user.role}. Ask whoever runs this program.")
    return user
