"""The console in a real headless Chromium: logging in, the outlined number in view, no complaint of the browser, and no JavaScript at all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.api.browser import PROGRAM, Browser
from tests.api.house import House

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    """The house, served on the loopback."""
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def browser(address: str, house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Logged in as S001 through the form."""
    opened = Browser(tmp_path_factory.mktemp("chromium"))
    opened.look(1280)
    opened.cookie(address, "loanward_language", "en")
    opened.open(f"{address}/login?next=/borrowers")
    opened.run(f"document.getElementById('token').value = {json.dumps(house.tokens['S001'])}")
    opened.run("void document.querySelector('.door form').submit()")
    opened.settle()
    yield opened
    opened.close()


def test_the_login_form_leads_in(browser: Browser) -> None:
    assert browser.run("location.pathname") == "/borrowers"
    assert browser.run("document.querySelector('h1').textContent") == "Borrowers"
    assert browser.run("document.cookie").count("loanward_session") == 0, "no script can read the session"


def test_the_number_is_in_view_and_the_box_lies_on_it(browser: Browser, address: str, house: House) -> None:
    source = house.fact().source
    box, label = (",".join(str(edge) for edge in one or ()) for one in (source.box, source.label_box))
    browser.open(f"{address}/documents/{source.sha256}/pages/{source.page}?box={box}&label={label}")
    placed = browser.run(
        "(() => { const n = document.querySelector('.sheet .number').getBoundingClientRect(); const i = document.querySelector('.sheet img');"
        " const p = i.getBoundingClientRect(); return {top: n.top, height: innerHeight, x: (n.left - p.left) / p.width * 595.28, drawn: i.naturalWidth} })()"
    )
    assert 0 < placed["top"] < placed["height"] and placed["drawn"] > 800
    assert source.box and abs(placed["x"] - (source.box[0] - 2.5)) < 6
    assert not browser.complaints


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window_and_the_browser_has_no_complaint(
    browser: Browser, address: str, house: House, width: int
) -> None:
    browser.look(width, dark=width == 390)
    pages = ["/", "/borrowers/C001", "/figures/C001/debt_to_ebitda?open=all", "/search?q=6,400.00", "/trail", "/loans/L001",
             f"/documents/{house.fact('C003', paged=False).source.sha256}/text"]  # fmt: skip
    for page in pages:
        browser.open(address + page)
        assert browser.run("document.documentElement.scrollWidth") <= width, page
    assert not browser.complaints, browser.complaints
    browser.look(1280)


@pytest.mark.slow
def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    browser.look(1280, script=False)
    try:
        browser.open(f"{address}/figures/C001/current_ratio")
        found = browser.call("DOM.getDocument", depth=-1)
        root = found["root"]["nodeId"]
        node = browser.call("DOM.querySelector", nodeId=root, selector=".tree details details summary, .tree .leaf a")["nodeId"]
        assert node
        box = browser.call("DOM.getBoxModel", nodeId=node)["model"]["content"]
        x, y = (box[0] + box[4]) / 2, (box[1] + box[5]) / 2
        for kind in ("mousePressed", "mouseReleased"):
            browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    finally:
        browser.look(1280)


@pytest.mark.slow
def test_the_keys_search_and_turn_pages(browser: Browser, address: str, house: House) -> None:
    sha256 = house.fact().source.sha256
    browser.open(f"{address}/documents/{sha256}/pages/2")
    browser.run("void document.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))")
    assert browser.run("document.activeElement.id") == "quick"
    browser.run("void document.activeElement.blur()")
    browser.run("void document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))")
    browser.settle()
    assert browser.run("location.pathname").endswith("/pages/3")


@pytest.mark.slow
def test_a_page_prints(browser: Browser, address: str, tmp_path: Path) -> None:
    browser.open(f"{address}/borrowers/C001")
    assert len(browser.call("Page.printToPDF", printBackground=False)["data"]) > 20_000


def test_the_word_for_the_other_language_is_drawn_when_the_page_is_there(browser: Browser, address: str) -> None:
    browser.look(1280)
    browser.open(f"{address}/login")
    assert browser.run("document.querySelector('.push a').textContent") == "中文"
    assert browser.run("document.fonts.check('14px \"Loanward Han\"', '中文')") is True
    assert browser.run("getComputedStyle(document.querySelector('.push a')).fontFamily").startswith('"Loanward Han"')
