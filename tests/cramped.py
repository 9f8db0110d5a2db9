"""Run inside a mount namespace of its own: an index on a disk that is full, has room again, and can't be written; prints what each command ended with."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.commands import called, run, serving

POLICY = "Kite Policy\n\n1 Flying\n1.1 Staff must not fly kites on the school roof.\n"
QUESTION = "Can I fly kites on the school roof?"


def main(folder):
    """`folder`: an empty folder to mount a disk of 30 MB on."""
    with tempfile.TemporaryDirectory() as elsewhere:
        policy = Path(elsewhere) / "kites.txt"
        policy.write_text(POLICY, encoding="utf-8")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(folder)], check=True)
        index = folder / "index"
        said = {"first": run("ingest", policy, "--index", index)}
        policy.write_text(f"{POLICY}1.2 Staff may fly kites on the field.\n", encoding="utf-8")
        filler = folder / "filler"
        with filler.open("wb", buffering=0) as file:
            file.write(bytes(shutil.disk_usage(folder).free))
        said["ask, full"] = run("ask", QUESTION, "--index", index)
        said["ingest, full"] = run("ingest", policy, "--index", index)
        with serving(index) as address:
            answer = called(address, "ask", QUESTION, "kites", "[]")
            filler.unlink()
            said["ingest, room"] = run("ingest", policy, "--index", index)
            later = called(address, "ask", "May I fly kites on the field?", "kites", "[]")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        said["ask, read-only"] = run("ask", QUESTION, "--index", index)
        said["ingest, read-only"] = run("ingest", policy, "--index", index)
    found = {name: [done.returncode, done.stdout, done.stderr] for name, done in said.items()}
    found["page"] = [[quote["clause"] for quote in one["quotes"]] for one in (answer, later)]
    print(json.dumps(found))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(Path(sys.argv[1]))
