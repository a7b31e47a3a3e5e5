"""Every error a user may meet.

LoanwardError (exit 2)
├── BadRequest            the question, id, date or option is wrong
│   └── UnknownBorrower   an explicit id that no book and no document names
├── SettingsError         a settings file or variable is wrong
├── NotPermitted (exit 3) the role lacks the command
├── UnreadableFile (1)    one file cannot be read; it goes to quarantine, the rest goes on
├── ImportRefused         a loan-book file is broken: nothing was changed
├── RulebookError         a rule's data or its own tests are wrong: not loaded
│   └── NothingInForce     no version of a rule holds on the day asked for
├── StoreError            the home folder or database cannot be used
└── ModelUnavailable      the chat or embedding model cannot be reached or loaded

Each message says where (file, page, row, field), what is wrong and what to do about it; no traceback reaches a user.
"""

from __future__ import annotations


class LoanwardError(Exception):
    """A failure worth telling a person: `where` it is, what is wrong, and what cures it (`fix`)."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.fix}" if self.fix else head


class BadRequest(LoanwardError):
    """The request itself is wrong."""


class UnknownBorrower(BadRequest):
    """An explicit borrower id that does not exist for this caller."""


class SettingsError(LoanwardError):
    """A setting has a wrong name or value."""


class NotPermitted(LoanwardError):
    """The caller's role lacks this command."""

    exit_code = 3


class UnreadableFile(LoanwardError):
    """One file cannot be read. `reason` is a stable code such as encrypted, truncated, empty, mislabelled, too_large."""

    exit_code = 1

    def __init__(self, what: str, *, reason: str, where: str = "", fix: str = "") -> None:
        self.reason = reason
        super().__init__(what, where=where, fix=fix)


class ImportRefused(LoanwardError):
    """A loan-book file cannot be used at all; the book is unchanged."""


class RulebookError(LoanwardError):
    """A rule cannot be loaded."""


class NothingInForce(RulebookError):
    """No version of a rule holds on the business date asked for: the day is before the rulebook's."""


class StoreError(LoanwardError):
    """The store cannot be opened or written."""


class ModelUnavailable(LoanwardError):
    """A model is not reachable or not installed."""
