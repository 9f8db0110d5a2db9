"""`python -m training [OUT]`: train the embedder and the triage heads on all data, into OUT (default: the package's weights)."""

import sys
from pathlib import Path

from assistant.embedding import WEIGHTS
from training import embedder

if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    embedder.main(out, held_out=False)
    print(embedder.main(out, epochs=1, rate=2e-5, seed=2, held_out=False, start=out))
