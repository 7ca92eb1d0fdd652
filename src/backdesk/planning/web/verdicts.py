"""A verdict as a page shows it."""

from backdesk.platform.web.parts import Status

STATUS = {
    "hand over": Status(kind="good", word="Hand over"),
    "ask": Status(kind="warn", word="Ask first"),
    "keep": Status(kind="neutral", word="Keep"),
}
