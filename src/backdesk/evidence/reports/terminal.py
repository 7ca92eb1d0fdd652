"""An assessment for the terminal: tables and sentences that read well at 80 columns, in a pipe, without colour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from backdesk.evidence.assessment import CRITERION, Assessment, Bundle, Candidate
from backdesk.evidence.assessment.wording import in_words, listed
from backdesk.evidence.reports.content import rank_row
from backdesk.evidence.reports.holdings import holdings
from backdesk.evidence.reports.shapes import RankRow
from backdesk.evidence.reports.story import (
    WORKING_DAY,
    crossings_today,
    headlines,
    members,
    monthly,
    no_bundle,
    part_of,
    points,
    rather_than,
    why_kept,
    why_work_waits,
)

FIRST_REJECTS = 5
_MOST_KEPT = 15
_MOST_RANKED, _MOST_REASONED = 50, 25
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_STYLES = {"hand over": "bold green", "candidate": "green", "ask": "yellow", "keep": "dim"}


def show(assessment: Assessment, *, console: Console, name: str) -> None:
    """Print an assessment to a terminal; `name` is that of the log.

    >>> from io import StringIO
    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> console = Console(file=StringIO(), width=80)
    >>> show(found, console=console, name="orders.csv")
    >>> console.file.getvalue().splitlines()[0]
    'orders.csv'
    """
    with console.capture() as captured:
        _Pages(console).show(assessment, name)
    # Tables fill their lines; in a file or a pipe that is only noise.
    text = "\n".join(line.rstrip() for line in captured.get().splitlines())
    console.file.write(text + "\n")


def clean(text: str) -> str:
    """Replace what a terminal would obey rather than print: names come from files of others.

    >>> clean("Check\\x1b[2J invoice")
    'Check\ufffd[2J invoice'
    """
    return _INVISIBLE.sub("\ufffd", text)


def bundle_sentence(bundle: Bundle, minutes_per_crossing: float) -> str:
    """Say what one bundle takes and whether it pays at the price of a crossing.

    >>> bundle = Bundle(activities=("Check",), along=(), hours_per_month=80.0, share_of_hours=0.4,
    ...                 steps_per_month=300.0, crossings_per_case=0.9, crossings_apart_per_case=0.9,
    ...                 gain_hours_per_month=40.0, net_hours_per_month=22.0, pays_up_to_minutes=18.0)
    >>> bundle_sentence(bundle, 10.0)
    '80 hours a month (40 %), 0.9 crossings a case; pays as long as a crossing costs under 18 minutes'
    """
    share = f" ({in_words(bundle.share_of_hours, 'share')})" if bundle.share_of_hours is not None else ""
    hours = monthly(bundle.hours_per_month, at_most=bundle.estimated)
    taken = f"{hours}{share}, {bundle.crossings_saved_text}"
    if bundle.pays_up_to_minutes is None:
        return taken
    up_to = in_words(bundle.pays_up_to_minutes, "minutes")
    if bundle.pays_up_to_minutes > WORKING_DAY:
        return f"{taken}; pays even if a crossing costs a working day"
    if bundle.net_hours_per_month > 0:
        return f"{taken}; pays as long as a crossing costs under {up_to}"
    return (
        f"{taken}; does not pay at {in_words(minutes_per_crossing, 'minutes')} a crossing, only under {up_to}"
    )


def uncapitalised(sentence: str) -> str:
    """Begin a sentence small, to go on with it in another.

    >>> uncapitalised("Nobody's work")
    "nobody's work"
    """
    return sentence[:1].lower() + sentence[1:]


class _Pages:
    """Print the parts of an assessment one after the other."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def show(self, assessment: Assessment, name: str) -> None:
        self.line(name, style="bold")
        for sentence in holdings(assessment):
            self.line(sentence)
        self.rejects(assessment)
        self.head("In short")
        self.points(headlines(assessment))
        self.ranking(assessment)
        self.reasons(assessment)
        self.bundles(assessment)
        self.pilot(assessment)
        self.stays(assessment.of_verdict("keep"))
        self.head("Why work waits")
        self.points(why_work_waits(assessment))
        self.questions(assessment)
        self.notes(assessment.notes)

    def rejects(self, assessment: Assessment) -> None:
        reading = assessment.reading
        if reading is None or not reading.rows_rejected:
            return
        for line, field, value, reason in reading.rejects.head(FIRST_REJECTS).iter_rows():
            self.line(f"line {line}, {field}: {value!r}. {reason}", indent=2, style="dim")
        if reading.rows_rejected > FIRST_REJECTS:
            rest = reading.rows_rejected - FIRST_REJECTS
            self.line(f"{rest:,} more; write them all with --rejects FILE.", indent=2, style="dim")

    def ranking(self, assessment: Assessment) -> None:
        self.head("Ranking, from 100 (all speaks for handing over) to -100 (all against)")
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        table.add_column("", justify="right")
        table.add_column("activity", ratio=1, overflow="fold")
        table.add_column("verdict", no_wrap=True)
        table.add_column("points", justify="right", no_wrap=True)
        table.add_column("could be", justify="right", no_wrap=True)
        table.add_column("h/month", justify="right", no_wrap=True)
        currency = next((one.currency for one in (assessment.costs or {}).values()), None)
        last = f"{currency}/month" if currency else "steps/mo."
        table.add_column(last, justify="right", no_wrap=True)
        working = [one for one in assessment.candidates if not one.nothing]
        for place, one in enumerate(working[:_MOST_RANKED], start=1):
            row = rank_row(assessment, place=place, of=one)
            table.add_row(*self.ranked(row), Text(row.cost if currency else row.steps))
        self.console.print(table)
        self.more(len(working) - _MOST_RANKED)
        if any(one.record.estimated for one in assessment.candidates):
            self.line("≤ at most: the record holds no starts", style="dim")

    def ranked(self, row: RankRow) -> Iterator[Text]:
        style = _STYLES[row.verdict]
        yield Text(str(row.place), style="dim")
        yield Text(clean(row.activity))
        yield Text(row.verdict, style=style)
        yield Text(row.points, style=style)
        yield Text(row.could_be, style="dim")
        yield Text(row.hours)

    def reasons(self, assessment: Assessment) -> None:
        shown = [*assessment.proposed, *assessment.of_verdict("ask")]
        if not shown:
            return
        self.head("The reasons, with their evidence")
        for one in shown[:_MOST_REASONED]:
            self.line(f"{one.activity}: {one.verdict}, {points(one.total)} points", style="bold")
            self.points(one.reasons or ("no reason is strong by itself",), mark="+")
            self.points(one.against, mark="-")
        self.more(len(shown) - _MOST_REASONED)

    def bundles(self, assessment: Assessment) -> None:
        self.head("Bundles: what belongs together, so that little crosses the company boundary")
        if not assessment.bundles:
            self.line(no_bundle(assessment))
            return
        if today := crossings_today(assessment):
            self.line(today)
        for place, bundle in enumerate(assessment.bundles, start=1):
            self.line(f"{place}. {members(bundle)}", style="bold" if place == 1 else "")
            self.line(bundle_sentence(bundle, assessment.minutes_per_crossing) + ".", indent=3)

    def pilot(self, assessment: Assessment) -> None:
        self.head("The pilot to start with")
        pilot = assessment.pilot
        if pilot is None:
            self.line(assessment.no_pilot or "")
            return
        self.line(part_of(pilot), style="bold")
        self.points(pilot.reasons, mark="+")
        for sentence in (rather_than(pilot), *pilot.reservations):
            if sentence:
                self.line(sentence, indent=2)

    def stays(self, kept: tuple[Candidate, ...]) -> None:
        if not kept:
            return
        self.head("What stays, and why")
        for why, names in why_kept(kept).items():
            self.line(f"{listed(names, most=_MOST_KEPT)}: {uncapitalised(why)}.")

    def questions(self, assessment: Assessment) -> None:
        if not assessment.questions:
            return
        self.head("What the log cannot tell: ask the people who do the work")
        candidates = len(assessment.proposed) + len(assessment.of_verdict("ask"))
        for one in assessment.questions:
            every = len(one.activities) == candidates
            whom = "all of the above" if every else listed(one.activities)
            self.line(f"{CRITERION[one.criterion].title}: {one.text} ({whom})")

    def notes(self, notes: tuple[str, ...]) -> None:
        if notes:
            self.head("How the log was read")
            self.points(notes)

    def more(self, count: int) -> None:
        if count > 0:
            self.line(f"{count:,} more {'is' if count == 1 else 'are'} in --report and --json.", style="dim")

    def head(self, title: str) -> None:
        self.console.print()
        self.console.print(Rule(title, align="left", style="dim", characters="─"))

    def points(self, sentences: Iterable[str], *, mark: str = "•") -> None:
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for sentence in sentences:
            table.add_row(Text("  " + mark, style="dim"), Text(clean(sentence)))
        self.console.print(table)

    def line(self, text: str, *, indent: int = 0, style: str = "") -> None:
        self.console.print(Padding(Text(clean(text), style=style, overflow="fold"), (0, 0, 0, indent)))
