"""The endpoints as tools of the Model Context Protocol (streamable HTTP at /mcp, no session kept). The only import of mcp; the guard stands before it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import BaseRoute

from assistant.users import NOBODY, User
from assistant.web.endpoints import Endpoints

INSTRUCTIONS = (
    "Finds what a school's policies say. Show clauses word for word, with their id, and the safeguarding advice first. "
    "An answer reports nothing to anyone and is not legal advice."
)


class Tools:
    """The MCP server: its routes, and the lifespan that it needs."""

    def __init__(self, endpoints: Endpoints) -> None:
        # It would set up logging of its own, which tells what tools were called with.
        plain = logging.StreamHandler()
        plain.setLevel(logging.WARNING)
        logging.basicConfig(handlers=[plain])
        logging.getLogger("mcp").setLevel(logging.CRITICAL)
        self.server = MCPServer("Policy Assistant", instructions=INSTRUCTIONS, log_level="CRITICAL")
        _add(self.server, endpoints)
        made = self.server.streamable_http_app(
            streamable_http_path="/mcp",
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the guard's work
        )
        self.routes: list[BaseRoute] = made.routes

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Runs the server's tasks."""
        async with self.server.session_manager.run():
            yield


def _add(server: MCPServer[Any], endpoints: Endpoints) -> None:
    """The tools; their docstrings are what a model reads."""

    @server.tool()
    def ask(question: str, ctx: Context, policy: str = "", history: str = "[]") -> dict[str, Any]:
        """Answer a question about school policies: clauses quoted word for word, a verdict, and whom to tell where a child may be at risk.

        Args:
            question: The question in the words of the person who asks.
            policy: Slug of one policy (see `policies`); all where it is empty.
            history: The conversation before, as a JSON list of {"role", "content"}.
        """
        return endpoints.ask(_user(ctx), question, policy, history)

    @server.tool()
    def compare(question: str, ctx: Context) -> dict[str, Any]:
        """Put one question to every policy: an answer object each, in the order of slugs."""
        return endpoints.compare(_user(ctx), question)

    @server.tool()
    def policies(ctx: Context) -> list[dict[str, Any]]:
        """The policies that can be asked, with their slugs."""
        return endpoints.policies(_user(ctx))


def _user(context: Context[Any, Any]) -> User:
    """Who calls: whom the guard found; who sees nothing where there is no request."""
    request = context.request_context.request
    found = request.scope.get("user") if request is not None else None
    return found if isinstance(found, User) else NOBODY
