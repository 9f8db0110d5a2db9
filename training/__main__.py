"""`python -m training [OUT]`: train the embedder and the triage heads on all data, into OUT (default: the package's weights)."""

import sys
from pathlib import Path

from assistant.embedding import WEIGHTS
from training import embedder

if __name__ == "__main__":
    print(embedder.main(Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS, held_out=False))
