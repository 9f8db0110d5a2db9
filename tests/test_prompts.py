"""Every prompt takes what the code fills in; a school's own file stands in for ours, or is refused with the reason."""

import pytest

from assistant.errors import SettingsError
from assistant.llm.prompts import VARIABLES, read_prompt
from assistant.resources import prompts_folder
from tests.conftest import REPOSITORY


def test_every_prompt_is_filled_by_the_code_and_told_in_the_readme():
    names = {path.stem for path in prompts_folder().glob("*.md")} - {"README"}
    assert names == set(VARIABLES)
    readme = (REPOSITORY / "prompts" / "README.md").read_text(encoding="utf-8")
    for name in names:
        row = next(line for line in readme.splitlines() if f"`{name}.md`" in line)
        assert all(f"`${variable}`" in row for variable in VARIABLES[name])


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_prompt_is_filled_whole_and_values_are_not_filled_again(name):
    prompt = read_prompt(name)
    filled = "\n".join(prompt.fill(**{variable: f"<{variable}> $mark ${{question}}" for variable in VARIABLES[name]}))
    assert all(f"<{variable}> $mark ${{question}}" in filled for variable in VARIABLES[name])
    assert prompt.version.isdigit()


OWN = "---\nname: search\nversion: 7\n---\nBe brief.\n\n# Input\n\n$mark $question $before\n"


def test_a_file_of_the_schools_own_stands_in_for_ours(tmp_path):
    (tmp_path / "search.md").write_text(OWN, encoding="utf-8")
    prompt = read_prompt("search", tmp_path)
    assert prompt.version == "7"
    assert prompt.fill(mark="m", question="q", before="b") == ("Be brief.", "m q b")
    assert read_prompt("answer", tmp_path).version == read_prompt("answer").version


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        OWN.replace("$before", ""),
        OWN.replace("$mark", "$secret"),
        OWN.replace("# Input", "# Other"),
        OWN.replace("name: search", "name: answer"),
        OWN.replace("version: 7", ""),
        OWN[4:],
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, text):
    (tmp_path / "search.md").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"search\.md can't be used\. Expected .+before, mark, question.+README"):
        read_prompt("search", tmp_path)
