"""Small documents, made here."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image


@cache
def picture(width: int = 60, colour: str = "white") -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, 40), colour).save(kept, "PNG")
    return kept.getvalue()


PICTURE = picture()
