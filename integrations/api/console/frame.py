"""What every page of the console shares: the visitor, language and theme, the frame around the content, and forms that cannot be forged.

Pages work without JavaScript; the one small script only adds keys. Nothing inline: the content policy of the API forbids it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

import jinja2
import yaml
from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from integrations.api.amounts import amount, exact_text, grouped, number_text
from integrations.api.lettering import version
from integrations.api.problems import Refused, clean
from integrations.api.visits import SAFE, Visit, parse_day, parse_moment, session_of, shop_of, wall_clock
from integrations.links import Links
from tools.domain.names import Borrower

HERE = Path(__file__).parent.parent
LANGUAGES = ("zh", "en")
THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE = "loanward_language", "loanward_theme"
YEAR = 365 * 24 * 3600
CLOCK_FIELDS = ("as_of", "known_at")


class ComeIn(Exception):
    """Somebody without a session: to the login page, and back."""


@dataclass(frozen=True, slots=True)
class Words:
    """The console's words in one language."""

    language: str

    def __call__(self, key: str, **values: Any) -> str:
        """The words for `key`; the key itself when nobody wrote any, so that a page never fails for a word."""
        said = _words().get(key, {}).get(self.language, key)
        return said.format(**values) if values else said

    def or_(self, key: str, otherwise: str) -> str:
        """The words for `key`, or `otherwise`."""
        return _words().get(key, {}).get(self.language, otherwise)


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return found


@cache
def own_letters() -> str:
    """Every letter of the console's own words."""
    return "".join(sorted({letter for said in _words().values() for text in said.values() for letter in text}))


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    made.globals.update(grouped=grouped, exact=exact_text, pretty=_pretty, han_version=lambda: version(own_letters()))
    return made


def page_visit(request: Request) -> Visit:
    """Who looks at a page, at the clocks the address carries. ComeIn without a session; Refused (422) for a bad clock."""
    shop, now = shop_of(request), wall_clock()
    found = session_of(request, shop, now)
    if found is None:
        raise ComeIn
    session, caller = found
    clocks: dict[str, Any] = {}
    for name, parse in (("as_of", parse_day), ("known_at", parse_moment)):
        try:
            clocks[name] = parse(request.query_params.get(name))
        except (ValueError, OverflowError):
            said = clean(request.query_params.get(name, ""))[:60]
            raise Refused(
                422, "invalid", f"{said!r} is not a day of the calendar", where=name, fix="Write 2026-10-31"
            ) from None
    return Visit(shop, caller, now, clocks["as_of"], clocks["known_at"], session)


def form_visit(request: Request, csrf: Annotated[str, Form(max_length=200)] = "") -> Visit:
    """The same for a form that changes something: its token must be the session's, and the page it came from ours."""
    visit = page_visit(request)
    assert visit.session is not None
    sane = request.headers.get("sec-fetch-site") in (None, "same-origin", "none")
    if not sane or not hmac.compare_digest(csrf.encode("utf-8", "replace"), visit.session.csrf.encode()):
        raise Refused(
            403, "forged", "this form was not sent from a page of yours", fix="Open the page again and send the form from there"
        )
    return visit


Looking = Annotated[Visit, Depends(page_visit)]
Acting = Annotated[Visit, Depends(form_visit)]


def language_of(request: Request) -> str:
    """As chosen, else as the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    accepted = request.headers.get("accept-language", "").lower()
    spoken = [(accepted.find(language), language) for language in LANGUAGES if language in accepted]
    return min(spoken)[1] if spoken else "zh"


def render(request: Request, template: str, visit: Visit | None = None, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in its frame."""
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE)
    links = visit.links if visit else Links()
    asked = [(k, clean(v)) for k, v in request.query_params.multi_items() if k not in CLOCK_FIELDS]
    base = {
        "t": Words(language), "language": language, "theme": theme if theme in THEMES else "auto", "visit": visit, "links": links,
        "here": here(request), "path": request.url.path, "asked": asked,
        "amount": lambda value, unit="currency", currency=None: amount(value, unit, currency, language),
        "said": lambda value, unit="currency", currency=None: number_text(value, unit, currency, language),
        "csrf": visit.session.csrf if visit and visit.session else "", "moment": _moment, "local": local,
        "with_query": lambda **changes: with_query(request, **changes),
        "metric": lambda id: metric_name(visit, id, language) if visit else id, "has_page": lambda id: bool(visit and has_page(visit, id)), "people": _people(visit, language), "flag": lambda id: flag_name(visit, id, language) if visit else id,
        "rule_name": lambda id: rule_name(visit, id, language) if visit else "", "rule_measure": lambda id: measure_name(id, language),
    }  # fmt: skip
    text = _environment().get_template(template).render(base | context)
    return HTMLResponse(text.encode("utf-8", "replace"), status)


def metric_name(visit: Visit, id: str, language: str) -> str:
    """What a metric or line item is called; its id when the rulebook has no such thing."""
    rulebook = visit.bank.rulebook
    held = rulebook.definition(id) or rulebook.items.get(id)
    return held.name[language] if held is not None else id


def has_page(visit: Visit, id: str) -> bool:
    """Whether a figure of this name can be asked for by itself: steps of a calculation have no page of their own."""
    rulebook = visit.bank.rulebook
    return id in rulebook.items or rulebook.definition(id) is not None


def called_in(borrower: Borrower, language: str) -> str:
    """A borrower's name in the reader's language, where it has one."""
    return (borrower.name_en or borrower.name) if language == "en" else borrower.name


def flag_name(visit: Visit, id: str, language: str) -> str:
    """What a remark on a figure or fact means."""
    held = visit.bank.rulebook.flags.get(id)
    return held.name[language] if held is not None else Words(language).or_(f"flag_{id}", id)


def rule_name(visit: Visit, id: str, language: str) -> str:
    """What a rule of classification is called; nothing when the rulebook in use has no such rule."""
    from tools.rulebook.rule_words import describe_rule

    bare = id.split("@")[0]
    found = visit.shop.kept.get(("rule_words", bare), lambda: describe_rule(bare, visit.bank.rulebook) or {})
    name: str = (found.get("name") or {}).get(language, "")
    return name


def measure_name(id: str, language: str) -> str:
    """What a rule of classification asks for; its id when it has no name."""
    from tools.rulebook.loan_rules import measure_names

    return measure_names().get(id, {}).get(language, id)


def _people(visit: Visit | None, language: str) -> Any:
    """The name of a borrower by its id, for lists."""
    if visit is None:
        return lambda id: id
    names = {b.id: b for b in visit.desk.index().borrowers}

    def called(id: str | None) -> str:
        return called_in(names[id], language) if id in names else (id or "")

    return called


def here(request: Request) -> str:
    """This page's own address, for coming back."""
    query = request.url.query
    return quote(request.url.path, safe="/%@.-_~") + (f"?{query}" if query else "")


def with_query(request: Request, **changes: Any) -> str:
    """This page's address with some parameters changed (None drops one)."""
    kept = {k: clean(v) for k, v in request.query_params.items()} | {k: v for k, v in changes.items() if v is not None}
    for name, value in changes.items():
        if value is None:
            kept.pop(name, None)
    return "?" + urlencode(kept, safe=",:!/")


def local(address: str | None, otherwise: str = "/") -> str:
    """An address to go on to, only if it is one of ours."""
    address = address or otherwise
    parts = urlsplit(address) if address.isprintable() else None
    fine = parts is not None and not parts.scheme and not parts.netloc and address.startswith("/")
    return address if fine and not address.startswith(("//", "/\\")) and "\\" not in address else otherwise


def go(address: str) -> Response:
    """On to a page with GET, after a form."""
    return RedirectResponse(address, 303)


def problem_page(request: Request, refused: Refused, incident: str | None = None) -> Response:
    """A refusal for people: what is wrong and what to do, in the frame, with the status it has."""
    visit = None
    try:
        visit = page_visit(request) if refused.status != 429 else None
    except (ComeIn, Refused):
        pass
    except Exception:  # the store itself may be what fails: the page about it must still come
        visit = None
    if refused.status == 401:
        return come_in(request)
    try:
        page = render(request, "problem.html", visit, refused.status, problem=refused, incident=incident)
    except Exception:  # as above
        page = render(request, "problem.html", None, refused.status, problem=refused, incident=incident)
    page.headers.update(refused.headers)
    return page


def come_in(request: Request) -> Response:
    """To the login page. A link followed from another site comes without its strict cookie: the same page asked for once more from
    here brings it."""
    if request.method in SAFE and request.headers.get("sec-fetch-site") == "cross-site":
        return render(request, "again.html", address=here(request))
    back = here(request) if request.method in SAFE and request.url.path != "/logout" else "/"
    return go("/login?" + urlencode({"next": back}))


def _pretty(value: Any, indent: int | None = 1) -> str:
    """JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=str)


def _moment(value: datetime | str | None) -> str:
    """A time to the second, UTC."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else date.isoformat(value)
