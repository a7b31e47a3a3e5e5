"""What an officer taught about labels no fact came of: recorded and reversible like every correction."""

import sqlalchemy as sa
from alembic import op

from tools.store.columns import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "label_lessons",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("reversed_at", UtcTime(), nullable=True),
        sa.Column("reversed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_label_lessons_borrower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_lessons")),
    )
    op.create_index(op.f("ix_label_lessons_borrower"), "label_lessons", ["borrower"], unique=False)
