"""What an operation refuses, said for the person who asked: forms show it at the form, the API as a problem."""

import re
from typing import ClassVar


class Refused(Exception):
    """An operation was not carried out, and the text says to the person what happened and what would be right."""

    status: ClassVar[int] = 422
    """Of the answer over HTTP: 422 for what could not be accepted, 409 for what is in each other's way."""

    code: ClassVar[str] = "refused"
    """The name of this refusal for machines: the class's own name, in words joined by hyphens."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls):
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()
