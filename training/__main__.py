"""`python -m training [OUT]`: train the embedder, the triage heads and the reader on all data, into OUT (default: the package's weights)."""

import sys
from pathlib import Path

from assistant.embedding import WEIGHTS
from training import embedder, reader

if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS
    print(embedder.main(out, held_out=False))
    print(reader.main(out, held_out=False))
