"""Proposals confirmed (认定) by somebody else than who decides them (审批)."""

import sqlalchemy as sa
from alembic import op

from tools.store.columns import UtcTime
from tools.store.dialects import guard_statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, append-only."""
    op.create_table(
        "proposal_confirmations",
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["proposal"], ["proposals.id"], name=op.f("fk_proposal_confirmations_proposal")),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_proposal_confirmations")),
    )
    for statement in guard_statements(op.get_bind().dialect.name, "proposal_confirmations", ()):
        op.execute(statement)
