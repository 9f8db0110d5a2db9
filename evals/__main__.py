"""`python -m evals`: the sub-command `eval`; `python -m evals gate`: the regression gate; `python -m evals ablation`: what each part gives;
`python -m evals masking`: how much personal data is found."""

import sys

from assistant.cli import run_command
from evals.ablation import ablation
from evals.bench.command import bench
from evals.command import evaluate
from evals.gate import gate
from evals.masking import masking

OTHERS = {"gate": gate, "ablation": ablation, "masking": masking, "bench": bench}

if __name__ == "__main__":
    other = OTHERS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if other is not None:
        del sys.argv[1]
    run_command(other or evaluate)
