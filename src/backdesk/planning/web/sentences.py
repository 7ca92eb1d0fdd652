"""What the evidence says, in the reader's language: its sentences know the template and the values they are made of."""

from django.utils.translation import gettext

from backdesk.evidence.assessment import Digits, Sentence
from backdesk.platform.web import formats


def in_language(text: object) -> str:
    """Names of activities stay as they are; numbers are written as the reader writes them."""
    if isinstance(text, Sentence):
        return gettext(text.template).format(*map(in_language, text.values))
    if isinstance(text, Digits):
        return formats.rewritten(text)
    if isinstance(text, tuple):
        return "; ".join(map(in_language, text))
    return str(text)
