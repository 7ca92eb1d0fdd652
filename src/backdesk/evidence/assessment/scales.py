"""The scales that turn the figures of a record into parts of a criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from backdesk.evidence.assessment.criteria import CRITERIA
from backdesk.evidence.assessment.wording import Unit, in_words, number
from backdesk.evidence.sentences import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Turn one figure into a part of a criterion: 0 at `low`, `most` at `high`, a straight line between.

    `low` may lie above `high`, then less is more. `most` is under 1 where the figure only hints. `starts`
    says of which records the figure may be read: of those with recorded starts, of those with estimated
    ones, or of any. Under `least_steps` steps or `least_months` of record the figure says nothing.
    `none` is the sentence where the figure is 0 or less.

    >>> scale = Scale(criterion="hurts", figure="returned_share", low=0.02, high=0.2, unit="share",
    ...               sentence="{} of its steps come back")
    >>> round(scale.value(0.11), 2), scale.text(0.11)
    (0.5, '11 % of its steps come back')
    """

    criterion: str
    figure: str
    low: float
    high: float
    unit: Unit
    sentence: str
    most: float = 1.0
    starts: Literal["any", "recorded", "estimated"] = "any"
    least_steps: int = 0
    least_months: float = 0.0
    none: str = ""

    def value(self, figure: float) -> float:
        """Place a figure on the scale: 0 to `most`.

        >>> Scale(criterion="no_know_how", figure="bus_factor_90", low=3, high=1, unit="people",
        ...       sentence="{} do it", most=0.7).value(2)
        0.35
        """
        part = (figure - self.low) / (self.high - self.low)
        return 0.0 if part <= 0 else self.most * part if part < 1 else self.most

    def text(self, figure: float) -> str:
        """Say the figure in the scale's sentence.

        >>> scale = SCALES["no_know_how"][1]
        >>> scale.text(1.0), scale.text(2.0)
        ('one person does 90 % of it', '2 people do 90 % of it')
        """
        if self.none and figure <= 0:
            return say(self.none)
        said = in_words(figure, self.unit)
        return say(self.sentence_of_one if said == "one person" else self.sentence, said)

    @property
    def sentence_of_one(self) -> str:
        """Give the sentence as it is said of one person.

        >>> SCALES["no_know_how"][1].sentence_of_one
        '{} does 90 % of it'
        """
        return self.sentence.replace("{} do ", "{} does ")

    def definition(self) -> Sentence:
        """Say how the figure counts, for the list of definitions.

        >>> SCALES["hurts"][0].definition(), SCALES["no_know_how"][1].definition()
        ('counts from 2 hours, in full from 16 hours', 'counts under 3 people, 0.7 of 1 at one person')
        """
        low, high = in_words(self.low, self.unit), in_words(self.high, self.unit)
        rising = self.high > self.low
        if self.most == 1:
            full = say("counts from {}, in full from {}", low, high)
            return full if rising else say("counts under {}, in full at {}", low, high)
        most = number(self.most)
        part = say("counts from {}, {} of 1 from {}", low, most, high)
        return part if rising else say("counts under {}, {} of 1 at {}", low, most, high)


_SCALES: Final[tuple[Scale, ...]] = (
    Scale(
        criterion="no_hands",
        figure="contention_hours_mean",
        low=0.5,
        high=8,
        unit="hours",
        starts="recorded",
        least_steps=20,
        sentence="each waits {} of working time on average for someone who is busy with other work",
    ),
    Scale(
        criterion="no_hands",
        figure="backlog_growth",
        low=0.005,
        high=0.05,
        unit="share",
        least_steps=50,
        sentence="more arrives than is done: what is open grows by {} of a week's volume every week",
        none="as much is done as arrives",
    ),
    Scale(
        criterion="no_hands",
        figure="utilisation",
        low=0.7,
        high=1.0,
        unit="share",
        starts="recorded",
        sentence="those who do it are busy with recorded work for {} of their working time",
    ),
    Scale(
        criterion="no_hands",
        figure="pay_ratio",
        low=1.0,
        high=2.0,
        unit="times",
        sentence="those who do it cost {} times the market rate",
    ),
    Scale(
        criterion="no_know_how",
        figure="returned_share",
        low=0.05,
        high=0.4,
        most=0.45,
        unit="share",
        least_steps=20,
        sentence="{} of its steps do it again after the case had moved on",
    ),
    Scale(
        criterion="no_know_how",
        figure="bus_factor_90",
        low=3,
        high=1,
        most=0.7,
        unit="people",
        least_steps=30,
        sentence="{} do 90 % of it",
    ),
    Scale(
        criterion="no_experience",
        figure="steps_per_month",
        low=4,
        high=1,
        unit="steps",
        least_months=2,
        sentence="it comes up {} times a month",
    ),
    Scale(
        criterion="no_experience",
        figure="months_since_new",
        low=6,
        high=1,
        unit="months",
        sentence="it first appears {} before the record ends",
    ),
    Scale(
        criterion="hurts",
        figure="waiting_hours_median",
        low=2,
        high=16,
        unit="hours",
        starts="recorded",
        least_steps=20,
        sentence="half of them wait {} of working time or more before anyone starts",
    ),
    Scale(
        criterion="hurts",
        figure="lead_hours_median",
        low=4,
        high=24,
        most=0.45,
        unit="hours",
        starts="estimated",
        least_steps=20,
        sentence="half of them take {} of working time or more from possible to done "
        "(waiting and work; the record does not tell them apart)",
    ),
    Scale(
        criterion="hurts",
        figure="waiting_share",
        low=0.1,
        high=0.4,
        unit="share",
        starts="recorded",
        least_steps=20,
        sentence="it causes {} of all the waiting in the record",
    ),
    Scale(
        criterion="hurts",
        figure="returned_share",
        low=0.02,
        high=0.2,
        most=0.7,
        unit="share",
        least_steps=20,
        sentence="{} of its steps came back after the case had moved on",
    ),
    Scale(
        criterion="hurts",
        figure="resumed_share",
        low=0.1,
        high=0.6,
        most=0.3,
        unit="share",
        least_steps=20,
        sentence="{} of its steps repeat it straight away: tried again, or taken up again",
    ),
    Scale(
        criterion="size",
        figure="touch_hours_per_month",
        low=0,
        high=160,
        unit="hours",
        starts="recorded",
        sentence="it takes {} of work a month",
    ),
    Scale(
        criterion="size",
        figure="touch_share",
        low=0,
        high=0.3,
        unit="share",
        starts="recorded",
        sentence="it takes {} of all recorded working hours",
    ),
    Scale(
        criterion="size",
        figure="steps_share",
        low=0,
        high=0.3,
        unit="share",
        starts="estimated",
        sentence="{} of all steps are of it (the record does not tell how long they take)",
    ),
    Scale(
        criterion="variability",
        figure="variant_entropy",
        low=0.3,
        high=0.9,
        unit="share",
        least_steps=20,
        sentence="its neighbours in the process vary ({} of the greatest possible variety)",
    ),
    Scale(
        criterion="variability",
        figure="weekly_swing",
        low=0.2,
        high=1.0,
        unit="share",
        least_steps=50,
        sentence="its weekly volume swings by {} around its mean, beyond chance",
    ),
    Scale(
        criterion="coupling",
        figure="crossings_alone",
        low=1.0,
        high=4.0,
        unit="crossings",
        sentence="moved alone: {} of the company boundary per step",
    ),
    Scale(
        criterion="coupling",
        figure="same_hands_share",
        low=0.2,
        high=0.9,
        unit="share",
        least_steps=20,
        sentence="in {} of the moves to and from it the same person goes on working",
    ),
)

SCALES: Final[Mapping[str, tuple[Scale, ...]]] = {
    criterion.name: tuple(scale for scale in _SCALES if scale.criterion == criterion.name)
    for criterion in CRITERIA
}
