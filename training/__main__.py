"""`python -m training [OUT]`: train the embedder and the triage heads on all data, into OUT (default: the package's weights).

`python -m training reader OUT` trains the experimental reader on top of the embedder in OUT.
"""

import sys
from pathlib import Path

from assistant.embedding import WEIGHTS
from training import embedder, reader

if __name__ == "__main__":
    if sys.argv[1:2] == ["reader"]:
        print(reader.main(Path(sys.argv[2]), held_out=False))
    else:
        print(embedder.main(Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS, held_out=False))
