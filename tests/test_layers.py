"""The architecture, held by the syntax tree: who may import whom. Imports for type checking and inside functions count."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from itertools import chain

import pytest

from tests.conftest import REPOSITORY

FILES = {
    "assistant": sorted((REPOSITORY / "src" / "assistant").rglob("*.py")),
    "ingest": sorted((REPOSITORY / "ingest").rglob("*.py")),
    "evals": sorted((REPOSITORY / "evals").rglob("*.py")),
    "app": [REPOSITORY / "app.py"],
}


def module_name(path):
    base = REPOSITORY / "src" if path.is_relative_to(REPOSITORY / "src") else REPOSITORY
    return ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in chain.from_iterable(FILES.values())}


@cache
def imported(path):
    """Names that a file imports: modules, and what it takes from them (which may be modules too)."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return names


def importers(package, *files):
    """Names of the modules that import `package`."""
    return {module_name(path) for path in files if any(name.split(".")[0] == package for name in imported(path))}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        *[(above, "assistant") for above in ("ingest", "evals", "app", "training", "tests")],
        *[(above, "ingest") for above in ("evals", "app", "training", "tests")],
        *[(above, "evals") for above in ("ingest", "app", "training", "tests")],
    ],
)
def test_no_package_imports_one_above_or_beside_it(above, below):
    assert importers(above, *FILES[below]) == set()


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("chromadb", {"assistant.vectors"}),
        ("sentence_transformers", {"assistant.embedding"}),
        ("sqlite3", {"assistant.store", "assistant.records"}),
        (
            "gradio",
            {
                f"assistant.web.{name}"
                for name in ("asking", "leads", "overview", "page", "server", "shelves", "theme", "who")
            },
        ),
        ("fastapi", {"assistant.web.server", "assistant.web.tools"}),
        (
            "starlette",
            {"app", "assistant.web.guard", "assistant.web.opening", "assistant.web.server", "assistant.web.tools"},
        ),
        ("mcp", {"assistant.web.tools"}),
        ("argon2", {"assistant.users"}),
        ("uvicorn", {"assistant.web.opening"}),
        (
            "transformers",
            {"assistant.embedding", "assistant.encoder", "assistant.triage_model", "assistant.verdict_reader"},
        ),
        ("langchain", {"assistant.llm.chat"}),
        ("langchain_core", {"assistant.llm.chat", "assistant.chains"}),
        ("requests", set()),
        ("httpx", set()),
    ],
)
def test_a_heavy_dependency_has_one_door(package, allowed):
    assert importers(package, *FILES["assistant"], *FILES["ingest"], *FILES["app"]) <= allowed


def test_there_is_no_import_cycle():
    graph = {name: {other for other in imported(path) if other in MODULES} - {name} for name, path in MODULES.items()}
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) == set(MODULES)
    assert order.index("assistant.errors") < order.index("assistant.ask") < order.index("app")
