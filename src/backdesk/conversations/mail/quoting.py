"""What somebody wrote in an answer, without what they answer to, and without their signature.

Careful: where nothing is certain the text stays. Cut off is what follows our own mark, a line by which a mail program
introduces what it quotes, a block of quoted lines at the end, and a signature after the usual two hyphens.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from backdesk.platform.notifications.mail import ANSWER_MARK

_WROTE: Final = re.compile(
    r"^(on|am|le|il|el|op|den|dnia|em)\b.{0,200}\b"
    r"(wrote|schrieb\b.{0,120}|a écrit|ha scritto|escribió|schreef\b.{0,120}|skrev\b.{0,120}|napisał(\(a\))?|escreveu)"
    r"\s?:$",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL: Final = re.compile(
    r"^[-_ ]{2,}\s*(original message|ursprüngliche nachricht|message d'origine|oorspronkelijk bericht|"
    r"messaggio originale|mensaje original|forwarded message|weitergeleitete nachricht)\s*[-_ ]{2,}$",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"^\*?(from|von|de|van|da|från|fra)\s?:\*?\s.*\S", re.IGNORECASE)
_SECOND_HEADER: Final = re.compile(
    r"^\*?(sent|gesendet|datum|date|to|an|envoyé|verzonden|inviato|subject|betreff|skickat|sendt)\s?:\*?\s",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(
    r"^(sent from my|von meinem|envoyé de mon|verstuurd vanaf)\s.{1,40}$", re.IGNORECASE
)
_MOST_LINES: Final = 2_000
_LINES_OF_INTRODUCTION: Final = 3


def own_words(text: str) -> str:
    """Empty where nothing but quoted text is there."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")][
        :_MOST_LINES
    ]
    kept = lines[: _end(lines)]
    while kept and (not kept[-1] or kept[-1].startswith(">")):
        kept.pop()
    while kept and _SENT_FROM.match(kept[-1]):
        kept.pop()
    return "\n".join(kept).strip()


def _end(lines: list[str]) -> int:
    """The first line that is not theirs any more."""
    return next((place for place in range(len(lines)) if _is_end(lines, place)), len(lines))


def _is_end(lines: list[str], place: int) -> bool:
    line = lines[place]
    if ANSWER_MARK in line or line == "--" or _ORIGINAL.match(line):
        return True
    if _HEADER.match(line):
        return any(_SECOND_HEADER.match(later) for later in lines[place + 1 : place + 4])
    return _introduces(lines, place)


def _introduces(lines: list[str], place: int) -> bool:
    """“On … Ada wrote:”, which mail programs break over up to three lines."""
    if not lines[place]:
        return False
    for end in range(place + 1, place + 1 + _LINES_OF_INTRODUCTION):
        if _WROTE.match(" ".join(lines[place:end])):
            return True
        if end < len(lines) and not lines[end]:
            return False
    return False


class _Words(HTMLParser):
    """Text of a mail that has no plain part, line by line, quoted parts with a `>` before them."""

    _BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
    _UNSEEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in self._UNSEEN
        self.quoted += tag == "blockquote"
        if tag in self._BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in self._UNSEEN))
        self.quoted = max(0, self.quoted - (tag == "blockquote"))
        if tag in self._BREAKS - {"br"}:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"[ \t\r\n\xa0]+", " ", data))

    def _break(self) -> None:
        self.parts.append("\n> " if self.quoted else "\n")


def words_of_html(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (line.strip(" ") for line in "".join(parser.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
