"""What people decide about a covenant: confirmed, waived for some tests, its limit reset, a breach cured, a duty found kept or broken.

Each is a record of its own in the trail.

The trail is the only place such a decision lives, so that what holds at a knowledge date is what had been recorded by then, and
nobody can change it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from tools.domain.covenant_shapes import untested_shape
from tools.domain.covenants import Covenant, Cured, Step, Waiver, parse_limit
from tools.domain.money import plain
from tools.domain.restricted_acts import Finding
from tools.errors import BadRequest, NotPermitted
from tools.store.trail import Act
from tools.toolbox.desk import Desk

Change = Callable[[Covenant], Covenant]
ACTS = {"confirm": Act.CONFIRM, "waive": Act.ACT, "reset": Act.ACT, "cure": Act.ACT, "find": Act.ACT}
CURES: Mapping[str, Literal["raise", "cut"]] = {"equity": "raise", "prepayment": "cut"}
"""How the owner's money cures: counted as earnings, or used to prepay."""
MOST_RECORDS = 100_000


def change_covenant(desk: Desk, act: str, covenant: str, now: datetime, **details: Any) -> dict[str, Any]:
    """Record one decision: confirm; waive (until, reason); reset (threshold, first, reason); cure (test, kind, amount, reason);
    find (kept, day, reason). Returns
    the covenant and the record's id.

    Raises NotPermitted for who may only read, BadRequest for an unknown covenant or a decision that does not fit it."""
    from tools.toolbox.covenant_desk import one_covenant

    if not desk.caller.can_write:
        raise NotPermitted("this role may only read", fix="Ask a colleague who may record decisions")
    known = one_covenant(desk, covenant)
    payload = _payload(act, known, details)
    record = desk.store.trail.append(desk.caller, ACTS[act], f"covenant {known.id}", payload, now, known.borrower)
    changed = _change(payload)(known)
    return untested_shape(changed) | {"act": act, "trail_id": record.id}


def decided(desk: Desk, borrower: str | None) -> dict[str, Change]:
    """Covenant id → everything decided about it by the knowledge date, applied oldest first."""
    found: dict[str, Change] = {}
    records = [
        record
        for act in (Act.CONFIRM, Act.ACT)
        for record in desk.store.trail.search(desk.caller, act=act, borrower=borrower, limit=MOST_RECORDS)
        if record.object.startswith("covenant ") and record.at <= desk.clocks.known_at
    ]
    for record in sorted(records, key=lambda r: r.position):
        shown = desk.store.trail.show(desk.caller, record.id)
        payload = shown.get("payload") if shown else None
        if payload:
            found[payload["covenant"]] = _after(found.get(payload["covenant"]), _change(payload))
    return found


def _after(first: Change | None, then: Change) -> Change:
    if first is None:
        return then
    before = first
    return lambda covenant: then(before(covenant))


def _payload(act: str, covenant: Covenant, details: Mapping[str, Any]) -> dict[str, Any]:
    base = {"act": act, "covenant": covenant.id, "terms": untested_shape(covenant)}
    match act:
        case "confirm":
            if covenant.state != "proposed":
                raise BadRequest(
                    f"covenant {covenant.id} is {covenant.state} already", fix="Only proposed covenants are confirmed"
                )
            return base
        case "waive":
            until, reason = details.get("until"), str(details.get("reason") or "").strip()
            if not isinstance(until, date) or not reason:
                raise BadRequest("a waiver needs a last day and a reason", fix="Give --until and --reason")
            return base | {"until": until.isoformat(), "reason": reason}
        case "reset":
            threshold, first, reason = details.get("threshold"), details.get("first"), str(details.get("reason") or "").strip()
            if not isinstance(threshold, Decimal) or not isinstance(first, date) or not reason:
                raise BadRequest("a reset needs a limit, a first day and a reason", fix="Give --threshold, --from and --reason")
            if covenant.operator is None:
                raise BadRequest(
                    f"covenant {covenant.id} has no limit that could be reset", fix="Only numeric covenants have one"
                )
            return base | {"threshold": plain(threshold), "first": first.isoformat(), "reason": reason}
        case "cure":
            test, amount, kind = details.get("test"), details.get("amount"), details.get("kind")
            reason = str(details.get("reason") or "").strip()
            if not isinstance(test, date) or not isinstance(amount, Decimal) or amount <= 0 or kind not in CURES or not reason:
                raise BadRequest(
                    "a cure needs a test date, an amount above zero, its kind and a reason",
                    fix="Give --test, --amount, --kind equity or prepayment, and --reason",
                )
            return base | {"test": test.isoformat(), "amount": plain(amount), "kind": kind, "reason": reason}
        case "find":
            kept, seen, reason = details.get("kept"), details.get("day"), str(details.get("reason") or "").strip()
            if not isinstance(kept, bool) or not isinstance(seen, date) or not reason:
                raise BadRequest(
                    "a finding needs whether it is kept, a day and a reason", fix="Give --kept or --broken, --on and --reason"
                )
            if covenant.metric is not None and covenant.type != "incurrence":
                raise BadRequest(
                    f"covenant {covenant.id} is tested on figures",
                    fix="A figure decides it; a waiver or a cure is recorded as such",
                )
            return base | {"kept": kept, "day": seen.isoformat(), "reason": reason}
        case _:
            raise BadRequest(f"{act!r} is not a decision about a covenant", fix=f"Use one of {', '.join(ACTS)}")


def _change(payload: Mapping[str, Any]) -> Change:
    match payload["act"]:
        case "confirm":
            return lambda covenant: replace(covenant, state="confirmed")
        case "waive":
            waiver = Waiver(None, date.fromisoformat(payload["until"]))
            return lambda covenant: replace(covenant, waivers=(*covenant.waivers, waiver))
        case "cure":
            cure = Cured(date.fromisoformat(payload["test"]), CURES[payload["kind"]], Decimal(payload["amount"]))
            return lambda covenant: replace(covenant, cures=(*covenant.cures, cure))
        case "find":
            finding = Finding(bool(payload["kept"]), date.fromisoformat(payload["day"]), str(payload["reason"]))
            return lambda covenant: replace(covenant, findings=(*covenant.findings, finding))
        case _:
            first, text = date.fromisoformat(payload["first"]), str(payload["threshold"])
            return lambda covenant: _with_step(covenant, first, text)


def _with_step(covenant: Covenant, first: date, text: str) -> Covenant:
    """A reset holds from its day on: later steps of the contract no longer do."""
    kept = tuple(step for step in covenant.steps if step.from_date < first)
    return replace(covenant, steps=(*kept, Step(first, parse_limit(text, covenant.operator))))
