"""The command line: `loanward` and `python -m integrations.cli`.

Commands are loaded when called, so that a figure question does not pay for readers, vectors or servers.
"""

from integrations.cli.entry import main

__all__ = ["main"]
