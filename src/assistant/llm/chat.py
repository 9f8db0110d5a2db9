"""The one door to LangChain's chat models: a prompt in, a checked object out, inside a stated time or not at all."""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable
from pydantic import BaseModel

from assistant.errors import LanguageModelError, SettingsError

Reply = TypeVar("Reply", bound=BaseModel)

_HOSTS = {"openai": "api.openai.com", "anthropic": "api.anthropic.com", "ollama": "localhost"}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
_PAUSE = 0.5
"""Seconds before the second try, unless the server names its own (Retry-After)."""
MAX_REPLY = 8000
"""Characters of a reply. A small model may go on for ever, and keeps a server's one place until its memory is full."""
_TOO_LONG = re.compile(r"context.?(?:length|window|size|overflow)|prompt is too long|too many tokens", re.IGNORECASE)


class PromptTooLongError(LanguageModelError):
    """Question and clauses are more than the model can take."""


class Chat:
    """A chat model by its LangChain name, "provider:model"."""

    def __init__(self, name: str, url: str | None, timeout: float) -> None:
        self.name = name
        self._model = _opened(name, url, timeout)
        self.host = _host(name, self._model)
        self._ways = _WAYS if name.startswith("openai:") and self.host != _HOSTS["openai"] else _WAYS[:1]

    @property
    def is_local(self) -> bool:
        """Whether the model runs on this machine, as far as its address tells."""
        return self.host in _LOCAL

    def ask(self, system: str, user: str, schema: type[Reply], deadline: float) -> Reply:
        """The model's reply as a `schema`, at the latest at `deadline` (time.monotonic()); tried twice where that makes sense.

        Raises:
            LanguageModelError: no usable reply.
        """
        first, *other = self._ways
        way, tries = first, 0
        while True:
            tries += 1
            try:
                model, told = way(self._model, schema)
                reply = _reply(_run(model, [("system", system + told), ("user", user)], deadline), schema)
                break
            except LanguageModelError:
                raise
            except Exception as error:  # each provider's client has errors of its own
                failure = _why(error)
                if other and failure.is_of_form:
                    failure, way = replace(failure, pause=failure.pause or 0.0), other[0]
                if tries > 1 or failure.pause is None or time.monotonic() + failure.pause >= deadline:
                    raise failure.kind(failure.reason) from error
            time.sleep(failure.pause)
        if way is not first:
            self._ways = (way, first)
        return reply


def _by_schema(model: BaseChatModel, schema: type[BaseModel]) -> tuple[Runnable[Any, Any], str]:
    """By the provider's own means: a JSON schema, or a tool call."""
    # As JSON schema: given the class, langchain-openai keeps the parsed object in the message, and warns when it writes that down.
    return model.with_structured_output(schema.model_json_schema(), include_raw=True), ""


def _as_object(model: BaseChatModel, schema: type[BaseModel]) -> tuple[Runnable[Any, Any], str]:
    """As a JSON object. Servers of the llama.cpp family hold it to the schema beside it; others are told the schema."""
    wanted = schema.model_json_schema()
    form = {"type": "json_object", "schema": wanted}
    structured = model.with_structured_output(wanted, include_raw=True, method="json_mode", response_format=form)
    return structured, f"\n\nReply with one JSON object of this schema, and nothing else: {json.dumps(wanted)}"


_Way = Callable[[BaseChatModel, type[BaseModel]], tuple[Runnable[Any, Any], str]]
_WAYS: tuple[_Way, ...] = (_by_schema, _as_object)
"""How a reply of a schema is asked for: each gives the model set to it, and what is added to the instructions.

Many makes of server speak OpenAI's protocol, and not all take a schema: llama-cpp-python fails (status 500), others take no notice of it. Such a server
is asked in the second way, and from then on in the one that it understood.
"""


class _Stopped(BaseException):
    """Ends a stream. No Exception: LangChain logs and swallows those of callbacks."""


class _Stop(BaseCallbackHandler):
    """Breaks a stream off at its next word once nobody waits for it, or it is too long, so that a local server stops computing."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.length = 0

    def on_llm_new_token(self, token: Any, **_: Any) -> None:  # noqa: ANN401 - LangChain's signature
        """Raise where the stop was asked for."""
        self.length += len(str(token))
        if self.asked.is_set() or self.length > MAX_REPLY:
            raise _Stopped


def _run(model: Runnable[Any, Any], messages: list[tuple[str, str]], deadline: float) -> dict[str, Any]:
    """What the structured model streams, put together. In a thread: a client's own timeout counts from word to word, not in all."""
    stop = _Stop()
    done: SimpleQueue[dict[str, Any] | Exception] = SimpleQueue()

    def work() -> None:
        try:
            whole: dict[str, Any] = {}
            for part in model.stream(messages, config={"callbacks": [stop]}):
                whole.update(part)
            done.put(whole)
        except _Stopped:
            done.put(LanguageModelError("did not come to an end"))
        except Exception as error:
            done.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        result = done.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        stop.asked.set()
        raise LanguageModelError("did not answer in time") from None
    if isinstance(result, Exception):
        raise result
    return result


def _reply(result: dict[str, Any], schema: type[Reply]) -> Reply:
    """The parsed reply.

    Raises:
        LanguageModelError: the model refused.
        ValueError: the reply is empty or malformed.
    """
    parsed = result.get("parsed")
    if isinstance(parsed, dict):
        return schema.model_validate(parsed)
    if getattr(result.get("raw"), "additional_kwargs", {}).get("refusal"):
        raise LanguageModelError("refused to answer")
    raise result.get("parsing_error") or ValueError("empty reply")


@dataclass(frozen=True, slots=True)
class _Failure:
    """What to tell of a failure, and the seconds after which to try again; None where a second try would end the same."""

    reason: str
    pause: float | None = None
    is_of_form: bool = False
    """Whether the way in which the reply was asked for may be at fault."""
    kind: type[LanguageModelError] = LanguageModelError


def _why(error: Exception) -> _Failure:
    status = getattr(error, "status_code", None)
    kind = type(error).__name__
    if _TOO_LONG.search(f"{kind} {error}"):
        return _Failure("can't take a question and clauses of this length", kind=PromptTooLongError)
    if isinstance(status, int):
        if status == 429:
            return _Failure("is asked too often (status 429)", _retry_after(error))
        pause = _PAUSE if status in {408, 409} or status >= 500 else None
        return _Failure(f"failed (status {status})", pause, status in {400, 415, 422, 500, 501})
    if "Timeout" in kind:
        return _Failure("did not answer in time")
    if "Refusal" in kind or "ContentFilter" in kind:
        return _Failure("refused to answer")
    if isinstance(error, ValueError):  # pydantic's and LangChain's parsing errors are ValueErrors
        return _Failure("gave a reply that can't be read", _PAUSE, is_of_form=True)
    return _Failure(f"could not be reached, or broke off ({kind})", _PAUSE)


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", _PAUSE)))
    except ValueError:
        return _PAUSE


def _opened(name: str, url: str | None, timeout: float) -> BaseChatModel:
    provider, _, called = name.partition(":")
    expected = "Expected provider:model, such as ollama:llama3.2, openai:gpt-4.1-mini or anthropic:claude-haiku-4-5."
    if not provider or not called:
        raise SettingsError(f"ASSISTANT_LLM is {name!r}. {expected}")
    options: dict[str, Any] = {"temperature": 0, **({"base_url": url} if url else {})}
    # langchain-ollama has no timeout of its own and no retries.
    options |= (
        {"client_kwargs": {"timeout": timeout}} if provider == "ollama" else {"timeout": timeout, "max_retries": 0}
    )
    if provider == "openai" and url and not os.environ.get("OPENAI_API_KEY"):
        options["api_key"] = "none"  # servers of one's own take any key, the client insists on one
    try:
        model: BaseChatModel = init_chat_model(name, **options)
        return model
    except ImportError as error:
        raise SettingsError(
            f"ASSISTANT_LLM is {name!r}, but the package for {provider} is not installed. Install it: pip install 'policy-assistant[{provider}]', or pip install langchain-{provider}."
        ) from error
    except (
        Exception
    ) as error:  # each provider's client has errors of its own: a key that is missing, an unknown provider
        raise SettingsError(
            f"ASSISTANT_LLM is {name!r}, which can't be used: {str(error).splitlines()[0]} {expected}"
        ) from error


def _host(name: str, model: BaseChatModel) -> str:
    """The host that questions go to."""
    provider = name.partition(":")[0]
    given = next(
        (
            url
            for key in ("openai_api_base", "base_url", "anthropic_api_url")
            if isinstance(url := getattr(model, key, None), str) and url
        ),
        os.environ.get("OLLAMA_HOST", "") if provider == "ollama" else "",
    )
    if not given:
        return _HOSTS.get(provider, f"the servers of {provider}")
    return urlsplit(given if "//" in given else f"//{given}").hostname or given
