"""A verdict as a page shows it."""

from backdesk.platform.web.parts import Status

STATUS = {
    "hand over": Status(kind="good", word="Hand over"),
    "candidate": Status(kind="info", word="Candidate"),
    "ask": Status(kind="warn", word="Ask first"),
    "keep": Status(kind="neutral", word="Keep"),
}
