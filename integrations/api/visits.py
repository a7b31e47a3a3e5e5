"""One request's surroundings: who asks, at which clocks, with which desk. The only clock of the API is here.

Machines come with a bearer token, browsers with a session cookie. A cookie alone changes nothing: what changes something needs
the form's token beside it. Rights are worked out anew on every request.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator, WithJsonSchema

from integrations.api.guards import RateLimit
from integrations.api.problems import Refused
from integrations.links import Links
from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.store.tokens import Session

if TYPE_CHECKING:
    from assistant.wiring import Bank
    from integrations.api.pictures import Pictures
    from tools.toolbox.desk import Desk

COOKIE = "loanward_session"
SAFE = ("GET", "HEAD")
EARLIEST, LATEST = date(1990, 1, 1), date(2150, 12, 31)
_bearer = HTTPBearer(auto_error=False, description="An API token: loanward token create --user ID")


class Kept:
    """What takes long to work out and does not change by the minute, for at most `seconds`; bounded."""

    def __init__(self, seconds: float = 300, most: int = 500) -> None:
        self.seconds, self.most = seconds, most
        self._held: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is held for `key`, or what `make` makes."""
        now = monotonic()
        with self._lock:
            found = self._held.get(key)
        if found is not None and now - found[0] < self.seconds:
            return found[1]
        made = make()
        with self._lock:
            self._held[key] = (now, made)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return made


@dataclass
class Shop:
    """What the application keeps for all requests."""

    bank: Bank
    pictures: Pictures
    requests: RateLimit
    logins: RateLimit
    kept: Kept = field(default_factory=Kept)


@dataclass
class Visit:
    """One request of one person or machine."""

    shop: Shop
    caller: Caller
    now: datetime
    asked_as_of: date | None
    asked_known_at: datetime | None
    session: Session | None = None

    @property
    def bank(self) -> Bank:
        """The opened home."""
        return self.shop.bank

    @cached_property
    def clocks(self) -> Clocks:
        """As asked, else the newest book date, known until now."""
        return self.bank.clocks(self.asked_as_of, self.asked_known_at, self.now)

    @cached_property
    def desk(self) -> Desk:
        """The instruments."""
        return self.bank.desk(self.caller, self.clocks)

    @cached_property
    def links(self) -> Links:
        """Links within the console that keep the clocks somebody set."""
        return Links("", self.asked_as_of, self.asked_known_at)


def shop_of(request: Request) -> Shop:
    """The application's parts."""
    shop: Shop = request.app.state.shop
    return shop


def address_of(request: Request) -> str:
    """Whose failures are counted together."""
    return request.client.host if request.client else "nowhere"


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


def parse_day(value: Any) -> Any:
    """An ISO day the calendar of a bank may need. Raises ValueError."""
    if value is None or value == "":
        return None
    day = value if isinstance(value, date) and not isinstance(value, datetime) else date.fromisoformat(str(value).strip())
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"a day between {EARLIEST} and {LATEST} is needed")
    return day


def parse_moment(value: Any) -> Any:
    """An ISO time, or a day meaning its end; without a zone it is UTC. Raises ValueError."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    if len(text) == 10:
        return datetime.combine(parse_day(text), time.max, UTC)
    moment = datetime.fromisoformat(text)
    parse_day(moment.date())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


DAY_SCHEMA = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
MOMENT_SCHEMA = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}, {"type": "null"}]}
Day = Annotated[date | None, BeforeValidator(parse_day), WithJsonSchema(DAY_SCHEMA)]
Moment = Annotated[datetime | None, BeforeValidator(parse_moment), WithJsonSchema(MOMENT_SCHEMA)]
AsOf = Annotated[Day, Query(description="Business date; default the newest book date")]
KnownAt = Annotated[Moment, Query(description="Only what the bank had recorded by then; a day means its end; default now")]


def visit_of(
    request: Request, as_of: AsOf = None, known_at: KnownAt = None,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
) -> Visit:  # fmt: skip
    """For the API: a bearer token, or, to read only, a browser's session. Raises 401 without a valid one."""
    shop, now = shop_of(request), wall_clock()
    if bearer is not None:
        shop.requests.take(f"b:{bearer.credentials[:16]}")
        token = shop.bank.store.tokens.bearer(bearer.credentials, now)
        caller = shop.bank.caller(token.user, now, at_machine=False) if token else None
        if caller is None or caller.role == "unknown":
            shop.logins.take(address_of(request))
            raise _unknown()
        return Visit(shop, caller, now, as_of, known_at)
    found = session_of(request, shop, now)
    if found is None:
        raise _unknown()
    if request.method not in SAFE:
        raise Refused(401, "no_token", "a browser's session may only read here", fix="Send a bearer token")
    session, caller = found
    return Visit(shop, caller, now, as_of, known_at, session)


def session_of(request: Request, shop: Shop, now: datetime) -> tuple[Session, Caller] | None:
    """The browser's session and whose it is, or None."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    session = shop.bank.store.tokens.session(secret, now)
    if session is None:
        return None
    shop.requests.take(f"s:{session.token}")
    caller = shop.bank.caller(session.user, now, at_machine=False)
    return None if caller.role == "unknown" else (session, caller)


def _unknown() -> Refused:
    fix = "Send Authorization: Bearer with a valid token; ask your administrator for one (loanward token create)"
    return Refused(401, "no_token", "no valid token", where="Authorization", fix=fix, headers={"WWW-Authenticate": "Bearer"})


Visiting = Annotated[Visit, Depends(visit_of)]
