"""`python -m evals`: the sub-command `eval`; `python -m evals gate`: the regression gate; `python -m evals ablation`: what each part gives."""

import sys

from assistant.cli import run_command
from evals.ablation import ablation
from evals.command import evaluate
from evals.gate import gate

OTHERS = {"gate": gate, "ablation": ablation}

if __name__ == "__main__":
    other = OTHERS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if other is not None:
        del sys.argv[1]
    run_command(other or evaluate)
