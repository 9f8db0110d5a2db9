"""The one door to LangChain's chat models: a prompt in, a checked object out, inside a stated time or not at all."""

import os
import threading
import time
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


class Chat:
    """A chat model by its LangChain name, "provider:model"."""

    def __init__(self, name: str, url: str | None, timeout: float) -> None:
        self.name = name
        self._model = _opened(name, url, timeout)
        self.host = _host(name, self._model)

    @property
    def is_local(self) -> bool:
        """Whether the model runs on this machine, as far as its address tells."""
        return self.host in _LOCAL

    def ask(self, system: str, user: str, schema: type[Reply], deadline: float) -> Reply:
        """The model's reply as a `schema`, at the latest at `deadline` (time.monotonic()); tried twice where that makes sense.

        Raises:
            LanguageModelError: no usable reply.
        """
        # As JSON schema: given the class, langchain-openai keeps the parsed object in the message, and warns when it writes that down.
        structured = self._model.with_structured_output(schema.model_json_schema(), include_raw=True)
        tries = 0
        while True:
            tries += 1
            try:
                return _reply(_run(structured, [("system", system), ("user", user)], deadline), schema)
            except LanguageModelError:
                raise
            except Exception as error:  # each provider's client has errors of its own
                reason, pause = _why(error)
                if tries > 1 or pause is None or time.monotonic() + pause >= deadline:
                    raise LanguageModelError(reason) from error
            time.sleep(pause)


class _Stopped(BaseException):
    """Ends a stream. No Exception: LangChain logs and swallows those of callbacks."""


class _Stop(BaseCallbackHandler):
    """Breaks a stream off at its next word once nobody waits for it, so that a local server stops computing."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def on_llm_new_token(self, token: Any, **_: Any) -> None:  # noqa: ANN401 - LangChain's signature
        """Raise where the stop was asked for."""
        if self.asked.is_set():
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
            return
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


def _why(error: Exception) -> tuple[str, float | None]:
    """What to tell of a failure, and the seconds after which to try again; None where a second try would end the same."""
    status = getattr(error, "status_code", None)
    kind = type(error).__name__
    if isinstance(status, int):
        if status == 429:
            return "is asked too often (status 429)", _retry_after(error)
        return f"failed (status {status})", _PAUSE if status in {408, 409} or status >= 500 else None
    if "Timeout" in kind:
        return "did not answer in time", None
    if "Refusal" in kind or "ContentFilter" in kind:
        return "refused to answer", None
    if isinstance(error, ValueError):  # pydantic's and LangChain's parsing errors are ValueErrors
        return "gave a reply that can't be read", _PAUSE
    return f"could not be reached, or broke off ({kind})", _PAUSE


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
