"""`python -m training [OUT]`: train the embedder, the triage and the verdict's reader on all data, into OUT (default: the package's weights)."""

import sys
from pathlib import Path

from assistant import integrity
from assistant.embedding import WEIGHTS
from training import embedder, triage, verdicts

STAGES = ((3, 6e-5), (1, 2e-5), (1, 3e-5), (2, 3e-5))
"""Epochs and rate of each stage; its seed is its number."""

if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    for seed, (epochs, rate) in enumerate(STAGES, 1):
        found = embedder.main(out, epochs=epochs, rate=rate, seed=seed, held_out=False, start=out if seed > 1 else None)
    print(found, triage.main(out, embedder=out), verdicts.main(out, embedder=out))
    integrity.write(out)
