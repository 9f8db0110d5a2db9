"""Where on a Chroma server the vectors of an index lie, looked for over HTTP before chromadb asks: it would wait without end, and say little."""

import json
import os
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from assistant.errors import IndexMismatchError, VectorServerError

PATIENCE = 20.0
"""Seconds that a server may keep silent."""


@dataclass(frozen=True)
class Place:
    """An index's own database on a server: `address` as http://host:port."""

    address: str
    database: str

    @cached_property
    def host(self) -> str:
        """As it stands in an address: that of IPv6 in brackets."""
        host = urlsplit(self.address).hostname or ""
        return f"[{host}]" if ":" in host else host

    @property
    def port(self) -> int:
        """The port; that of the scheme where none is named."""
        return urlsplit(self.address).port or (443 if self.is_encrypted else 80)

    @property
    def is_encrypted(self) -> bool:
        """Whether the way there is."""
        return self.address.startswith("https:")

    def away(self, seen: object) -> VectorServerError:
        """The error of a server that can't be used."""
        return VectorServerError(
            f"The Chroma server at {self.address} can't be used ({seen}). Expected Chroma 1.x there: start it, or mend ASSISTANT_CHROMA; then try again."
        )


def check(place: Place, *, make: bool) -> None:
    """Check that a database is there; `make` makes it where it is not.

    Raises:
        VectorServerError: the server does not answer, or is another than Chroma 1.x.
        IndexMismatchError: there is no such database; the remedy is to ingest again.
    """
    _go_straight(place)
    version = _fetched(place, "version")
    if not str(version).startswith("1."):
        raise place.away(
            f"it says that its version is {version}" if version else "it is no Chroma server, or an old one"
        )
    databases = "tenants/default_tenant/databases"
    if _fetched(place, f"{databases}/{place.database}") is not None:
        return
    if not make:
        raise IndexMismatchError(
            f"The Chroma server at {place.address} has no vectors of this index (database {place.database}). Run `policy-assistant ingest`: it makes them from the stored documents."
        )
    _fetched(place, databases, {"name": place.database})


def _fetched(place: Place, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    """What the server answers; None where there is no such thing."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{place.address}/api/v2/{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise place.away(error) from error
    except (OSError, HTTPException, ValueError) as error:
        raise place.away(getattr(error, "reason", error)) from error


def _go_straight(place: Place) -> None:
    """Keep vectors from a proxy that the environment names: they go to the server and nowhere else."""
    past, host = urllib.request.getproxies().get("no", ""), place.host.strip("[]")
    if host not in past.split(","):
        os.environ["no_proxy"] = ",".join(filter(None, (past, host)))
