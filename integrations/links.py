"""Addresses of console pages: the one place that knows how a page, a figure or an answer is reached.

Slack messages, briefs and the console itself write their links here, so that a moved page moves everywhere. An address carries
the clocks it was made at, so that whoever follows it sees what its writer saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote, urlencode

from tools.domain.facts import Box, Source

Coordinates = Box | Sequence[float]


@dataclass(frozen=True, slots=True)
class Links:
    """`base_url` is the setting console_url, without or with a closing slash; empty for links within the console."""

    base_url: str = ""
    as_of: date | None = None
    known_at: datetime | None = None

    def at(self, as_of: date | None, known_at: datetime | None) -> Links:
        """The same addresses at these clocks."""
        return replace(self, as_of=as_of, known_at=known_at)

    def page(
        self,
        sha256: str,
        page: int | None,
        box: Coordinates | None,
        label_box: Coordinates | None = None,
        *,
        locator: str | None = None,
    ) -> str:
        """The document's page with the number and its label outlined; without a page, its text view at `locator`."""
        marked = {"box": _written(box), "label": _written(label_box)}
        if page is None:
            return self._to(f"/documents/{_part(sha256)}/text", {"at": locator}) + ("#marked" if locator else "")
        return self._to(f"/documents/{_part(sha256)}/pages/{page}", marked)

    def source(self, source: Source) -> str:
        """Where a fact or passage stands."""
        return self.page(source.sha256, source.page, source.box, source.label_box, locator=source.locator)

    def document(self, sha256: str) -> str:
        """The document's own page."""
        return self._to(f"/documents/{_part(sha256)}")

    def figure(self, borrower: str, name: str, period: date | str | None = None, basis: str | None = None, scope: str | None = None) -> str:  # fmt: skip
        """A figure unfolded down to its pages."""
        end = period.isoformat() if isinstance(period, date) else period
        return self._to(f"/figures/{_part(borrower)}/{_part(name)}", {"period": end, "basis": basis, "scope": scope})

    def borrower(self, id: str) -> str:
        """Everything about one borrower."""
        return self._to(f"/borrowers/{_part(id)}")

    def answer(self, trail_id: str) -> str:
        """An answer with what it stands on, from the trail."""
        return self._to(f"/answers/{_part(trail_id)}")

    def record(self, trail_id: str) -> str:
        """One record of the trail."""
        return self._to(f"/trail/{_part(trail_id)}")

    def alert(self, id: str) -> str:
        """An alert and its life."""
        return self._to(f"/alerts/{_part(id)}")

    def loan(self, id: str) -> str:
        """One loan with its schedule."""
        return self._to(f"/loans/{_part(id)}")

    def brief(self, borrower: str, month: str) -> str:
        """The brief of a month (2026-10)."""
        return self._to(f"/briefs/{_part(borrower)}/{_part(month)}")

    def rule(self, id: str) -> str:
        """What a rule means."""
        return self._to(f"/rules/{_part(id)}")

    def search(self, query: str, **filters: str | None) -> str:
        """A search, as a link."""
        return self._to("/search", {"q": query, **filters})

    def path(self, path: str, **parameters: str | None) -> str:
        """Any other page of the console."""
        return self._to(path, parameters)

    def _to(self, path: str, parameters: dict[str, str | None] | None = None) -> str:
        said = {name: value for name, value in (parameters or {}).items() if value not in (None, "")}
        if self.as_of is not None:
            said.setdefault("as_of", self.as_of.isoformat())
        if self.known_at is not None:
            said.setdefault("known_at", self.known_at.isoformat().replace("+00:00", "Z"))
        asked = urlencode(said, safe=",:!/")
        return f"{self.base_url.rstrip('/')}{path}{'?' + asked if asked else ''}"


def _part(text: str) -> str:
    return quote(text, safe="@._-~")


def _written(box: Coordinates | None) -> str | None:
    """Coordinates to a hundredth of a point, which no eye can tell."""
    return ",".join(f"{edge:.2f}".rstrip("0").rstrip(".") for edge in box) if box else None
