"""How a record of the trail is chained to the one before it: what its hash covers, and the id that follows from it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from tools.store.columns import canonical_json, time_text

GENESIS = "0" * 64
"""What the first record names as the one before it."""


def chain_hash(position: int, at: datetime, user: str, role: str, act: str, object: str, borrower: str | None,
               digests: Any, payload_sha256: str, key_id: str, previous: str) -> str:  # fmt: skip
    """The hash of one record: everything it says, and the record before it."""
    values = [position, time_text(at), user, role, act, object, borrower, digests, payload_sha256, key_id, previous]
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def record_id(record_hash: str) -> str:
    """The id people cite: it commits to the whole record."""
    return f"T-{record_hash[:16]}"
