"""Payloads of the trail at rest: compressed, then AES-GCM under a key of their borrower.

Destroying a borrower's keys makes their payloads unreadable for good while the chain, which runs over the hashes of the stored
bytes, stays verifiable. A borrower whose keys were destroyed gets a new one for later records.
"""

from __future__ import annotations

import os
import zlib
from datetime import datetime

from sqlalchemy import Connection, select, update

from tools.errors import StoreError
from tools.store.schema import trail_keys

_NONCE = 12


def seal(connection: Connection, subject: str, payload: bytes, at: datetime) -> tuple[str, bytes]:
    """(key id, stored bytes) of `payload` under the live key of `subject`, made on first use."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    query = select(trail_keys.c.id, trail_keys.c.key).where(trail_keys.c.subject == subject, trail_keys.c.key.is_not(None))
    row = connection.execute(query).first()
    if row is None:
        key_id, key = f"K-{os.urandom(8).hex()}", AESGCM.generate_key(bit_length=256)
        connection.execute(trail_keys.insert(), {"id": key_id, "subject": subject, "key": key, "created_at": at})
    else:
        key_id, key = row
    nonce = os.urandom(_NONCE)
    return key_id, nonce + AESGCM(key).encrypt(nonce, zlib.compress(payload, 1), key_id.encode())


def unseal(key: bytes, key_id: str, stored: bytes) -> bytes:
    """The payload. Raises StoreError when the bytes or the key are not what was sealed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return zlib.decompress(AESGCM(key).decrypt(stored[:_NONCE], stored[_NONCE:], key_id.encode()))
    except (InvalidTag, ValueError, zlib.error) as error:
        raise StoreError("a payload of the trail cannot be opened", where=key_id, fix="Run `loanward trail verify`") from error


def live_keys(connection: Connection) -> dict[str, bytes]:
    """Every key not destroyed, by id."""
    rows = connection.execute(select(trail_keys.c.id, trail_keys.c.key).where(trail_keys.c.key.is_not(None)))
    return {key_id: bytes(key) for key_id, key in rows}


def destroy(connection: Connection, subjects: list[str], at: datetime) -> list[str]:
    """Overwrites the keys of `subjects`; returns their ids."""
    doomed = select(trail_keys.c.id).where(trail_keys.c.subject.in_(subjects), trail_keys.c.key.is_not(None))
    ids = list(connection.scalars(doomed))
    # Written over before it is dropped, so that the old bytes do not stay in the page.
    connection.execute(update(trail_keys).where(trail_keys.c.id.in_(ids)).values(key=bytes(32)))
    connection.execute(update(trail_keys).where(trail_keys.c.id.in_(ids)).values(key=None, destroyed_at=at))
    return ids
