"""The README says what is so: its settings, its commands, its files."""

import re

import pytest

from assistant.cli import COMMANDS, HELP
from assistant.settings import Settings
from tests.commands import help_of
from tests.conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def settings_table():
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f" `{field.default}`"
        rows.append(f"| `ASSISTANT_{name.upper()}` |{default} | {field.description} |")
    return "\n".join(rows)


def test_the_settings_are_those_of_the_program():
    listed = README.partition("<!-- settings -->\n")[2].partition("\n<!-- /settings -->")[0]
    assert listed == settings_table()


def section(title):
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


LINES = re.findall(r"^policy-assistant (\w+)(.*)$", section("The command line"), re.MULTILINE)


def test_every_command_is_listed_and_no_other():
    assert {command for command, _ in LINES} == set(COMMANDS) == set(HELP)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_listed_exists(command):
    listed = {option for name, rest in LINES if name == command for option in re.findall(r"--\w+", rest.split("#")[0])}
    shown = set(re.findall(r"--\w+", help_of(command)))
    assert listed | {"--help"} | (set() if command in {"licences", "log", "users"} else {"--index"}) <= shown


def test_every_command_in_the_text_exists():
    assert set(re.findall(r"policy-assistant (\w+)", README)) <= set(COMMANDS)


def test_the_files_that_it_names_exist():
    linked = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README)
    named = re.findall(r"`((?:src|docs|evals|training|corpus|prompts)/[\w./-]*)`", README)
    assert linked
    for name in (*linked, *named):
        assert (REPOSITORY / name).exists(), name


@pytest.mark.parametrize("folder", ["corpus", "prompts", "evals", "training"])
def test_a_folder_beside_the_code_explains_itself(folder):
    assert (REPOSITORY / folder / "README.md").read_text(encoding="utf-8").startswith("# ")


def test_the_formats_it_promises_are_those_that_are_read():
    from ingest.load import READERS

    promised = set(
        re.findall(r"\.(?:txt|md|html|docx|odt|rtf|pdf)\b", section("Your own policies").partition("Files may be")[2])
    )
    assert promised == set(READERS) - {".markdown", ".htm"}
