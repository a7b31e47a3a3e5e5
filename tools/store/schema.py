"""Every SQL table, written once for SQLite and PostgreSQL.

Facts and passages are insert-only (only `borrower`, when a provisional borrower is merged, and `embedded` may change): which
fact is in force when is kept apart in `fact_spans`, so that a restatement never rewrites what was recorded. `recorded_at` of
facts and passages is the knowledge clock (when the bank learned it); the trail has the machine's time.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from tools.store.columns import Exact, Json, UtcTime

HEAD = "0007"
"""The migration this code was written for."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

borrowers = Table(
    "borrowers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_en", String),
    Column("aliases", Json, nullable=False),
    Column("registration_id", String, index=True),
    Column("type", String),
    Column("industry_code", String),
    Column("country_code", String),
    Column("group_id", String),
    Column("status", String),
    Column("officer_id", String, index=True),
    Column("branch_id", String, index=True),
    Column("region", String),
    Column("provisional", Boolean, nullable=False),
    Column("created_by", String, index=True),
    Column("merged_into", String, ForeignKey("borrowers.id"), index=True),
    Column("in_book", Boolean, nullable=False),
    Column("snapshot_id", String),
    Column("known_from", UtcTime),
    Column("recorded_at", UtcTime, nullable=False),
)

borrower_names = Table(
    "borrower_names",
    metadata,
    Column("borrower_id", String, ForeignKey("borrowers.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("normal", String, nullable=False, index=True),
    Column("short", String, nullable=False, index=True),
    Column("spaced", Boolean, nullable=False),
    PrimaryKeyConstraint("borrower_id", "name"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("branch_id", String),
    Column("region", String),
    Column("email", String),
    Column("slack_user_id", String, index=True),
    Column("known_from", UtcTime, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("id", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False),
    Column("valid_from", UtcTime, nullable=False),
    Column("valid_until", UtcTime),
    Column("reason", String, nullable=False),
    Column("granted_by", String, nullable=False),
    Column("revoked_at", UtcTime),
)

documents = Table(
    "documents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("language", String, nullable=False),
    Column("borrower", String, ForeignKey("borrowers.id"), index=True),
    Column("pages", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("entity", String),
    Column("period_end", Date),
    Column("doc_date", Date),
    Column("assurance", String),
    Column("report", Json, nullable=False),
    Column("added_by", String, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False),
    Column("item", String, nullable=False),
    Column("period_start", Date),
    Column("period_end", Date, nullable=False),
    Column("period_months", Integer, nullable=False),
    Column("scope", String, nullable=False),
    Column("value", Exact, nullable=False),
    Column("currency", String),
    Column("scale", Exact, nullable=False),
    Column("assurance", String, nullable=False),
    Column("statement", String, nullable=False),
    Column("document", String, nullable=False),
    Column("sha256", String(64), ForeignKey("documents.sha256"), nullable=False),
    Column("page", Integer),
    Column("box", Json),
    Column("label_box", Json),
    Column("locator", String),
    Column("label", String, nullable=False),
    Column("raw", String, nullable=False),
    Column("confidence", Exact, nullable=False),
    Column("flags", Json, nullable=False),
    Column("document_period_end", Date, nullable=False),
    Column("batch", String, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Index("ix_facts_slot", "borrower", "item", "period_end", "period_months", "scope"),
    Index("ix_facts_batch", "batch"),
    Index("ix_facts_sha256", "sha256"),
)

fact_spans = Table(
    "fact_spans",
    metadata,
    Column("fact_id", String, ForeignKey("facts.id"), nullable=False),
    Column("active_from", UtcTime, nullable=False),
    Column("active_to", UtcTime),
    PrimaryKeyConstraint("fact_id", "active_from"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("fact_id", String, ForeignKey("facts.id"), nullable=False, index=True),
    Column("new_fact_id", String, ForeignKey("facts.id")),
    Column("label", String),
    Column("statement", String),
    Column("item", String),
    Column("old", String, nullable=False),
    Column("new", String),
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reversed_at", UtcTime),
    Column("reversed_by", String),
)

passages = Table(
    "passages",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("borrower", String, ForeignKey("borrowers.id"), index=True),
    Column("document", String, nullable=False),
    Column("sha256", String(64), ForeignKey("documents.sha256"), nullable=False),
    Column("kind", String, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("page", Integer),
    Column("boxes", Json, nullable=False),
    Column("locator", String),
    Column("heading", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("date", String),
    Column("recorded_at", UtcTime, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("embedded", String),
    Index("ix_passages_sha256_ordinal", "sha256", "ordinal"),
    Index("ix_passages_embedded", "embedded"),
    sqlite_autoincrement=True,
)
"""`embedded` names the embedding model whose vector the index holds; NULL means not yet."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("secret_sha256", String(64), nullable=False),
    Column("note", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_by", String),
)
"""What a machine or a person comes in with. Only the hash of the secret is kept: the token is shown once."""

sessions = Table(
    "sessions",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("token_id", String, ForeignKey("tokens.id"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)
"""A browser's session: as long as its token, at most a working day."""

threads = Table(
    "threads",
    metadata,
    Column("user", String, nullable=False),
    Column("id", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("user", "id"),
)

thread_messages = Table(
    "thread_messages",
    metadata,
    Column("user", String, nullable=False),
    Column("thread_id", String, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("message", Json, nullable=False),
    PrimaryKeyConstraint("user", "thread_id", "ordinal"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String, primary_key=True),
    Column("file", String, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("user", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("settled_at", UtcTime),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("book_date", Date, nullable=False),
    Column("known_from", UtcTime, nullable=False, index=True),
    Column("recorded_at", UtcTime, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("shard_count", Integer, nullable=False),
    Column("rows", Json, nullable=False),
    Column("report", Json, nullable=False),
)
"""`position` is the order of recording: it decides between snapshots known from the same instant."""

snapshot_files = Table(
    "snapshot_files",
    metadata,
    Column("snapshot_id", String, ForeignKey("snapshots.id"), nullable=False),
    Column("table_name", String, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    PrimaryKeyConstraint("snapshot_id", "table_name", "shard", "part"),
)
"""`shard` is -1 for tables without a borrower. `part` numbers the files of one shard: an event table grows by a part."""

trail_keys = Table(
    "trail_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("key", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    Column("destroyed_at", UtcTime),
)
"""`subject` is a borrower id, or "" for records about no single borrower. `key` is NULL once destroyed."""

trail = Table(
    "trail",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, unique=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("user", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("act", String, nullable=False),
    Column("object", String, nullable=False, index=True),
    Column("borrower", String, index=True),
    Column("digests", Json, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("key_id", String, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""`digests` are hashes only (documents, facts, passages, shards): readable without a key, so that verifying needs none."""
