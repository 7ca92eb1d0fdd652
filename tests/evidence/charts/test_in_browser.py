"""In a real browser, under the policy of our pages: the pictures follow the page's colours, and nothing is blocked."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from backdesk.evidence import charts
from backdesk.evidence.process import draw, process_map
from backdesk.evidence.process._example import three_cases
from tests.evidence.charts.pictures import EVERY
from tests.waiting import PATIENCE

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'nonce-ours'; script-src 'nonce-ours'">
<style nonce="ours">:root { --ink: rgb(1, 2, 3); --paper: rgb(4, 5, 6); --accent: rgb(7, 8, 9); }</style>
<script nonce="ours">
  const blocked = [];
  addEventListener("securitypolicyviolation", event => blocked.push(event.violatedDirective));
  addEventListener("load", () => setTimeout(() => {
    const fills = [...document.querySelectorAll("svg rect, svg path, svg text")].map(e => getComputedStyle(e).fill);
    document.body.textContent = "FOUND" + JSON.stringify({blocked, fills: [...new Set(fills)]}) + "END";
  }, 100));
</script></head><body>%s</body></html>"""


def seen(body: str, folder: Path) -> dict[str, list[str]]:
    """Give what the browser blocked and the colours it filled shapes with."""
    page = folder / "page.html"
    page.write_text(PAGE % body, encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=2000", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    found = re.search(r"<body>FOUND(.*)END</body>", done.stdout)
    assert found, done.stdout[-500:]
    return json.loads(found.group(1))  # type: ignore[no-any-return]


def test_pictures_take_the_colours_of_the_page_and_nothing_is_blocked(tmp_path: Path) -> None:
    pictures = [charts.svg(make(720)) for make in EVERY.values()]
    pictures.append(draw(process_map(three_cases()), inside={"Check"}, href=lambda item: "#cases"))
    found = seen("".join(pictures), tmp_path)
    assert found["blocked"] == []
    assert {"rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(7, 8, 9)"} <= set(found["fills"])


def test_pictures_that_stand_alone_keep_their_own_colours(tmp_path: Path) -> None:
    alone = draw(process_map(three_cases())).replace("--ink", "--nobody-defines-this")
    assert "rgb(27, 31, 36)" in seen(alone, tmp_path)["fills"]


def test_a_style_attribute_would_have_been_blocked(tmp_path: Path) -> None:
    found = seen('<svg><rect style="fill: red" width="9" height="9"/></svg>', tmp_path)
    assert found["blocked"] == ["style-src-attr"]
    assert "rgb(255, 0, 0)" not in found["fills"]
