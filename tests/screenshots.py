"""Makes the README's pictures: `python tests/screenshots.py [INDEX]` writes every page, desktop and phone, into docs/images/.

Needs Chromium and an index of the corpus (default: one made for the occasion).
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.commands import POLICY_ASSISTANT, serving  # noqa: E402 - the folder above is on the path from here on

IMAGES = REPOSITORY / "docs" / "images"
SCHOOL = "oakfield"
QUESTION = "May staff have contact with pupils on social media?"
WORRY = "A pupil told me that her stepdad hits her. What do I do?"
SIZES = {"desktop": (1280, 900), "phone": (360, 760)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        if not (index / "documents.sqlite3").exists():
            subprocess.run([POLICY_ASSISTANT, "ingest", "--index", str(index)], check=True, stdout=subprocess.DEVNULL)
        with serving(index) as address:
            _shoot(address)


def _shoot(address: str) -> None:
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for size, (width, height) in SIZES.items():
            page = chromium.new_page(viewport={"width": width, "height": height})
            for name, arrange in PAGES.items():
                page.goto(f"{address}/?school={SCHOOL}&question={quote(WORRY if name == 'worry' else QUESTION)}")
                page.wait_for_function("() => (document.querySelector('#question textarea')?.value ?? '') !== ''")
                arrange(page)
                page.mouse.move(0, 0)
                page.wait_for_timeout(1000)  # the page fades its old state out
                page.screenshot(path=str(IMAGES / f"{name}-{size}.png"))
            page.close()
        chromium.close()


def _ask(page: Any) -> None:
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".turn").wait_for()


def _open(page: Any) -> None:
    _ask(page)
    page.locator(".turn a.open").first.click()
    page.frame_locator("#panel iframe").locator("mark").first.wait_for()


def _tab(page: Any, name: str) -> None:
    tab = page.get_by_role("tab", name=name)
    if not tab.is_visible():
        page.locator(".overflow-menu > button").click()
        tab = page.locator(".overflow-dropdown").get_by_text(name)
    tab.click()


def _compare(page: Any) -> None:
    _tab(page, "Compare")
    page.locator("#compared textarea, #compared input").fill("Can I be friends with a former pupil on Facebook?")
    page.locator("#compare").click()
    page.locator("#comparison tbody tr").first.wait_for()


def _policies(page: Any) -> None:
    _tab(page, "Policies")
    page.locator("#policies tbody tr").first.wait_for()


def _leads(page: Any) -> None:
    _tab(page, "For DSLs")
    page.locator("#contacts-of input").nth(1).check()
    page.locator("#contacts table").wait_for()


PAGES: dict[str, Callable[[Any], None]] = {
    "ask": _ask,
    "worry": _ask,
    "document": _open,
    "compare": _compare,
    "policies": _policies,
    "leads": _leads,
}


if __name__ == "__main__":
    main()
