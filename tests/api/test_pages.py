"""Every page in both languages: it opens, its links open, nothing is inline, everything is labelled, and its colours can be read."""

from __future__ import annotations

import html
import re
from functools import cache
from html.parser import HTMLParser

import pytest

from ingestion.viewing import view_of
from integrations.api.console.frame import HERE, Words, _words
from integrations.api.console.papers import marked
from tests.api.house import House
from tools.domain.callers import LOCAL
from tools.store.trail import Act


class Outline(HTMLParser):
    """Headings, controls and labels of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.controls: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.ids: list[str] = []
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.controls.append(given)
        if tag == "label":
            self.labels.add(given.get("for"))
        if tag == "img" and "alt" not in given:
            self.faults.append(f"img without alt: {given}")
        if tag == "th" and "scope" not in given:
            self.faults.append("th without scope")
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline: {tag} {given}")
        if tag in ("script", "style") and not given.get("src"):
            self.faults.append(f"inline {tag}")


def addresses(text: str) -> list[str]:
    found = [html.unescape(part) for part in re.findall(r'(?:href|src)="([^"]+)"', text)]
    return [a.split("#")[0] for a in found if a.startswith("/") and not a.startswith(("/static", "/preferences", "/briefs"))]


def kind_of(address: str) -> str:
    path = re.sub(r"\?.*", "", address)
    path = re.sub(r"[0-9a-f]{64}", "H", path)
    return re.sub(r"/(?:C\d+|L\d+|T-\w+|A-\w+|\d+)(?=[/.]|$)|(?<=figures/C001)/\w+|(?<=rules)/[\w@-]+", "/X", path)


@pytest.mark.parametrize(
    ("user", "language", "most"),
    [
        ("S001", "zh", 1),
        pytest.param("S008", "en", 4, marks=pytest.mark.slow),
        pytest.param("S004", "zh", 4, marks=pytest.mark.slow),
    ],
)
def test_every_page_that_can_be_reached_is_sound(house: House, user: str, language: str, most: int) -> None:
    """`most` addresses of each kind."""
    client = house.browser(user, language)
    house.api(user).post("/api/v1/ask", json={"question": "明远精密2025年末的资产负债率？"})
    waiting = ["/", "/search?q=6,400.00", "/search?q=%E6%98%8E%E8%BF%9C+%E6%B5%81%E5%8A%A8%E6%AF%94%E7%8E%87", "/upload", "/figures/C001/debt_to_ebitda?open=all",
               "/figures/C001/dscr", f"/documents/{house.fact('C003', paged=False).source.sha256}/text"]  # fmt: skip
    seen: set[str] = set()
    counts: dict[str, int] = {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or counts.get(kind, 0) >= most or address.endswith("/original"):
            continue
        seen.add(address)
        counts[kind] = counts.get(kind, 0) + 1
        page = client.get(address)
        assert page.status_code == 200, address
        if "text/html" not in page.headers["content-type"]:
            continue
        outline = Outline(page.text)
        assert not outline.faults, (address, outline.faults[:3])
        assert outline.headings.count(1) == 1 and outline.headings[0] == 1, address
        assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False)), (
            address,
            outline.headings,
        )
        unnamed = [c for c in outline.controls if c.get("id") not in outline.labels]
        assert not unnamed, (address, unnamed)
        assert len(outline.ids) == len(set(outline.ids)), address
        assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page.text
        waiting += addresses(page.text)
    assert len(counts) >= 15, counts


def test_every_word_a_template_asks_for_is_written() -> None:
    asked = {
        key for path in (HERE / "templates").glob("*.html") for key in re.findall(r"\bt\('([a-z0-9_]+)'[,)]", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert asked <= set(_words()), asked - set(_words())
    assert all(set(said) == {"en", "zh"} and all(said.values()) for said in _words().values())
    assert Words("zh")("no such word") == "no such word"


def test_every_place_a_fact_or_passage_cites_is_in_the_text_view(house: House) -> None:
    """Sheets, Word, HTML, CSV and plain text: what was read there is found there again."""
    lost, checked = [], 0
    for document in house.bank.store.documents.list(LOCAL):
        if document.pages:
            continue
        view = view_of(house.bank.home.shelf.path(document.sha256), document.name)
        sources = [f.source for f in house.bank.store.facts.of_document(LOCAL, document.sha256)]
        sources += [p.source for p in house.bank.store.passages.of_document(LOCAL, document.sha256)]
        for source in sources:
            checked += 1
            if source.locator and not marked(view, source.locator):
                lost.append((document.name, source.locator))
    assert checked > 300 and not lost, (checked, lost[:10])


def test_the_figure_page_leads_to_the_outlined_number(house: House) -> None:
    client = house.browser("S001")
    page = client.get("/figures/C001/current_ratio?open=all").text
    leaves = [a for a in addresses(page) if "/pages/" in a and "box=" in a and ".png" not in a]
    assert leaves
    opened = client.get(leaves[0]).text
    assert 'class="number"' in opened and 'class="label"' in opened
    strip = next(a for a in addresses(page) if "cut.png" in a)
    assert client.get(strip).headers["content-type"] == "image/png"


def test_looking_back_is_shown_and_kept_in_every_link(house: House) -> None:
    page = house.browser("S001").get("/borrowers/C001?as_of=2025-12-31&known_at=2026-06-30").text
    assert "You are looking back." in page
    inner = [a for a in addresses(page) if a.startswith(("/figures", "/documents", "/loans")) and "original" not in a]
    assert inner and all("as_of=2025-12-31" in a and "known_at=" in a for a in inner)


@cache
def palettes() -> dict[str, dict[str, str]]:
    css = (HERE / "static" / "console.css").read_text(encoding="utf-8")
    light = re.search(r":root \{ color-scheme: light dark;(.*?)\}", css, re.S)
    dark = re.search(r':root\[data-theme="dark"\] \{ color-scheme: dark;(.*?)\}', css, re.S)
    assert light and dark
    return {name: dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", found[1])) for name, found in (("light", light), ("dark", dark))}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_every_ground(scheme: str) -> None:
    """WCAG AA for text: 4.5 to 1."""
    colours = palettes()[scheme]
    for ink in ("ink", "soft", "accent", "good", "warn", "bad", "orange"):
        for ground in ("paper", "ground", "faint", "mark"):
            if ground == "mark" and ink not in ("ink", "accent"):
                continue
            bright, dim = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (scheme, ink, ground, round((bright + 0.05) / (dim + 0.05), 2))


def test_codes_of_the_program_are_words_for_the_reader(house: House) -> None:
    page = house.browser("S001", "zh").get("/loans/L001").text
    assert "先进先出法" in page and "(pro_rata)" not in page
    for link, name in re.findall(r'<li><a href="/rules/(CLS-[\d-]+)">[^<]*</a>([^<]*)', page):
        assert re.search(r"[\u4e00-\u9fff]", name), link
    assert all(f"trail_{act.value}" in _words() for act in Act)
    told = house.browser("S008", "zh").get("/trail").text
    assert "登录" in told and "<td>login</td>" not in told
