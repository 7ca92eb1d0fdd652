"""The figures of the causes of waiting."""

from __future__ import annotations

from typing import Final

from backdesk.evidence.measures.definition import LASHKEVICH, Measure

CAUSES: Final = ("batching", "contention", "prioritisation", "unavailability", "extraneous")
"""Why a step waits, in the order in which a moment that has several reasons is given to one of them."""

_TITLES: Final = {
    "batching": "Waiting for the batch",
    "contention": "Waiting in turn",
    "prioritisation": "Waiting, overtaken",
    "unavailability": "Waiting for someone away",
    "extraneous": "Waiting for no reason on record",
}
_WHILE: Final = {
    "batching": "the batch it was then done in was not complete (a batch: steps of one activity, done by one person "
    "side by side or one straight after the other, each of which could begin when the first did)",
    "contention": "the person who then did it was busy with work that could begin no later than it",
    "prioritisation": "the person who then did it was busy only with work that could begin later than it",
    "unavailability": "the person who then did it was not at work",
    "extraneous": "the person who then did it was at work with nothing on record in hand: other work, waiting for "
    "somebody outside, a pause",
}

_MISLEADS: Final = {
    "batching": "batches are guessed from the times: work that came together by chance looks like one",
    "contention": "says that the person was busy, not that nobody else could have done it",
    "prioritisation": "being overtaken may have been right: the record does not know what was urgent",
    "unavailability": "working times are those of the calendar, or found from the record: leave and shifts it does "
    "not know look like being there",
    "extraneous": "whatever is not recorded ends up here: meetings, calls, work in other systems",
}

WAITING_ENTRIES: Final = (
    Measure(
        name="waited_hours",
        title="Waiting, elapsed",
        unit="h",
        definition="sum of the elapsed time from when each step could have begun to its start, nights and weekends "
        "included, of the steps whose waiting and person are known",
        source=LASHKEVICH,
        needs_starts=True,
        limits="steps whose person is not known are left out, so the causes add up to this and not to all waiting",
    ),
    *(
        Measure(
            name=f"waited_{cause}_hours",
            title=_TITLES[cause],
            unit="h",
            definition=f"sum of the elapsed time each step could have begun and had not while {_WHILE[cause]}; "
            "counted once, in the order batch, in turn, overtaken, away",
            source=LASHKEVICH,
            needs_starts=True,
            limits=_MISLEADS[cause],
        )
        for cause in CAUSES
    ),
)
"""The columns of `waited`."""
