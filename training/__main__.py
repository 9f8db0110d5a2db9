"""`python -m training [OUT]`: train the embedder, the triage and the verdict's reader on all data, embed the examples, into OUT (default: the package's weights)."""

import shutil
import sys
import tempfile
from pathlib import Path

from assistant import integrity
from assistant.embedding import WEIGHTS
from training import embedder, examples, triage, verdicts

STAGES = ((3, 6e-5), (1, 2e-5), (1, 3e-5), (2, 3e-5), (1, 3e-5), (1, 3e-5))
"""Epochs and rate of each stage; its seed is its number."""
BLENDED, SHARE = 4, 0.6
"""The stage that the last one is blended with, and the last one's share."""

if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    with tempfile.TemporaryDirectory() as kept:
        for stage, (epochs, rate) in enumerate(STAGES, 1):
            start = out if stage > 1 else None
            found = embedder.main(out, epochs=epochs, rate=rate, seed=stage, held_out=False, start=start)
            if stage == BLENDED:
                shutil.copytree(out, kept, dirs_exist_ok=True)
        embedder.mean(Path(kept), out, SHARE)
    print(found, triage.main(out, embedder=out), verdicts.main(out, embedder=out))
    integrity.write(out)
    if out == WEIGHTS:  # examples are embedded by the package's own weights
        print(examples.main(out))
        integrity.write(out)
