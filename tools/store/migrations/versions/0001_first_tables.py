"""The first tables, and what keeps the append-only ones append-only."""

import sqlalchemy as sa
from alembic import op

from tools.store.columns import Exact, Json, UtcTime
from tools.store.dialects import guard_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Columns that never change. A merged borrower changes `borrower`, the index changes `embedded`; nothing else may be updated.
GUARDED = {
    "trail": (),
    "facts": (
        "id",
        "item",
        "period_start",
        "period_end",
        "period_months",
        "scope",
        "value",
        "currency",
        "scale",
        "assurance",
        "statement",
        "document",
        "sha256",
        "page",
        "box",
        "label_box",
        "locator",
        "label",
        "raw",
        "confidence",
        "flags",
        "document_period_end",
        "batch",
        "recorded_at",
        "content_sha256",
    ),
    "passages": (
        "seq",
        "id",
        "document",
        "sha256",
        "kind",
        "ordinal",
        "page",
        "boxes",
        "locator",
        "heading",
        "text",
        "date",
        "recorded_at",
        "content_sha256",
    ),
}


def upgrade() -> None:
    """Creates everything."""
    op.create_table(
        "borrowers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("aliases", Json(), nullable=False),
        sa.Column("registration_id", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("industry_code", sa.String(), nullable=True),
        sa.Column("country_code", sa.String(), nullable=True),
        sa.Column("group_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("officer_id", sa.String(), nullable=True),
        sa.Column("branch_id", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("in_book", sa.Boolean(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=True),
        sa.Column("known_from", UtcTime(), nullable=True),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["borrowers.id"], name=op.f("fk_borrowers_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrowers")),
    )
    op.create_index(op.f("ix_borrowers_branch_id"), "borrowers", ["branch_id"], unique=False)
    op.create_index(op.f("ix_borrowers_created_by"), "borrowers", ["created_by"], unique=False)
    op.create_index(op.f("ix_borrowers_merged_into"), "borrowers", ["merged_into"], unique=False)
    op.create_index(op.f("ix_borrowers_officer_id"), "borrowers", ["officer_id"], unique=False)
    op.create_index(op.f("ix_borrowers_registration_id"), "borrowers", ["registration_id"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_sha256"), "quarantine", ["sha256"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("book_date", sa.Date(), nullable=False),
        sa.Column("known_from", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("shard_count", sa.Integer(), nullable=False),
        sa.Column("rows", Json(), nullable=False),
        sa.Column("report", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("position", name=op.f("uq_snapshots_position")),
    )
    op.create_index(op.f("ix_snapshots_known_from"), "snapshots", ["known_from"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("slack_user_id", sa.String(), nullable=True),
        sa.Column("known_from", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_index(op.f("ix_staff_slack_user_id"), "staff", ["slack_user_id"], unique=False)
    op.create_table(
        "thread_messages",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("message", Json(), nullable=False),
        sa.PrimaryKeyConstraint("user", "thread_id", "ordinal", name=op.f("pk_thread_messages")),
    )
    op.create_table(
        "threads",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("user", "id", name=op.f("pk_threads")),
    )
    op.create_table(
        "trail",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=True),
        sa.Column("digests", Json(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_trail")),
        sa.UniqueConstraint("id", name=op.f("uq_trail_id")),
    )
    op.create_index(op.f("ix_trail_at"), "trail", ["at"], unique=False)
    op.create_index(op.f("ix_trail_borrower"), "trail", ["borrower"], unique=False)
    op.create_index(op.f("ix_trail_object"), "trail", ["object"], unique=False)
    op.create_index(op.f("ix_trail_user"), "trail", ["user"], unique=False)
    op.create_table(
        "trail_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("destroyed_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_keys")),
    )
    op.create_index(op.f("ix_trail_keys_subject"), "trail_keys", ["subject"], unique=False)
    op.create_table(
        "borrower_names",
        sa.Column("borrower_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("normal", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("spaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_borrower_names_borrower_id")),
        sa.PrimaryKeyConstraint("borrower_id", "name", name=op.f("pk_borrower_names")),
    )
    op.create_index(op.f("ix_borrower_names_normal"), "borrower_names", ["normal"], unique=False)
    op.create_index(op.f("ix_borrower_names_short"), "borrower_names", ["short"], unique=False)
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("doc_date", sa.Date(), nullable=True),
        sa.Column("assurance", sa.String(), nullable=True),
        sa.Column("report", Json(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_documents_borrower")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_borrower"), "documents", ["borrower"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("valid_from", UtcTime(), nullable=False),
        sa.Column("valid_until", UtcTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_grants_borrower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_user"), "grants", ["user"], unique=False)
    op.create_table(
        "snapshot_files",
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_snapshot_files_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "table_name", "shard", "part", name=op.f("pk_snapshot_files")),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("period_months", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("value", Exact(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("scale", Exact(), nullable=False),
        sa.Column("assurance", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box", Json(), nullable=True),
        sa.Column("label_box", Json(), nullable=True),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("confidence", Exact(), nullable=False),
        sa.Column("flags", Json(), nullable=False),
        sa.Column("document_period_end", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_facts_borrower")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_facts_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_batch", "facts", ["batch"], unique=False)
    op.create_index("ix_facts_sha256", "facts", ["sha256"], unique=False)
    op.create_index("ix_facts_slot", "facts", ["borrower", "item", "period_end", "period_months", "scope"], unique=False)
    op.create_table(
        "passages",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("boxes", Json(), nullable=False),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("date", sa.String(), nullable=True),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("embedded", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_passages_borrower")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_passages_sha256")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_passages")),
        sa.UniqueConstraint("id", name=op.f("uq_passages_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passages_borrower"), "passages", ["borrower"], unique=False)
    op.create_index("ix_passages_embedded", "passages", ["embedded"], unique=False)
    op.create_index("ix_passages_sha256_ordinal", "passages", ["sha256", "ordinal"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.Column("new_fact_id", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("reversed_at", UtcTime(), nullable=True),
        sa.Column("reversed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["borrower"], ["borrowers.id"], name=op.f("fk_corrections_borrower")),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_corrections_fact_id")),
        sa.ForeignKeyConstraint(["new_fact_id"], ["facts.id"], name=op.f("fk_corrections_new_fact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_borrower"), "corrections", ["borrower"], unique=False)
    op.create_index(op.f("ix_corrections_fact_id"), "corrections", ["fact_id"], unique=False)
    op.create_table(
        "fact_spans",
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.Column("active_from", UtcTime(), nullable=False),
        sa.Column("active_to", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_fact_spans_fact_id")),
        sa.PrimaryKeyConstraint("fact_id", "active_from", name=op.f("pk_fact_spans")),
    )
    dialect = op.get_bind().dialect.name
    for table, fixed in GUARDED.items():
        for statement in guard_statements(dialect, table, fixed):
            op.execute(statement)
