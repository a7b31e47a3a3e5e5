"""Letters to borrowers, drafted from the data for a person to send: a request for papers, a payment reminder, a covenant notice.

The text is the analyst's, checked like an answer and recorded in the trail. Nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.analyst.conversation import Conversation
from assistant.analyst.plans import Heard, Part, Plan
from assistant.analyst.reading import read
from assistant.analyst.recipes import calls_for
from assistant.analyst.words import has_cjk
from assistant.analyst.writing import write
from assistant.checking import check
from assistant.citing import Citation
from assistant.context import Run
from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, LoanwardError
from tools.store.trail import Act
from tools.toolbox.artifacts import Artifact

if TYPE_CHECKING:
    from assistant.wiring import Bank

KINDS = ("information_request", "reminder", "covenant_notice")


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft. `verified`: every number, date and name in it stands in what the tools found."""

    borrower: str
    kind: str
    language: str
    text: str
    citations: tuple[Citation, ...]
    verified: bool
    clocks: Clocks
    trail_id: str

    def shape(self) -> dict[str, Any]:
        """The `letter` shape."""
        return {
            "borrower": self.borrower, "kind": self.kind, "language": self.language, "text": self.text,
            "citations": [citation.shape() for citation in self.citations], "verified": self.verified, "state": "draft",
            "as_of": self.clocks.as_of.isoformat(), "known_at": self.clocks.known_at.isoformat(), "trail_id": self.trail_id,
        }  # fmt: skip


def write_letter(
    bank: Bank, caller: Caller, borrower: str, kind: str, *, clocks: Clocks, now: datetime, language: str | None = None
) -> Letter:
    """Drafts one letter in the borrower's language (or `language`) and records it. BadRequest for an unknown kind or a draft that does not
    stand; UnknownBorrower."""
    if kind not in KINDS:
        raise BadRequest(f"{kind!r} is no kind of letter", fix=f"Use one of {', '.join(KINDS)}")
    desk = bank.desk(caller, clocks)
    who = desk.borrower(borrower)
    spoken = language or ("zh" if has_cjk(who.name) else "en")
    tongue = bank.assistant.tongue
    part = Part("letter", read(who.name, clocks.as_of, tongue.lexicon), (Heard(who.id, "given"),), options={"letter": kind})
    calls = calls_for(part)
    part = Part(part.frame, part.reading, part.borrowers, tuple(range(len(calls))), part.options)
    run = Run(desk, f"letter {kind} {who.id}", bank.assistant.names, bank.assistant.value_names)
    found: list[Artifact | None] = []
    for call in calls:
        try:
            found.append(run.call(call.tool, call.arguments).artifact)
        except LoanwardError:
            found.append(None)
    written = write(Plan(spoken, (part,), tuple(calls), Conversation()), found, tongue.glossary, clocks.as_of)
    bad = check(run, written.text)
    if bad or run.cited is None:
        raise BadRequest(
            f"the draft could not be traced to its sources: {'; '.join(f'{u.kind} {u.text}' for u in bad[:3])}", where=who.id,
            fix="Report this with the borrower and the kind of letter",
        )  # fmt: skip
    payload: Mapping[str, Any] = {
        "kind": kind, "language": spoken, "text": run.cited.text, "citations": [c.shape() for c in run.cited.citations],
        "clocks": {"as_of": clocks.as_of.isoformat(), "known_at": clocks.known_at.isoformat()}, "state": "draft",
    }  # fmt: skip
    record = bank.store.trail.append(caller, Act.LETTER, kind, payload, now.astimezone(UTC), who.id)
    return Letter(who.id, kind, spoken, run.cited.text, tuple(run.cited.citations), True, clocks, record.id)
