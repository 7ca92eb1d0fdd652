"""The pages of docs/methods: formula, source and limits of each measure, from the catalogue that computes them.

python scripts/methods.py            write the pages anew, after the catalogue was changed on purpose
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from backdesk.evidence.measures import FAMILIES, SERVICE_CATALOGUE, Measure

PLACE = Path(__file__).resolve().parents[1] / "docs" / "methods"
SERVICES = "Services"

ABOUT: Mapping[str, str] = {
    "Steps": "Of any group of steps: by activity, person, team, company, function, an attribute or a period, alone or "
    "together, also of those alone that fulfil a condition (`aggregate`, `figures`).",
    "Cases": "Of the cases of any group of steps, each whole and once, whatever steps a condition leaves of it "
    "(`aggregate`, `figures`); and of each case by itself (`cases`, `variants`).",
    "Agreements": "Of the cases of any group of steps, as items against what was agreed (`agreed`, then `aggregate`): "
    "calendar, target, and whether the day of receipt is day 0 or day 1 are given with the terms.",
    "Waiting": "Why steps wait.",
    "People": "How busy people are, and who waits for them (`people`, `utilised` of any group, `contention`, "
    "`performers_utilisation`).",
    "Working time": "When a company, its teams and its people work, as their record shows (`working_times`).",
    "Handovers": "Who hands work to whom.",
    "Flow": "What arrives, is completed and lies open (`flow`, `backlog_growth`).",
    "Workload": "How much there is to do, hour by hour, day by day or week by week.",
    "Work in progress": "What was begun and is not done (`wip`, `wip_figures`, `days_to_clear`).",
    "Forecast": "What will arrive.",
    "Record": "What a record holds (`summary`).",
    SERVICES: "Of the items of a service that somebody does for somebody (`service_figures`).",
}

HEAD = """# Methods

Every figure is defined once, in the catalogue of `backdesk.evidence.measures`, which computes it. These pages are
written from it by `python scripts/methods.py`; a test holds them to it.

- What has no data is missing, never 0. A share is kept as a part of 1 and shown in %.
- Working time is exact over changes of the clocks: windows of a calendar are local times, sums are in real seconds.
- Logs often hold ends alone. Then starts are estimated, and every figure that rests on them says so.
- Intervals are given on request (`confidence`): of shares by Wilson (JASA 22, 1927), of medians and other quantiles by
  order statistics (David and Nagaraja, 3rd ed. 2003). They hold as if each step, or case, were drawn by chance
  without the others; steps of one case seldom are.
- Partitions are by case. What merges exactly is the same to the last digit for one partition or many, on one core, on
  many or on a cluster (`measure_partitioned`). Steps are made of the log as a whole first.

"""


def pages() -> dict[str, str]:
    """Return the text of each page by its name."""
    families = {**FAMILIES, SERVICES: tuple(SERVICE_CATALOGUE.values())}
    listed = "".join(
        f"- [{title}]({_file(title)}): {len(family)} figures\n" for title, family in families.items()
    )
    found = {_file(title): "\n".join(_page(title, family)) for title, family in families.items()}
    return {"README.md": HEAD + listed, **found}


def main() -> None:
    PLACE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PLACE / name).write_text(text)


def _file(title: str) -> str:
    return f"{title.lower().replace(' ', '-')}.md"


def _page(title: str, family: Iterable[Measure]) -> Iterator[str]:
    yield f"# {title}\n\n{ABOUT[title]}"
    for entry in family:
        yield f"\n## {entry.title}\n\n`{entry.name}`, in {entry.unit}: {entry.definition}."
        yield f"\n- Source: {entry.source}."
        yield from _limits(entry, of_items=title == SERVICES)
    yield ""


def _limits(entry: Measure, *, of_items: bool) -> Iterator[str]:
    if entry.needs_starts:
        yield "- Rests on starts: where these are estimated, so is this."
    if entry.has_interval:
        yield f"- Interval on request: `{entry.name}_low`, `{entry.name}_high`."
    if not of_items:
        yield f"- Merges {entry.merges}."
    if entry.limits:
        yield f"- Limits: {entry.limits}."


if __name__ == "__main__":
    main()
