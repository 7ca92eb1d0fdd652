"""What the evidence found in a process, said in the reader's language."""

from django.utils.translation import gettext

from backdesk.evidence.process.conformance import SENTENCES as DEVIATIONS
from backdesk.evidence.process.conformance import Deviation
from backdesk.evidence.process.drift import SENTENCES as SHIFTS
from backdesk.evidence.process.drift import Shift
from backdesk.platform.web import formats


def of_deviation(one: Deviation) -> str:
    return gettext(DEVIATIONS[one.sentence]).format(
        activity=one.activity,
        beside=one.beside,
        done=formats.number(one.done),
        allowed=formats.number(one.allowed),
    )


def of_shift(one: Shift) -> str:
    """With the interval of a difference of shares, in percentage points."""
    write = _rounded if one.figure.is_share else formats.duration
    said = gettext(SHIFTS[one.sentence]).format(
        activity=one.figure.activity, next=one.figure.next, before=write(one.before), after=write(one.after)
    )
    if one.difference is None:
        return f"{said}."
    low, high = (formats.number(100 * bound, decimals=0) for bound in one.difference[1:])
    return f"{said} {gettext('(%(low)s to %(high)s points)') % {'low': low, 'high': high}}."


def _rounded(share: float) -> object:
    return formats.share(share, decimals=0)
