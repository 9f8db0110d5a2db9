"""The bench's own logic: what is measured in turn, what is said of it, and the clauses that it makes up."""

import subprocess
import time
from dataclasses import replace

import numpy as np
import pytest

from assistant.quoting import is_proved
from evals.bench.asking import first, recall
from evals.bench.grammar import document, rules, text
from evals.bench.measure import fairness, interleaved, processor_of_children, ratios, summary
from evals.bench.plots import page
from evals.bench.sizes import Held, Sampled, documents, shelves
from ingest.manifest import Manifest
from ingest.read import read_document


def test_tasks_are_measured_in_turn_and_warm_rounds_do_not_count():
    calls = []
    times = interleaved(
        {"a": lambda number: calls.append(f"a{number}"), "b": lambda number: calls.append(f"b{number}")}, 2, warm=1
    )

    assert calls == ["a1", "b1", "a0", "b0", "a1", "b1"]
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 2, "b": 2}


def test_what_is_said_of_times():
    assert summary([0.001, 0.002, 0.003]) == {"median_ms": 2.0, "p95_ms": 2.9, "count": 3}
    assert ratios([0.2, 0.4, 0.6], [0.1, 0.2, 0.3]) == {"median": 2.0, "p95": 2.0}


@pytest.mark.parametrize(
    ("waits", "index"), [([1.0, 1.0, 1.0], 1.0), ([1.0], 1.0), ([0.0, 0.0, 0.0, 4.0], 0.25), ([1.0, 3.0], 0.8)]
)
def test_fairness_is_jain_s_index(waits, index):
    assert fairness(waits) == index


def test_what_the_processor_spends_on_a_running_child_is_counted():
    with subprocess.Popen(["yes"], stdout=subprocess.DEVNULL) as child:
        until = time.monotonic() + 60
        while not processor_of_children()["yes"] and time.monotonic() < until:
            time.sleep(0.05)
        spent = processor_of_children()["yes"]
        child.kill()

    assert spent > 0
    assert processor_of_children()["yes"] == 0


def test_the_grammar_s_rules_differ_and_come_again():
    made = list(rules(3, 500))

    assert len(set(made)) == 500
    assert made == list(rules(3, 500))
    assert made != list(rules(4, 500))


def test_a_synthetic_document_is_what_reading_its_file_gives(tmp_path):
    made = document(6, 45)
    read = read_document(tmp_path / "policy-000007.md", text(6, 45).encode(), Manifest(), "policy-000007")

    assert [(c.id, c.text, c.modality) for c in made.clauses] == [(c.id, c.text, c.modality) for c in read.clauses]
    assert all(is_proved(made, clause) for clause in made.clauses)


@pytest.mark.parametrize(("clauses", "sizes"), [(50, [50]), (200, [200]), (401, [200, 200, 200])])
def test_synthetic_documents_come_whole(clauses, sizes):
    assert [len(one.clauses) for one in documents(clauses)] == sizes


def test_vectors_stray_from_real_ones_as_clauses_do(embedder, tmp_path):
    sampled = Sampled(embedder)
    made = np.stack([one.vector for one in sampled.clauses(["x"] * 50)])
    nearest = (made @ np.stack([seed.vector for seed in sampled.seeds]).T).max(axis=1)

    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert 0.8 < nearest.mean() < 0.97
    held = Held(tmp_path, embedder, shelves(200, sampled)).snapshot()
    assert [len(shelf.embeddings) for shelf in held.shelves] == [200]


def test_the_first_documents_reach_the_clauses_wanted(assistant):
    snapshot = assistant.index.snapshot()
    taken = first(snapshot, 400)
    counts = [len(shelf.document.clauses) for shelf in taken]

    assert sum(counts) >= 400 > sum(counts[:-1])
    assert first(snapshot, 10**9) == snapshot.shelves


@pytest.mark.parametrize("large", [50_000, 1])
def test_the_search_is_exact(assistant, large, monkeypatch):
    monkeypatch.setattr("assistant.index.LARGE", large)
    snapshot = replace(assistant.index.snapshot())
    monkeypatch.setattr(assistant.index, "snapshot", lambda: snapshot)
    assert recall(assistant, ["May I post photos of pupils?", "Who do I tell about a worrying post?"]) == 1.0


def test_every_figure_of_a_section_is_drawn_with_its_target():
    row = {"median_ms": 10.0, "p95_ms": 20.0, "answers_a_second": 3.0}
    found = {
        "machine": {"processor": "<b>"},
        "clock": "wall",
        "ask": {"clauses": 461, "embed": row, "ratios": {"answer_without_models/embed": {"median": 1.06}}},
        "sizes": {"10000": {"clauses": 10_000, "ratios": {"answer/embed": {"median": 1.23}}, "target": 1.5}},
        "users": {"128": row},
    }
    drawn = page(found)

    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn
    assert [word in drawn for word in ("461 clauses", "10,000 clauses", "128, p95", ">1.23<", "target 1.5")] == [
        True
    ] * 5
    assert drawn.count("<h2>") == 4
    assert "Ingest" not in drawn
