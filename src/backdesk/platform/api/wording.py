"""What is wrong with a value, in a plain sentence."""

import re
from collections.abc import Mapping
from typing import Any

NAME = r"^[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"
TEXT = r"^[^\x00]*$"
_SORT = re.compile(r"\^-\?\(\?:(?P<names>.*)\)\$")  # what `listing.sorts` writes
_PATTERNS = {
    NAME: "This must be one line of text that neither begins nor ends with a space.",
    TEXT: "This must be a text without the character NUL.",
}
_SENTENCES = {
    "missing": "This is missing; it must be given.",
    "extra_forbidden": "Nothing of this name is taken here; leave it out.",
    "string_type": "This must be a text.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This must have at most {max_length} characters.",
    "string_pattern_mismatch": "This must be written by the pattern {pattern}.",
    "string_unicode": "This holds characters that are no text.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be {ge} or more.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be {le} or less.",
    "literal_error": "This must be one of {expected}.",
    "enum": "This must be one of {expected}.",
    "list_type": "This must be a list.",
    "too_long": "This must have at most {max_length} entries.",
    "too_short": "This must have at least {min_length} entries.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "datetime_parsing": "This must be a time like 2026-03-02T09:00:00Z.",
    "datetime_from_date_parsing": "This must be a time like 2026-03-02T09:00:00Z.",
    "timezone_aware": "This must be a time with its offset, like 2026-03-02T09:00:00Z.",
    "date_from_datetime_parsing": "This must be a date like 2026-03-02.",
    "date_parsing": "This must be a date like 2026-03-02.",
}


def sentence(error: Mapping[str, Any]) -> str:
    """From an error of pydantic: its kind, its context; its own words where we have none."""
    context = error.get("ctx") or {}
    pattern = context.get("pattern", "")
    if sort := _SORT.fullmatch(pattern):
        names = sort["names"].replace("|", ", ")
        return f"This must be one of {names}, with a minus before it for the other way round."
    known = _PATTERNS.get(pattern) or _SENTENCES.get(error["type"])
    if known is not None:
        return known.format_map(context)
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."
