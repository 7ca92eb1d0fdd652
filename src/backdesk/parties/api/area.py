from typing import Annotated

from pydantic import Field

from backdesk.platform.api import Area, Text, Whole
from backdesk.platform.api.fields import LARGEST_ID

parties = Area("parties", title="Organisation and people")

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
"""Of a thing named in a body."""

WorkingHours = Annotated[
    Text | None,
    Field(
        max_length=200,
        description="Such as Mon-Fri 08:00-17:00; holidays DK. Stay as they are where not given; empty: none said.",
    ),
]
