"""The page for analysts in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")
if not CHROMIUM.exists():
    pytest.skip("no /usr/bin/chromium", allow_module_level=True)

from sidecars import LISTED, Sidecar, furnish, running  # noqa: E402  # what it needs was asked for above

import linkgate  # noqa: E402  # as above

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET = ("gpu", "quic", "background-networking", "component-update", "sync", "dev-shm-usage")
FLAGS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
everywhere = pytest.mark.parametrize(
    "page", [(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join, indirect=True
)
MORE = """[decisions]
path = "decisions"
[[list]]
name = "trial"
path = "trial.txt"
shadow = true
"""


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    folder = tmp_path_factory.mktemp("page")
    furnish(folder)
    (folder / "trial.txt").write_text("http://trial.example/page\n")
    (folder / "linkgate.toml").write_text((folder / "linkgate.toml").read_text() + MORE)
    config = linkgate.load_config(folder / "linkgate.toml")
    assert linkgate.update(config, config.open_store()).ok
    with running(folder, "--lookup", "--lookups-per-minute", "1000") as sidecar:
        sidecar.ask("/v1/check", {"text": "see http://www.trial.example/page", "id": "m-1"})
        yield sidecar


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Any, sidecar: Sidecar) -> Iterator[Any]:
    size, scheme = getattr(request, "param", ("desktop", "light"))
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    faults: list[str] = []
    page.on(
        "console", lambda message: faults.append(message.text) if not {"401", "403"} & {*message.text.split()} else None
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    elsewhere: list[str] = []
    home = f"http://127.0.0.1:{sidecar.port}/"
    page.on(
        "request", lambda request: None if request.url.startswith((home, "data:")) else elsewhere.append(request.url)
    )
    page.goto(home)
    yield page
    assert (faults, elsewhere) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def enter(page: Any, token: str) -> None:
    page.fill("#token", token)
    page.press("#token", "Enter")
    page.wait_for_function("document.activeElement.id === 'text'")


def answer(page: Any, text: str) -> str:
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.fill("#text", text)
    page.press("#text", "Enter")
    page.wait_for_selector("#answer .card")
    return str(page.inner_text("#answer"))


@everywhere
def test_a_url_is_looked_up_with_its_steps(page: Any) -> None:
    enter(page, "analyst")
    told = answer(page, "hxxp://www[.]bad[.]example/page/")
    assert "listed: review" in told
    assert "trailing-slash" in told
    assert "hxxp://bad[.]example/page" in told
    assert "http://" not in told
    page.wait_for_selector("#lists td")
    rows = [row.split("\t") for row in page.locator("#lists tr").all_inner_texts()[1:]]
    assert [(row[0], row[-1]) for row in rows] == [("partner", "deny"), ("trial", "in shadow")]
    assert page.locator("a").count() == 0


def test_a_message_is_checked(page: Any) -> None:
    enter(page, "analyst")
    told = answer(page, f"look 👀 here: {LISTED}")
    assert "listed: block" in told
    assert "hxxp://bad[.]example/page\n" in told
    assert "http://" not in told
    assert "not listed" in answer(page, "nothing to see here")
    assert "cannot tell" in answer(page, "mailto:joe@bad.example")


@everywhere
def test_why_a_url_is_not_flagged(page: Any) -> None:
    assert page.evaluate("document.activeElement.id") == "token"  # while there is none
    enter(page, "analyst")
    told = answer(page, "bad.example/other")
    assert told.startswith("not listed")
    assert "another path of this host is listed: entry " in told
    told = answer(page, "www.trial.example/page")
    assert told.startswith("listed, in shadow: would ask for review")
    assert "listed as loose: www; shadow makes log of review: entry " in told
    good = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--good-back')")
    page.evaluate("(colour) => document.body.style.setProperty('accent-color', colour)", good)
    green = page.evaluate("getComputedStyle(document.body).accentColor")
    shown = page.evaluate("getComputedStyle(document.querySelector('#answer .word')).backgroundColor")
    assert shown != green
    page.reload()
    assert page.evaluate("document.activeElement.id") == "text"
    assert not page.locator("#history").is_visible()


@everywhere
def test_why_of_what_is_on_record_and_the_questions_of_the_tab(page: Any) -> None:
    enter(page, "analyst")
    told = answer(page, "m-1")
    assert told.startswith("listed, in shadow: would ask for review\ndecision\n")
    assert "a listed entry" in told
    assert "log, not block: in shadow" in told
    entry = page.inner_text("#answer .card:nth-child(2) dd")
    assert answer(page, entry).startswith("a listed entry")
    assert "trial[.]example" not in page.inner_text("main")
    assert answer(page, "m-99").startswith("unknown id")
    assert answer(page, "hxxp://bad[.]example/page").startswith("listed: block")
    asked = page.locator("#asked li").all_inner_texts()
    assert [each.split("\n") for each in asked] == [
        ["hxxp://bad[.]example/page", "listed: block"],
        ["m-99", "unknown id"],
        [entry, "an entry"],
        ["m-1", "on record: 1"],
    ]
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.focus("#asked li:nth-child(4) button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer .card")
    assert page.input_value("#text") == "m-1"
    assert page.locator("#asked li").count() == 4
    page.fill("#text", "")
    page.press("#text", "ArrowUp")
    assert page.input_value("#text") == "m-1"
    page.click("#forget")
    assert not page.locator("#history").is_visible()
    assert page.evaluate("JSON.stringify([...Object.values(sessionStorage), ...Object.values(localStorage)])") == (
        '["analyst"]'
    )


def test_without_the_right_it_says_so(page: Any) -> None:
    assert "a bearer token is needed" in answer(page, "x.test")
    enter(page, "nobody")
    assert "this token is not known" in answer(page, "x.test")


def test_what_is_pasted_is_text(page: Any) -> None:
    enter(page, "analyst")
    told = answer(page, "http://x.test/<img/src=x/onerror=alert(1)>")
    assert "not listed" in told
    assert page.locator("#answer img").count() == 0


def test_the_keyboard_is_enough(page: Any) -> None:
    enter(page, "analyst")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ask"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("a")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("b")
    assert page.input_value("#text") == "a\nb"
    assert page.locator("#answer .card").count() == 0


@everywhere
def test_cases_are_shown_to_those_who_may_see_them(page: Any) -> None:
    enter(page, "analyst")
    assert not page.locator("#decision").is_visible()
    page.click("#kept summary")
    page.wait_for_selector("#cases .hint")
    assert "this token has not the right 'cases'" in page.inner_text("#cases")
    page.fill("#decision", "d0")
    page.press("#decision", "Enter")
    page.wait_for_selector("#decided .card")
    assert "no answer" in page.inner_text("#decided")
