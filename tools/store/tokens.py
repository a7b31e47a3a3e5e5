"""Who comes in over the network: tokens, and the browser sessions they open.

A token says only who its bearer is; what that person may see is worked out anew on every request, so that a change of officer or
branch counts at once. Only hashes of secrets are stored. An unknown, expired or revoked secret is one and the same refusal.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted
from tools.store.access import Access
from tools.store.columns import time_text, utc
from tools.store.connection import Database
from tools.store.schema import sessions, staff, tokens
from tools.store.trail import Act, Trail

PREFIX = "lw"
LONGEST_DAYS = 366
SESSION = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as stored: everything but its secret."""

    id: str
    user: str
    note: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def state(self, at: datetime) -> str:
        """valid, expired or revoked."""
        if self.revoked_at is not None and self.revoked_at <= at:
            return "revoked"
        return "valid" if at < self.expires_at else "expired"

    def shape(self, at: datetime) -> dict[str, Any]:
        """For listing."""
        return {
            "id": self.id, "user": self.user, "note": self.note, "state": self.state(at), "created_at": time_text(self.created_at),
            "created_by": self.created_by, "expires_at": time_text(self.expires_at),
            "revoked_at": time_text(self.revoked_at) if self.revoked_at else None, "revoked_by": self.revoked_by,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Session:
    """An open browser session. `csrf` goes into every form; it follows from the cookie's secret and tells nothing about it."""

    user: str
    token: str
    csrf: str
    expires_at: datetime


class Tokens:
    """Making, checking and ending tokens and sessions."""

    def __init__(self, database: Database, trail: Trail, access: Access) -> None:
        self.database = database
        self.trail = trail
        self.access = access

    def create(self, caller: Caller, user: str, at: datetime, *, days: int = 90, note: str = "") -> tuple[Token, str]:
        """A new token for `user` and its text, which cannot be shown again; recorded. Only the operator of the machine and
        administrators may. Raises BadRequest for a user no staff file names, and for a life that is not 1 to 366 days."""
        _must_administer(caller)
        if not 1 <= days <= LONGEST_DAYS:
            raise BadRequest(
                f"a token lives 1 to {LONGEST_DAYS} days, not {days}", where="days", fix="Give --days in that range"
            )
        moment = utc(at)
        secret = secrets.token_urlsafe(32)
        token = Token(secrets.token_hex(6), user, note.strip(), moment, caller.user, moment + timedelta(days=days))
        with self.database.writing() as unit:
            if user == LOCAL.user or unit.connection.scalar(select(staff.c.id).where(staff.c.id == user)) is None:
                raise BadRequest(
                    f"no member of staff {user!r}", where="user", fix="Tokens are for people of the loan book's staff file"
                )
            values = {name: getattr(token, name) for name in token.__slots__} | {"secret_sha256": _hash(secret)}
            unit.connection.execute(tokens.insert(), values)
            payload = {"token": token.id, "user": user, "expires_at": token.expires_at, "note": token.note}
            self.trail.append(caller, Act.GRANT, token.id, payload, at)
        return token, f"{PREFIX}_{token.id}_{secret}"

    def list(self, caller: Caller) -> list[Token]:
        """Every token for who administers them, one's own otherwise; newest first."""
        query = select(*_PUBLIC).order_by(tokens.c.created_at.desc(), tokens.c.id)
        if not _administers(caller) and not caller.everything:
            query = query.where(tokens.c.user == caller.user)
        with self.database.reading() as connection:
            return [Token(**row._mapping) for row in connection.execute(query)]

    def revoke(self, caller: Caller, id: str, at: datetime) -> Token:
        """Ends a token and the sessions it opened; recorded. One's own, or any for who administers them."""
        moment = utc(at)
        with self.database.writing() as unit:
            own = select(*_PUBLIC).where(tokens.c.id == id, tokens.c.revoked_at.is_(None))
            if not _administers(caller):
                own = own.where(tokens.c.user == caller.user)
            row = unit.connection.execute(own).one_or_none()
            if row is None:
                raise BadRequest(f"no running token {id!r}", fix="See: loanward token list")
            unit.connection.execute(update(tokens).where(tokens.c.id == id).values(revoked_at=moment, revoked_by=caller.user))
            unit.connection.execute(
                update(sessions).where(sessions.c.token_id == id, sessions.c.ended_at.is_(None)).values(ended_at=moment)
            )
            self.trail.append(caller, Act.GRANT, id, {"revoked": id, "user": row.user}, at)
            return Token(**{**row._mapping, "revoked_at": moment, "revoked_by": caller.user})

    def bearer(self, text: str, at: datetime) -> Token | None:
        """The valid token behind its text, or None."""
        found = self._named(text)
        return found if found is not None and found.state(at) == "valid" else None

    def open_session(self, text: str, at: datetime) -> tuple[Session, str] | None:
        """Turns a token's text into a session and the secret for its cookie; recorded, as is the refusal of a token that once was good.
        None when the token is not valid."""
        found = self._named(text)
        if found is None:
            return None
        moment, who = utc(at), self.access.resolve(found.user, at, at_machine=False)
        state = found.state(moment) if who.role != "unknown" else "no longer staff"
        if state != "valid":
            self.trail.append(who, Act.LOGIN, found.id, {"refused": state, "user": found.user}, at)
            return None
        secret = secrets.token_urlsafe(32)
        end = min(found.expires_at, moment + SESSION)
        with self.database.writing() as unit:
            over = or_(sessions.c.expires_at <= moment, sessions.c.ended_at.is_not(None))
            unit.connection.execute(delete(sessions).where(over))
            unit.connection.execute(
                sessions.insert(),
                {"secret_sha256": _hash(secret), "token_id": found.id, "created_at": moment, "expires_at": end},
            )
            self.trail.append(who, Act.LOGIN, found.id, {"user": found.user, "until": end}, at)
        return Session(found.user, found.id, csrf_of(secret), end), secret

    def session(self, secret: str, at: datetime) -> Session | None:
        """The running session behind a cookie, or None. It ends with its token."""
        moment = utc(at)
        query = (
            select(tokens.c.user, sessions.c.token_id, sessions.c.expires_at)
            .join(tokens, tokens.c.id == sessions.c.token_id)
            .where(sessions.c.secret_sha256 == _hash(secret), sessions.c.ended_at.is_(None), sessions.c.expires_at > moment)
            .where(tokens.c.expires_at > moment, tokens.c.revoked_at.is_(None))
        )
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Session(row.user, row.token_id, csrf_of(secret), row.expires_at) if row else None

    def end_session(self, secret: str, at: datetime) -> None:
        """Logs out."""
        with self.database.writing() as unit:
            unit.connection.execute(update(sessions).where(sessions.c.secret_sha256 == _hash(secret)).values(ended_at=utc(at)))

    def _named(self, text: str) -> Token | None:
        prefix, _, rest = text.strip().partition("_")
        id, _, secret = rest.partition("_")
        if prefix != PREFIX or not id or not secret or len(text) > 200:
            return None
        with self.database.reading() as connection:
            row = connection.execute(select(*_PUBLIC, tokens.c.secret_sha256).where(tokens.c.id == id)).mappings().one_or_none()
        if row is None or not hmac.compare_digest(row["secret_sha256"], _hash(secret)):
            return None
        return Token(**{name: value for name, value in row.items() if name != "secret_sha256"})


def csrf_of(secret: str) -> str:
    """What a form must send back: follows from a cookie's secret, one way."""
    return hashlib.sha256(f"form:{secret}".encode("utf-8", "replace")).hexdigest()


_PUBLIC = [column for column in tokens.c if column.name != "secret_sha256"]


def _hash(secret: str) -> str:
    """The secret is 256 random bits, so that a plain hash needs no salt and no slowness."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _administers(caller: Caller) -> bool:
    return caller.role in ("local", "admin")


def _must_administer(caller: Caller) -> None:
    if not _administers(caller):
        raise NotPermitted("tokens are given by administrators and the operator of the machine", where=f"user {caller.user}")
