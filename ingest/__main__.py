"""`python -m ingest`: the sub-command `ingest`."""

from assistant.cli import run_command
from ingest.command import ingest

if __name__ == "__main__":
    run_command(ingest)
