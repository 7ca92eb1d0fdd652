"""The pages with a bank's log of 262,200 events in them: a whole Backdesk, asked over HTTP on this machine."""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.browser import Browser
from bench.measuring import Failed, load, run, shared_data, spread, table, title, told_plainly
from bench.serving import Served, free_port, served

REQUESTS = 60
AT_ONCE = 4
SECONDS_A_PAGE = 30.0
LIMIT_SECONDS, LIMIT_BYTES = 0.100, 150_000
ACTIVITIES = 23
BUSIEST = "W_Completeren aanvraag"
PICTURE = re.compile(rb"<svg.*?</svg>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A Backdesk that runs, with somebody signed in."""

    served: Served
    browser: Browser
    email: str
    var: Path


def main() -> None:
    title("Pages with BPI Challenge 2012 in them, beside the demonstration company's own year")
    packed = shared_data("eventlogs", "logs", "bpic2012.xes.gz")
    with house() as here:
        history = bring(here, packed)
        pages = _pages(here.browser, history)
        first_looks(here, history)
        asked(here, pages)
        under_load(here, pages)
        memory(here)


@contextmanager
def house() -> Iterator[House]:
    """`backdesk run` in a directory of its own, with its database, web server and job worker."""
    with tempfile.TemporaryDirectory(prefix="backdesk-bench-") as place:
        var, port = Path(place) / "var", free_port()
        command = [sys.executable, "-m", "backdesk", "run", "--port", str(port)]
        with served(command, directory=Path(place), environment={"BACKDESK_VAR": str(var)}) as running:
            running.await_start()
            email, password = lead((var / "demonstration-sign-in.txt").read_text())
            browser = Browser(port)
            browser.sign_in(email, password)
            _await_quiet(var / "histories")
            yield House(served=running, browser=browser, email=email, var=var)


def _await_quiet(histories: Path) -> None:
    """The first start goes on drawing the demonstration's plots, in the background."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < 3:
        found = len(list(histories.rglob("*.svg")))
        if found != seen:
            seen, since = found, time.monotonic()
        time.sleep(0.2)


def lead(text: str) -> tuple[str, str]:
    (line,) = (line for line in text.splitlines() if "operations lead" in line)
    email, password = line.split()[:2]
    return email, password


def bring(here: House, packed: Path) -> str:
    """Upload the log and have it read, as a person does; the path of its page."""
    browser = here.browser
    unpacked = gzip.decompress(packed.read_bytes())
    large, _ = _upload(browser, "bpic2012.xes", unpacked)
    small, columns = _upload(browser, packed.name, packed.read_bytes())
    offered = browser.get(columns).seconds
    began = time.perf_counter()
    page = browser.post(columns, browser.form(columns, field="calendar")).location
    figures = _until(lambda: _is_read(browser, page), began)
    plots = _until(lambda: _is_drawn(here.var, page), began)
    rows = [
        _sent("upload, unpacked", len(unpacked), large),
        _sent("upload, packed", packed.stat().st_size, small),
        ["columns offered", f"{offered:.2f}", "", ""],
        ["read: from the click to its figures on the page", f"{figures:.2f}", "", ""],
        ["until every plot is drawn, too", f"{plots:.2f}", "", ""],
    ]
    table(["bringing the log", "s", "MB", "MB/s"], rows)
    return page


def _sent(name: str, size: int, seconds: float) -> list[str]:
    return [name, f"{seconds:.2f}", f"{size / 1e6:.1f}", f"{size / 1e6 / seconds:.0f}"]


def _upload(browser: Browser, name: str, content: bytes) -> tuple[float, str]:
    fields = browser.form("/plan/histories/new/", field="name")
    answer = browser.upload("/plan/histories/new/", fields, name=name, content=content)
    return answer.seconds, answer.location


def _until(condition: Callable[[], bool], began: float) -> float:
    while not condition():
        if time.perf_counter() - began > 300:
            raise Failed("The log was not read within five minutes.")
        time.sleep(0.2)
    return time.perf_counter() - began


def _is_read(browser: Browser, page: str) -> bool:
    text = browser.get(page).text
    if "This did not work" in text:
        raise Failed("The log could not be read.")
    return "What was decided while reading" in text


def _is_drawn(var: Path, page: str) -> bool:
    number = page.strip("/").split("/")[-1]
    plots = list((var / "histories" / number).glob("*/*/pictures/plots/activity-*"))
    return len(plots) == ACTIVITIES and all(len(list(one.glob("*.svg"))) == 3 for one in plots)


def _pages(browser: Browser, history: str) -> dict[str, str]:
    text = browser.get("/plan/inventory/?name=W_Completeren").text
    found = re.search(rf'href="(/plan/activities/\d+/)"[^>]*>\s*{BUSIEST}', text)
    if found is None:
        raise Failed(f"The inventory does not show {BUSIEST}.")
    steps = f"{history}steps/?activity={BUSIEST.replace(' ', '+')}"
    return {
        "inventory": "/plan/inventory/",
        "inventory, by hours, descending": "/plan/inventory/?sort=-hours_per_month",
        "activity, the busiest": found[1],
        "candidates": "/plan/candidates/",
        "candidates, other weights": "/plan/candidates/?hours=3&waiting=0.5&rework=2",
        "work histories": "/plan/histories/",
        "history": history,
        "steps, all 164,506": f"{history}steps/",
        "steps, the last page": f"{history}steps/?page=3290",
        "steps, sorted by person": f"{history}steps/?sort=resource",
        "steps behind a figure: repeats": f"{steps}&is_rework=true",
        "steps behind an edge of the map": f"{steps}&follows=W_Nabellen+offertes",
        "cases": f"{history}cases/",
        "cases, longest first": f"{history}cases/?sort=-cycle_hours",
        "one case": f"{history}case/?case=173688",
        "map": f"{history}map/",
        "rejected rows": f"{history}rejects/",
        "home": "/",
    }


def first_looks(here: House, history: str) -> None:
    """Maps nobody asked for before are drawn while one waits."""
    rows = []
    for name, query in (
        ("map, as it opens", ""),
        ("map, half of the paths", "?activities=100&paths=50"),
        ("map, all paths", "?activities=100&paths=100"),
        ("map, what is proposed shaded", "?activities=100&paths=20&handed_over=on"),
    ):
        answer = here.browser.get(f"{history}map/{query}")
        rows.append([name, f"{answer.seconds * 1000:,.0f}", f"{len(answer.body) / 1000:,.0f}"])
    table(["drawn for the first time", "ms", "kB"], rows)


def asked(here: House, pages: dict[str, str]) -> None:
    """Each page again and again, one request after the other, over one connection."""
    counted = _counted(here, list(pages.values()))
    rows = [_row(here.browser, name, path, counted[path]) for name, path in pages.items()]
    head = ["page", "n", "first", "p50 ms", "p95 ms", f"of {LIMIT_SECONDS * 1000:.0f} ms", "cpu ms", "SQL"]
    head += ["kB", "no plots", f"of {LIMIT_BYTES // 1000} kB"]
    note = f"Request to last byte, one after the other. Limits: p50; the page without plots. Now {load()}."
    table(head, rows, note=note)


def _row(browser: Browser, name: str, path: str, counted: Mapping[str, float]) -> list[str]:
    answers = [browser.get(path)]
    deadline = time.monotonic() + SECONDS_A_PAGE
    while len(answers) <= REQUESTS and time.monotonic() < deadline:
        answers.append(browser.get(path))
    times = spread([answer.seconds * 1000 for answer in answers[1:]])
    body = answers[-1].body
    bare = len(PICTURE.sub(b"", body))
    return [
        name,
        str(len(answers) - 1),
        f"{answers[0].seconds * 1000:,.0f}",
        f"{times.median:,.0f}",
        f"{times.p95:,.0f}",
        f"{times.median / 1000 / LIMIT_SECONDS:.2f}",
        f"{counted['cpu'] * 1000:,.0f}",
        f"{counted['statements']:.0f}",
        f"{len(body) / 1000:,.0f}",
        f"{bare / 1000:,.0f}",
        f"{bare / LIMIT_BYTES:.2f}",
    ]


def under_load(here: House, pages: dict[str, str]) -> None:
    """Four people at once."""
    rows = []
    for name, path in pages.items():
        deadline = time.monotonic() + SECONDS_A_PAGE
        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as people:
            asking = [people.submit(_ask_on, here.browser.twin(), path, deadline) for _ in range(AT_ONCE)]
            times = [seconds for one in asking for seconds in one.result()]
        took = time.perf_counter() - began
        found = spread([seconds * 1000 for seconds in times])
        rows.append(
            [name, str(len(times)), f"{found.median:,.0f}", f"{found.p95:,.0f}", f"{len(times) / took:.0f}"]
        )
    table([f"{AT_ONCE} at once", "n", "p50 ms", "p95 ms", "pages/s"], rows, note=f"Now {load()}.")


def _ask_on(browser: Browser, path: str, deadline: float) -> list[float]:
    times: list[float] = []
    while len(times) < REQUESTS // AT_ONCE and time.monotonic() < deadline:
        times.append(browser.get(path).seconds)
    return times


def memory(here: House) -> None:
    peaks = here.served.peak_memory()
    table(
        ["process, after all this", "peak MB"],
        [[name, f"{peak:,.0f}"] for name, peak in sorted(peaks.items())],
    )


def _counted(here: House, paths: Sequence[str]) -> dict[str, dict[str, float]]:
    """Statements and seconds of all cores, by a client within one process on the same database."""
    environment = {
        "BACKDESK_VAR": str(here.var),
        "BACKDESK_HTTPS": "no",
        "SECRET_KEY_FILE": str(here.var / "secret-key"),
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "backdesk.config.settings",
    }
    arguments = [sys.executable, "-m", "bench.page_costs", here.email, *paths]
    counted: dict[str, dict[str, float]] = json.loads(run(arguments, environment=environment).printed)
    return counted


if __name__ == "__main__":
    sys.exit(told_plainly(main))
