"""The monitor's results, alerts with their history, proposals with their decisions."""

import sqlalchemy as sa
from alembic import op

from tools.store.columns import Json, UtcTime
from tools.store.dialects import guard_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDED = {
    "monitor_runs": (),
    "signal_results": ("as_of", "recorded_at", "known_at", "digest", "content"),
    "alerts": ("id", "family", "opened_at"),
    "alert_events": (),
    "proposals": ("id", "loan", "kind", "digest", "as_of", "content", "by", "at", "trail_id"),
    "proposal_decisions": (),
}


def upgrade() -> None:
    """Six tables, append-only but for the borrower of a provisional one that was merged."""
    op.create_table(
        "monitor_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_runs")),
    )
    op.create_index(op.f("ix_monitor_runs_as_of"), "monitor_runs", ["as_of"], unique=False)
    op.create_index(op.f("ix_monitor_runs_recorded_at"), "monitor_runs", ["recorded_at"], unique=False)
    op.create_table(
        "signal_results",
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("known_at", UtcTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_signal_results_borrower")),
        sa.PrimaryKeyConstraint("borrower", "as_of", "recorded_at", name=op.f("pk_signal_results")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_alerts_borrower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_borrower"), "alerts", ["borrower"], unique=False)
    op.create_table(
        "alert_events",
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_alert_events_alert")),
        sa.PrimaryKeyConstraint("alert", "position", name=op.f("pk_alert_events")),
    )
    op.create_index("ix_alert_events_at", "alert_events", ["at"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("loan", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_proposals_borrower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_borrower"), "proposals", ["borrower"], unique=False)
    op.create_table(
        "proposal_decisions",
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["proposal"], ["proposals.id"], name=op.f("fk_proposal_decisions_proposal")),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_proposal_decisions")),
    )
    dialect = op.get_bind().dialect.name
    for table, fixed in GUARDED.items():
        for statement in guard_statements(dialect, table, fixed):
            op.execute(statement)
