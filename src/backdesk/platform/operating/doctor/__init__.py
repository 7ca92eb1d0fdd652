"""What could be wrong with this installation, and the one thing to do about each.

A check is one function that looks at the thing itself and returns one `Finding`; the modules beside this one hold
them, by what they look at.
"""

# isort: off
from backdesk.platform.operating.doctor import (  # noqa: F401  in the order in which they are shown
    configured,
    server,
    privileges,
    background,
    mailing,
    storing,
)

# isort: on
from backdesk.platform.operating.doctor.checks import (
    Circumstances,
    Examined,
    Finding,
    Limits,
    State,
    examine,
)

__all__ = ["Circumstances", "Examined", "Finding", "Limits", "State", "examine"]
