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


@dataclass(frozen=True, slots=True)
class Replay:
    """`same`: the same bytes came out, and every call found the same. `again` None: only the calls could be made again."""

    id: str
    question: str
    clocks: Clocks
    model: str
    then: str
    again: str | None
    differences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Nothing differs."""
        return not self.differences

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
    notes = []
    if payload.get("prompts") != digest():
        notes.append("the phrase books have changed since")
    if payload.get("rulebook") != bank.rulebook.digest:
        notes.append("the rulebook has changed since")
    if "before" not in payload:
        notes.append("made before the record kept what the talk was about")
    model = str(payload["model"])
    differences: list[str] = []
    again: str | None = None
    if model == ANALYST:
        again, _ = bank.assistant.again(payload["question"], desk, payload.get("before") or {}, payload.get("borrower"))
        if again != payload["answer"]:
            differences.append("the answer reads differently")
    else:
        notes.append(f"{model} is outside: its words are as recorded, its calls are made again")
    for place, call in enumerate(payload["tools"]):
        differences += _differences(place, call, bank.desk(asker, clocks))
    return Replay(
        record_id, payload["question"], clocks, model, str(payload["answer"]), again, tuple(differences), tuple(notes)
    )  # fmt: skip


def _asker(bank: Bank, caller: Caller, user: str, at: datetime) -> Caller:
    """Whoever sees everything replays with the rights the asker had then; anyone else with his own."""
    if user == caller.user or not (caller.everything or caller.role == "auditor"):
        return caller
    return bank.caller(user, at)


def _differences(place: int, call: Mapping[str, Any], desk: Any) -> list[str]:
    then, name = call.get("found") or {}, str(call["name"])
    where = f"call {place + 1}, {name}"
    if name not in registry():
        return [f"{where}: this tool is not there any more"]
    try:
        now = found_in(registry()[name].call(desk, call["arguments"]).artifact)
    except LoanwardError as problem:
        return [] if call.get("error") else [f"{where}: {problem}"]
    if not then and not call.get("error"):
        return []
    found: list[str] = []
    for kind in sorted({*then, *now}):
        before, after = then.get(kind) or {}, now.get(kind) or {}
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            changed = sorted(id for id in {*before, *after} if before.get(id) != after.get(id))
            found += [
                f"{where}: {kind} {id} was {before.get(id, 'not there')}, is {after.get(id, 'not there')}" for id in changed
            ]
        else:
            gone, new = sorted({*before} - {*after}), sorted({*after} - {*before})
            found.append(
                f"{where}: {kind} differ" + "".join(f"; no longer {x}" for x in gone) + "".join(f"; now {x}" for x in new)
            )
    return found
