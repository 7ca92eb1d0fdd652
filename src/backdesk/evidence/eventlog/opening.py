"""Open a file of any kind that is read: tell its kind from its first bytes, unpack gzip, survive a cut."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Literal
from xml.parsers import expat

from isal import isal_zlib

from backdesk.evidence.eventlog.errors import FileTooLarge, NothingRead, UnreadableFile
from backdesk.evidence.sentences import say

Kind = Literal["delimited", "xes", "parquet", "ocel-json", "ocel-xml", "ocel-sqlite"]
Progress = Callable[[float, str], None]

GZIP: Final = b"\x1f\x8b"
PIECE: Final = 1 << 18  # bytes read from the disk at once
BLOCK: Final = 1 << 20  # bytes unpacked at once, so that a packed bomb cannot fill the memory
LARGE: Final = 4 << 20  # bytes of a document from which on compiled code is worth being made
PACKED: Final = 16  # how many times smaller documents are in gzip, about
UNPACKED_LIMIT: Final = 8 << 30
READ: Final = say("CSV, XES, OCEL (JSON and XML; these also as .gz), OCEL in SQLite, and Parquet")
READING_SHARE: Final = 0.7  # of the progress bar: the rest is checking

LOOK: Final = 1 << 16  # bytes of an XML document that tell what it is
_OCEL_ELEMENTS: Final = ("object-types", "event-types", "objects", "events")
_FOREIGN: Final = {
    b"PK\x03\x04": say(
        "a ZIP archive, perhaps an Excel workbook; save the sheet as CSV, or unpack the archive"
    ),
    b"\xd0\xcf\x11\xe0": say("an old Excel workbook; save the sheet as CSV"),
    b"%PDF": say("a PDF document; export the table as CSV"),
    b"BZh": say("packed with bzip2; pack it with gzip or not at all"),
    b"\xfd7zXZ": say("packed with xz; pack it with gzip or not at all"),
    b"7z\xbc\xaf": say("a 7-Zip archive; unpack it first"),
}


class ByteSource:
    """Iterate over the bytes of a file in blocks, unpacked where it is gzip.

    `broken` is a sentence once the packing turned out to end early or to be damaged: what could be
    unpacked before that has then been given. `share` is how much of the file has been read, 0 to 1.
    """

    def __init__(self, path: Path, *, progress: Progress | None = None) -> None:
        self.path = path
        self.broken: str | None = None
        self.share = 0.0
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        with _open(self.path) as file:
            packed = file.read(2) == GZIP
            file.seek(0)
            pieces = self._pieces(file)
            yield from self._unpack(pieces) if packed else pieces

    def head(self, size: int) -> bytes:
        """Give at least the first `size` bytes where there are as many; the file is closed again."""
        held = bytearray()
        for block in self:
            held += block
            if len(held) >= size:
                break
        return bytes(held)

    def _pieces(self, file: IO[bytes]) -> Iterator[bytes]:
        size = max(self.path.stat().st_size, 1)
        done = 0
        while piece := file.read(PIECE):
            done += len(piece)
            yield piece
            self.share = min(done / size, 1.0)
            if self._progress:
                self._progress(READING_SHARE * self.share, say("reading"))

    def _unpack(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        total = 0
        for block in self._members(pieces):
            total += len(block)
            if total > UNPACKED_LIMIT:
                limit = f"{UNPACKED_LIMIT >> 30} GiB"
                raise FileTooLarge(
                    say("{} unpacks to more than {}; split it by time or by case.", self.path.name, limit)
                )
            yield block

    def _members(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        given = 0
        try:
            for block in self._parts(pieces, isal_zlib.decompressobj):
                given += len(block)
                yield block
        except isal_zlib.error:  # type: ignore[misc]  # its stub takes the class for an instance
            yield from self._salvaged(given)

    def _parts(self, pieces: Iterator[bytes], unpacking: Callable[..., Any]) -> Iterator[bytes]:
        """Unpack one member of the archive after the other."""
        unpacker = unpacking(wbits=31)
        for piece in pieces:
            rest = piece
            while rest := rest.lstrip(b"\0") if unpacker.eof else rest:  # some tools pad the members
                if unpacker.eof:
                    unpacker = unpacking(wbits=31)
                yield unpacker.decompress(rest, BLOCK)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        if not unpacker.eof:
            yield unpacker.flush()
            self.broken = say("The packed file {} ends early; what came before was read.", self.path.name)

    def _salvaged(self, given: int) -> Iterator[bytes]:
        """Unpack a damaged file anew, now byte by byte, and go on behind what was given.

        A call that fails gives nothing of what it could have unpacked, so only short ones come near the damage.
        """
        with _open(self.path) as file:
            single = (bytes([byte]) for piece in iter(lambda: file.read(PIECE), b"") for byte in piece)
            try:
                for block in self._parts(single, zlib.decompressobj):
                    yield block[given:]
                    given = max(given - len(block), 0)
            except zlib.error as error:
                self.broken = say(
                    "The packing of {} is damaged ({}); what came before was read.",
                    self.path.name,
                    str(error),
                )


def is_large(path: Path) -> bool:
    """Tell whether a file is worth a compiled reader."""
    with _open(path) as file:
        packed = file.read(2) == GZIP
    return path.stat().st_size * (PACKED if packed else 1) >= LARGE


def kind_of(path: Path) -> Kind:
    """Tell the kind of a file from its first bytes; raises where it is none that is read."""
    source = ByteSource(path)
    head = source.head(64)
    if source.broken and not head:
        raise UnreadableFile(
            say(
                "Nothing of {} can be unpacked: its packing is damaged or ends early. Pack it again.",
                path.name,
            )
        )
    if not head:
        raise NothingRead(say("{} is empty.", path.name))
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\0"):
        return "ocel-sqlite"
    for mark, what in _FOREIGN.items():
        if head.startswith(mark):
            raise UnreadableFile(say("{} is {}. Read are {}.", path.name, what, READ))
    text = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe")
    text = text.removeprefix(b"\xfe\xff").lstrip()
    if text.startswith(b"<"):
        return _kind_of_xml(path)
    if text.startswith(b"{"):
        return "ocel-json"
    if text.startswith(b"["):
        raise UnreadableFile(
            say("{} is a list in JSON, which is no event log. Read are {}.", path.name, READ)
        )
    return "delimited"


def _kind_of_xml(path: Path) -> Kind:
    """Tell OCEL from XES, whose outermost element has the same name, by the first element that only one has."""
    found: list[Kind] = []
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        name = tag.rpartition(":")[2]
        if depth == 2 and name in _OCEL_ELEMENTS:
            found.append("ocel-xml")
        elif depth == 2 and name in ("trace", "event", "extension", "classifier"):
            found.append("xes")
        elif depth == 2 and name == "global" and attributes.get("scope") in ("object", "log"):
            found.append("ocel-xml")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def stop(*_: object) -> None:
        raise expat.ExpatError

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = stop
    with suppress(
        expat.ExpatError, LookupError, ValueError
    ):  # whoever reads it says what is wrong, and where
        parser.Parse(ByteSource(path).head(LOOK)[:LOOK], False)
    return found[0] if found else "xes"


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise UnreadableFile(say("{} does not exist.", str(path))) from None
    except IsADirectoryError:
        raise UnreadableFile(say("{} is a folder; name the file within it.", str(path))) from None
    except OSError as error:
        raise UnreadableFile(say("{} cannot be opened: {}.", str(path), error.strerror)) from None
