"""A past answer, asked again at its own clocks with the rights its asker had, beside what was said then.

The record alone proves what was said and found; asking again proves that it still follows. Where it does not, the difference is
named: another answer, another value, a rule or phrase book that changed, a model outside that cannot be asked the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.record import found_in
from prompts.library import digest
from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, LoanwardError
from tools.toolbox.registry import registry

if TYPE_CHECKING:
    from assistant.wiring import Bank

ANALYST = "analyst"
READS = "the answer reads differently"
REMARKS = {
    "phrases_changed": "the phrase books have changed since",
    "rules_changed": "the rulebook has changed since",
    "talk_unknown": "made before the record kept what the talk was about",
    "outside": "{model} is outside: its words are as recorded, its calls are made again",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same: the answer's words (`call` None), a call that fails now (`problem`), or what it found. `kind` is
    values, rows, facts … `id` what of it; `then` and `now` None: not there."""

    call: int | None = None
    tool: str = ""
    kind: str = ""
    id: str = ""
    then: str | None = None
    now: str | None = None
    problem: str = ""

    @property
    def text(self) -> str:
        """As one line."""
        if self.call is None:
            return READS
        where = f"call {self.call}, {self.tool}"
        if self.problem:
            return f"{where}: {self.problem}"
        return f"{where}: {self.kind} {self.id} was {self.then or 'not there'}, is {self.now or 'not there'}"


@dataclass(frozen=True, slots=True)
class Replay:
    """`same`: the same bytes came out, and every call found the same. `again` None: only the calls could be made again."""

    id: str
    question: str
    clocks: Clocks
    model: str
    then: str
    again: str | None
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """Every change as a line."""
        return tuple(change.text for change in self.changes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What explains changes or limits the proof."""
        return tuple(REMARKS[remark].format(model=self.model) for remark in self.remarks)

    @property
    def same(self) -> bool:
        """Nothing differs."""
        return not self.changes

    def shape(self) -> dict[str, Any]:
        """The `trail replay` shape."""
        return {
            "id": self.id, "question": self.question, "as_of": self.clocks.as_of.isoformat(), "known_at": self.clocks.known_at.isoformat(),
            "model": self.model, "answer_then": self.then, "answer_now": self.again, "same": self.same,
            "differences": list(self.differences), "notes": list(self.notes),
        }  # fmt: skip


def replay(bank: Bank, caller: Caller, record_id: str) -> Replay:
    """Asks the recorded question again; nothing is recorded. BadRequest for a record that is not there, may not be seen, or is no
    answer."""
    record = bank.store.trail.show(caller, record_id)
    if record is None:
        raise BadRequest(f"no record {record_id}", fix="Find its id with: loanward trail search --act answer")
    if record["withheld"]:
        raise BadRequest(f"{record_id} was told to {record['user']}", fix="Its author or an auditor can replay it")
    payload = record.get("payload")
    if not isinstance(payload, Mapping) or "question" not in payload or "clocks" not in payload:
        raise BadRequest(
            f"{record_id} is no answer but {record['act']}"
            if payload
            else f"{record_id} was erased: its payload's key is gone",
            fix="Replay a record of act answer",
        )
    clocks = Clocks(date.fromisoformat(payload["clocks"]["as_of"]), datetime.fromisoformat(payload["clocks"]["known_at"]))
    asker = _asker(bank, caller, str(record["user"]), datetime.fromisoformat(str(record["at"])))
    desk = bank.desk(asker, clocks)
    remarks = []
    if payload.get("prompts") != digest():
        remarks.append("phrases_changed")
    if payload.get("rulebook") != bank.rulebook.digest:
        remarks.append("rules_changed")
    if "before" not in payload:
        remarks.append("talk_unknown")
    model = str(payload["model"])
    changes: list[Change] = []
    again: str | None = None
    if model == ANALYST:
        again, _ = bank.assistant.again(payload["question"], desk, payload.get("before") or {}, payload.get("borrower"))
        if again != payload["answer"]:
            changes.append(Change())
    else:
        remarks.append("outside")
    for place, call in enumerate(payload["tools"]):
        changes += _changes(place, call, bank.desk(asker, clocks))
    return Replay(
        record_id, payload["question"], clocks, model, str(payload["answer"]), again, tuple(changes), tuple(remarks)
    )  # fmt: skip


def _asker(bank: Bank, caller: Caller, user: str, at: datetime) -> Caller:
    """Whoever sees everything replays with the rights the asker had then; anyone else with his own."""
    if user == caller.user or not (caller.everything or caller.role == "auditor"):
        return caller
    return bank.caller(user, at)


def _changes(place: int, call: Mapping[str, Any], desk: Any) -> list[Change]:
    then, name = call.get("found") or {}, str(call["name"])
    number = place + 1
    if name not in registry():
        return [Change(number, name, problem="this tool is not there any more")]
    try:
        now = found_in(registry()[name].call(desk, call["arguments"]).artifact)
    except LoanwardError as problem:
        return [] if call.get("error") else [Change(number, name, problem=str(problem))]
    if not then and not call.get("error"):
        return []
    found: list[Change] = []
    for kind in sorted({*then, *now}):
        before, after = then.get(kind) or {}, now.get(kind) or {}
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            changed = sorted(id for id in {*before, *after} if before.get(id) != after.get(id))
            found += [Change(number, name, kind, str(id), _said(before.get(id)), _said(after.get(id))) for id in changed]
        else:
            gone, new = sorted({*before} - {*after}), sorted({*after} - {*before})
            found += [Change(number, name, kind, str(one), str(one), None) for one in gone]
            found += [Change(number, name, kind, str(one), None, str(one)) for one in new]
            if not gone and not new:
                found.append(Change(number, name, kind, problem=f"{kind} come in another order"))
    return found


def _said(value: Any) -> str | None:
    return None if value is None else str(value)
