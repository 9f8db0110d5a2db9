"""Makes the README's pictures: `python tests/screenshots.py [INDEX]` writes docs/images/ask-desktop.png and ask-phone.png.

Needs Chromium and an index of the corpus (default: one made for the occasion).
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.commands import POLICY_ASSISTANT, serving  # noqa: E402 - the folder above is on the path from here on

IMAGES = REPOSITORY / "docs" / "images"
SCHOOL = "oakfield"
QUESTION = "May staff have contact with pupils on social media?"
SHOTS = {"ask-desktop.png": (1280, 900), "ask-phone.png": (360, 760)}


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
        for name, (width, height) in SHOTS.items():
            page = chromium.new_page(viewport={"width": width, "height": height})
            page.goto(f"{address}/?school={SCHOOL}&question={quote(QUESTION)}")
            page.wait_for_function("() => document.querySelector('#question textarea')?.value !== ''")
            page.get_by_role("button", name="Ask", exact=True).click()
            page.locator(".turn").wait_for()
            page.mouse.move(0, 0)
            page.wait_for_timeout(1000)  # the page fades its old state out
            if width < 600:
                page.locator(".turn").evaluate("turn => window.scrollTo(0, turn.getBoundingClientRect().top - 120)")
            page.screenshot(path=str(IMAGES / name))
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
