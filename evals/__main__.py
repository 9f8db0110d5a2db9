"""`python -m evals`: the sub-command `eval`; `python -m evals gate`: the regression gate."""

import sys

from assistant.cli import run_command
from evals.command import evaluate
from evals.gate import gate

if __name__ == "__main__":
    if sys.argv[1:2] == ["gate"]:
        del sys.argv[1]
        run_command(gate)
    run_command(evaluate)
