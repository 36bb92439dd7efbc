"""The report in Chromium: what one sees and does, on a desktop and a phone, in light and dark, without a network."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from reported import HOSTILE, batch, hit, hostile_hits, many, run_of

from linkgate.fronts.report import write_report

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs /usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NUMBER = 100_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    told = run_of(1, text=HOSTILE[0], show_urls="True") | {"files": HOSTILE, "lists": HOSTILE, "snapshot": HOSTILE[1]}
    for name, hits, run in (
        ("many", many(NUMBER), run_of(NUMBER)),
        ("empty", [], run_of(0)),
        ("hostile", hostile_hits(), told),
    ):
        write_report(folder / f"{name}.html", hits, run)
    return {path.stem: path for path in folder.iterdir()}


@contextmanager
def opened(browser: Browser, path: Path, *, address: str = "", **options: Any) -> Iterator[Page]:
    """A page that must ask for nothing and complain of nothing, whatever a test does to it."""
    context = browser.new_context(**({"viewport": DESKTOP} | options))
    page = context.new_page()
    page.set_default_timeout(5_000)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri() + address)
    yield page
    context.close()
    assert {each.partition("#")[0] for each in asked} == {path.as_uri()}
    assert not said


@pytest.fixture
def page(browser: Browser, pages: dict[str, Path]) -> Iterator[Page]:
    with opened(browser, pages["many"]) as page:
        yield page


def cells(page: Page, title: str) -> Locator:
    return page.locator(f"#table td[data-title='{title}'] > span:first-child")


def column(page: Page, title: str) -> list[str]:
    return cells(page, title).all_inner_texts()


def told(page: Page) -> Locator:
    return page.locator("#told")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["many", "empty", "hostile"])
def test_it_fits_and_can_be_read(
    browser: Browser, pages: dict[str, Path], name: str, viewport: dict[str, int], scheme: str
) -> None:
    with opened(browser, pages[name], viewport=viewport, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert not page.evaluate(CLIPPED)
        ratios = page.evaluate(CONTRAST)
        assert min(ratios["text"]) >= 4.5
        assert min(ratios["marks"], default=3) >= 3
        assert (ratios["page"] < 0.1) is (scheme == "dark")


CLIPPED = """[...document.querySelectorAll('.number')].filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => each.textContent)"""

CONTRAST = """() => {
  const channel = (value) => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
    return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
  const behind = (element) => { for (let each = element; each; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return light(colour); } };
  const ratio = (colour, element) => { const [a, b] = [light(colour), behind(element)].sort((x, y) => y - x);
    return (a + .05) / (b + .05); };
  const seen = (each) => each.checkVisibility() && each.textContent.trim();
  const drawn = [...document.querySelectorAll('svg text')];
  const texts = [...document.querySelectorAll('h1, h2, h3, p, dt, dd, th, td, td span, label, .note, summary, option')];
  return {
    text: [...texts.filter(seen).map((each) => ratio(getComputedStyle(each).color, each)),
      ...drawn.filter(seen).map((each) => ratio(getComputedStyle(each).fill, each))],
    marks: [...document.querySelectorAll('svg a path')].filter((each) => each.checkVisibility())
      .map((each) => ratio(getComputedStyle(each).fill, each)),
    page: behind(document.body) };
}"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_charts_are_drawn_to_scale(browser: Browser, pages: dict[str, Path], viewport: dict[str, int]) -> None:
    with opened(browser, pages["many"], viewport=viewport) as page:
        names = [str(each.get_attribute("id")) for each in page.locator("figure").all()]
        assert names == [
            f"figure-{name}" for name in ("time", "list", "kind", "category", "file", "scope", "steps", "entry")
        ]
        widths = [
            each.bounding_box()["width"]  # type: ignore[index]  # a bar that is not drawn fails here, as it should
            for each in page.locator("#figure-kind svg a path").all()
        ]
        counts = [71_112, 18_889, 9_999]
        assert [width / widths[0] for width in widths] == pytest.approx([each / counts[0] for each in counts], abs=0.03)
        assert page.locator("#figure-time svg:visible").count() == 1
        assert page.locator("#figure-time svg:visible a").count() == 24 * 3
        assert page.locator("#figure-file").get_by_text("190 others").first.is_visible()


def test_every_chart_has_its_numbers_as_a_table(page: Page) -> None:
    assert page.locator("figure details").count() == page.locator("figure").count()
    summary = page.locator("#figure-kind summary")
    summary.focus()
    page.keyboard.press("Enter")
    rows = page.locator("#figure-kind tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["exact", "71,112", "71", "%"], ["nested", "18,889", "19", "%"], ["loose", "9,999", "10.0", "%"],
    ]  # fmt: skip
    marks = page.locator("#figure-kind svg a > [aria-label]")
    assert marks.first.get_attribute("aria-label") == "exact: 71,112 (71 %)"


def test_filters_work_together(page: Page) -> None:
    expect(told(page)).to_have_text("1–50 of 5,000 hits")
    page.get_by_label("Action", exact=True).select_option("review")
    expect(told(page)).to_have_text("1–50 of 1,000 hits (of 5,000)")
    page.get_by_label("List", exact=True).select_option("hotline")
    assert set(column(page, "Action")) == {"review"}
    assert set(column(page, "List")) == {"hotline"}
    page.get_by_label("Category", exact=True).select_option("no category")
    assert set(column(page, "Category")) == {"–"}
    page.get_by_label("Search").fill("M1")
    expect(page).to_have_url(re.compile("q=M1"))
    ids = column(page, "Message")
    assert ids
    assert all("m1" in each for each in ids)
    page.get_by_role("button", name="Clear").click()
    expect(told(page)).to_have_text("1–50 of 5,000 hits")


def test_what_is_not_there_is_said(page: Page) -> None:
    page.get_by_label("Search").fill("nowhere")
    expect(told(page)).to_have_text("No hit of the 5,000 in this table passes these filters")
    assert page.locator("#table tbody tr").count() == 0
    expect(page.get_by_label("Next page")).to_be_disabled()


def test_sorting_goes_up_down_and_back(page: Page) -> None:
    before = column(page, "Message")
    head = page.get_by_role("columnheader", name="Message")
    for direction, down in (("ascending", False), ("descending", True)):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == direction
        numbers = [int(each[1:]) for each in column(page, "Message")]
        assert numbers == sorted(numbers, reverse=down)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "none"
    assert column(page, "Message") == before


def test_pages_turn(page: Page) -> None:
    first = column(page, "Message")
    page.get_by_label("Next page").click()
    expect(told(page)).to_have_text("51–100 of 5,000 hits")
    assert not set(first) & set(column(page, "Message"))
    page.get_by_label("Rows").select_option("500")
    expect(told(page)).to_have_text("1–500 of 5,000 hits")
    page.get_by_label("Action", exact=True).select_option("review")
    page.get_by_label("Next page").click()
    expect(told(page)).to_have_text("501–1,000 of 1,000 hits (of 5,000)")
    expect(page.get_by_label("Next page")).to_be_disabled()
    assert page.locator("#table tbody tr").count() == 500
    page.get_by_label("Rows").select_option("25")
    expect(told(page)).to_have_text("501–525 of 1,000 hits (of 5,000)")


def test_a_bar_leads_to_its_hits_and_the_address_keeps_them(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["many"]) as page:
        page.locator("#figure-scope svg a").nth(1).click()
        page.get_by_role("button", name="Remove the filter scope: brand").wait_for()
        assert set(column(page, "Scope")) == {"brand"}
        kept = page.evaluate("location.hash")
        page.get_by_role("button", name="Remove the filter").click()
        expect(told(page)).to_have_text("1–50 of 5,000 hits")
        page.locator("#figure-time svg:visible a").nth(1).click()
        expect(told(page)).to_have_text(re.compile(r"\(of 5,000\)$"))
        assert set(column(page, "Action")) == {"review"}
        assert {each[:7] for each in column(page, "Time (UTC)")} == {"2024-01"}
    with opened(browser, pages["many"], address=kept) as page:
        assert set(column(page, "Scope")) == {"brand"}


def test_all_of_it_works_from_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the hits"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("m4/")
    assert page.get_by_label("Search").input_value() == "m4/"
    expect(page).to_have_url(re.compile("q=m4"))
    page.locator("#figure-list svg a").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hits-title")).to_be_focused()
    assert set(column(page, "List")) == {"programme"}


def test_hostile_hits_stay_text(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["hostile"]) as page:
        bars = page.locator("#figure-list svg a").all()
        led = [parse_qs(urlsplit(bar.evaluate("a => a.href.baseVal")).fragment)["list"][0] for bar in bars]
        assert len(set(led)) == len(led) == 10
        for bar, name in zip(bars, led, strict=True):
            bar.click()
            expect(cells(page, "List")).to_have_text([name])
            expect(told(page)).to_have_text("1–1 of 1 hits (of 16)")
        assert page.evaluate("typeof pwned") == "undefined"
        assert page.locator("img, iframe, object, base").count() == 0
        assert HOSTILE[0] in page.locator("#run-title ~ .two").inner_text()
        assert page.locator("a[href]:not([href^='#'])").count() == 0


def test_the_policy_stops_what_escaping_would_let_through(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    finished: list[str] = []
    page.on("requestfinished", lambda request: finished.append(request.url))
    page.goto(pages["empty"].as_uri())
    stopped = page.evaluate(ATTACKS)
    context.close()
    assert {"img-src", "style-src-attr", "TypeError", "connect-src", "fetch"} <= set(stopped)
    assert finished == [pages["empty"].as_uri()]


ATTACKS = """async () => {
  const refused = [];
  document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
  const [image, text] = ['img', 'p'].map((tag) => document.body.appendChild(document.createElement(tag)));
  image.src = 'https://bad.example/';
  text.setAttribute('style', 'color: red');
  try { document.body.innerHTML = '<b>'; } catch (error) { refused.push(error.name); }
  try { await fetch('https://bad.example/'); } catch { refused.push('fetch'); }
  await new Promise((done) => setTimeout(done, 100));
  return refused;
}"""


def test_without_scripts_the_numbers_are_there(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["many"], java_script_enabled=False) as page:
        assert page.get_by_text("100,000 of 5,000,000 messages link to a listed page").is_visible()
        assert page.locator("#figure-list svg a path").first.is_visible()
        assert page.get_by_text("needs scripts").is_visible()
        assert not page.locator("#filters").is_visible()


def test_on_paper_there_are_no_buttons_and_no_dark(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["many"], color_scheme="dark") as page:
        page.emulate_media(media="print")
        assert not page.locator("#filters").is_visible()
        assert page.locator("#table").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


FOLDERS = [("/a/b/c.jsonl /a/e/c.jsonl", "b/c.jsonl e/c.jsonl"), ("/c.jsonl d.jsonl",) * 2, ("a/b.jsonl", "b.jsonl")]


@pytest.mark.parametrize(("files", "shown"), FOLDERS)
def test_the_table_says_once_what_all_hits_share(browser: Browser, tmp_path: Path, files: str, shown: str) -> None:
    hits = [batch(hit(file=file, place=place, category="abuse") for place, file in enumerate(files.split(), 1))]
    write_report(tmp_path / "few.html", hits, run_of(1))
    with opened(browser, tmp_path / "few.html") as page:
        assert page.locator("#table td[data-title='File']").first.get_attribute("title") == files.partition(" ")[0]
        assert [column(page, title) for title in ("File", "List", "Category")] == [shown.split(), [], []]
