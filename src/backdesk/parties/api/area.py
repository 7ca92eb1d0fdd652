from typing import Annotated

from pydantic import Field

from backdesk.platform.api import Area, Whole
from backdesk.platform.api.fields import LARGEST_ID

parties = Area("parties", title="Organisation and people")

Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
"""Of a thing named in a body."""
