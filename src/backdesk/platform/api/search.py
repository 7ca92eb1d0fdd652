"""Looking for something by its words."""

from typing import Annotated, Any

from pydantic import Field

from backdesk.platform import search as searching
from backdesk.platform.api import Area, Call, Query, Schema, Text

search = Area("search", title="Search")


class HitOut(Schema):
    title: str
    detail: str
    url: str = Field(description="The page it is on.")


class GroupOut(Schema):
    kind: str
    title: str
    hits: list[HitOut]
    is_cut: bool = Field(description="There are more than are told here.")


class SearchAsked(Schema):
    q: Annotated[Text, Field(max_length=500)] = Field(
        description="Words; each must begin some word of what is found."
    )
    kind: Annotated[Text, Field(max_length=50)] = Field("", description="Of this kind alone.")
    limit: int = Field(10, ge=1, le=50, description="How many of each kind at most.")


@search.read("/search", list[GroupOut])
def find(call: Call, asked: Query[SearchAsked]) -> Any:
    """Everything the person may see that has these words, by kind."""
    sources = [one for one in searching.registry.for_(call.actor) if asked.kind in ("", one.kind)]
    words = searching.words_of(asked.q)
    found = searching.find(sources, actor=call.actor, words=words, limit=asked.limit)
    return [
        {"kind": one.source.kind, "title": str(one.source.title), "hits": one.hits, "is_cut": one.is_cut}
        for one in found
    ]
