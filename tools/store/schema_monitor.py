"""Tables of the monitor: what each run found, alerts with their history, and proposals with their decisions.

All insert-only. What an alert or a proposal is now is its newest event, so that "as known then" is the newest event of that
time and nothing that was once told to an officer can be rewritten.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from tools.store.columns import Json, UtcTime
from tools.store.schema import metadata

monitor_runs = Table(
    "monitor_runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("as_of", Date, nullable=False, index=True),
    Column("known_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False, index=True),
    Column("user", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("report", Json, nullable=False),
)
"""One row per run that found something new."""

signal_results = Table(
    "signal_results",
    metadata,
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("known_at", UtcTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("borrower", "as_of", "recorded_at"),
)
"""Every signal's verdict of one borrower, hit or not, as packed JSON; a new row only when the content is new."""

alerts = Table(
    "alerts",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("family", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
)

alert_events = Table(
    "alert_events",
    metadata,
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("by", String, nullable=False),
    Column("act", String, nullable=False),
    Column("state", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("content", Json, nullable=False),
    Column("trail_id", String, nullable=False),
    PrimaryKeyConstraint("alert", "position"),
    Index("ix_alert_events_at", "at"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("loan", String),
    Column("kind", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("content", Json, nullable=False),
    Column("by", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("trail_id", String, nullable=False),
)

proposal_confirmations = Table(
    "proposal_confirmations",
    metadata,
    Column("proposal", String, ForeignKey("proposals.id"), primary_key=True),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("trail_id", String, nullable=False),
)
"""The second of three steps (初分, 认定, 审批): somebody stands by the case before a third person decides it."""

proposal_decisions = Table(
    "proposal_decisions",
    metadata,
    Column("proposal", String, ForeignKey("proposals.id"), primary_key=True),
    Column("state", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("trail_id", String, nullable=False),
)
"""`state` approved, rejected, or withdrawn when a later run no longer finds the cause."""

INSERT_ONLY = {
    "monitor_runs": (), "signal_results": ("as_of", "recorded_at", "known_at", "digest", "content"),
    "alerts": ("id", "family", "opened_at"), "alert_events": (),
    "proposals": ("id", "loan", "kind", "digest", "as_of", "content", "by", "at", "trail_id"), "proposal_decisions": (),
    "proposal_confirmations": (),
}  # fmt: skip
"""Table → columns that never change (none named: none may); only the borrower may, when a provisional one is merged."""
