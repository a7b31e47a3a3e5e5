"""Tables of what papers other than statements say: lines of bank accounts, and one record per invoice, bill, return or report.

Insert-only like facts and passages; the digest of their document vouches for them. `fields` and `measures` keep every value with
the place it was read from.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tools.store.columns import Exact, Json, UtcTime
from tools.store.schema import metadata

account_lines = Table(
    "account_lines",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), index=True),
    Column("account_number", String),
    Column("account_bank", String),
    Column("account_name", String),
    Column("currency", String),
    Column("value_date", Date, nullable=False),
    Column("time", String),
    Column("sequence", Integer, nullable=False),
    Column("direction", String, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("balance_after", Exact),
    Column("counterparty_name", String),
    Column("counterparty_account", String),
    Column("counterparty_bank", String),
    Column("memo", String),
    Column("channel", String),
    Column("reference", String),
    Column("document", String, nullable=False),
    Column("sha256", String(64), ForeignKey("documents.sha256"), nullable=False),
    Column("page", Integer),
    Column("box", Json),
    Column("locator", String),
    Column("raw", Text, nullable=False),
    Column("confidence", Exact, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Index("ix_account_lines_sha256", "sha256"),
    Index("ix_account_lines_borrower_value_date", "borrower", "value_date"),
)

paper_records = Table(
    "paper_records",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), index=True),
    Column("kind", String, nullable=False),
    Column("number", String),
    Column("date", Date),
    Column("period_start", Date),
    Column("period_end", Date),
    Column("party", String),
    Column("party_role", String),
    Column("counterparty", String),
    Column("amount", Exact),
    Column("tax", Exact),
    Column("currency", String),
    Column("state", String, nullable=False),
    Column("fields", Json, nullable=False),
    Column("measures", Json, nullable=False),
    Column("document", String, nullable=False),
    Column("sha256", String(64), ForeignKey("documents.sha256"), nullable=False),
    Column("page", Integer),
    Column("box", Json),
    Column("locator", String),
    Column("text", Text, nullable=False),
    Column("confidence", Exact, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Index("ix_paper_records_sha256", "sha256"),
    Index("ix_paper_records_borrower_kind", "borrower", "kind"),
)
"""`party` is who the borrower dealt with as named on the paper (seller of a purchase, tax office, utility), `counterparty` the other
side as printed; `state` is normal, red (a red-flushed invoice) or void."""

label_lessons = Table(
    "label_lessons",
    metadata,
    Column("id", String, primary_key=True),
    Column("borrower", String, ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("statement", String, nullable=False),
    Column("label", String, nullable=False),
    Column("item", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reversed_at", UtcTime),
    Column("reversed_by", String),
)
"""What a label of a borrower's statement means, taught where no fact stands for it; the trail has every lesson and its taking back."""
