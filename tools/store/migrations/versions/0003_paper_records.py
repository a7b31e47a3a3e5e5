"""What papers other than statements say: lines of bank accounts and records of invoices, bills, returns and reports."""

import sqlalchemy as sa
from alembic import op

from tools.store.columns import Exact, Json, UtcTime
from tools.store.dialects import guard_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables, append-only but for the borrower a document is filed under."""
    op.create_table(
        "account_lines",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=True),
        sa.Column("account_number", sa.String(), nullable=True),
        sa.Column("account_bank", sa.String(), nullable=True),
        sa.Column("account_name", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("time", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("balance_after", Exact(), nullable=True),
        sa.Column("counterparty_name", sa.String(), nullable=True),
        sa.Column("counterparty_account", sa.String(), nullable=True),
        sa.Column("counterparty_bank", sa.String(), nullable=True),
        sa.Column("memo", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box", Json(), nullable=True),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("confidence", Exact(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_account_lines_borrower")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_account_lines_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_lines")),
    )
    op.create_index(op.f("ix_account_lines_borrower"), "account_lines", ["borrower"], unique=False)
    op.create_index("ix_account_lines_borrower_value_date", "account_lines", ["borrower", "value_date"], unique=False)
    op.create_index("ix_account_lines_sha256", "account_lines", ["sha256"], unique=False)
    op.create_table(
        "paper_records",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("party_role", sa.String(), nullable=True),
        sa.Column("counterparty", sa.String(), nullable=True),
        sa.Column("amount", Exact(), nullable=True),
        sa.Column("tax", Exact(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("measures", Json(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box", Json(), nullable=True),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", Exact(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_paper_records_borrower")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_paper_records_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_records")),
    )
    op.create_index(op.f("ix_paper_records_borrower"), "paper_records", ["borrower"], unique=False)
    op.create_index("ix_paper_records_borrower_kind", "paper_records", ["borrower", "kind"], unique=False)
    op.create_index("ix_paper_records_sha256", "paper_records", ["sha256"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in ("account_lines", "paper_records"):
        columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table) if c["name"] != "borrower"]
        for statement in guard_statements(dialect, table, columns):
            op.execute(statement)
