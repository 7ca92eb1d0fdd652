"""The verbs of the API, each as a method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from backdesk.client.session import Session
from backdesk.client.shapes import (
    BatchResult,
    Completed,
    Document,
    Event,
    Finding,
    GoldCase,
    Item,
    ItemRow,
    NewItem,
    Queue,
    Step,
    Values,
    Webhook,
    Work,
    bodies,
    parsed,
)


class Backdesk:
    """Everything a token may do with work. `session` reaches what has no method of its own here."""

    def __init__(self, address: str, *, token: str, **options: Any) -> None:
        self.session = Session(address, token=token, **options)

    def __enter__(self) -> Backdesk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    # -- Items ---------------------------------------------------------------------------------------------------

    def items(
        self, *, service_id: int | None = None, by_due: bool = False, **asked: Any
    ) -> Iterator[ItemRow]:
        """Every item asked for (`state`, `due`, `holder_id`, `text`), the newest first or the earliest due first."""
        after = ""
        while True:
            page = self.session.get(
                "/work/items",
                service_id=service_id,
                by_due="yes" if by_due else "no",
                limit=200,
                after=after,
                **asked,
            )
            yield from (parsed(ItemRow, one) for one in page["items"])
            after = page["after"]
            if not after:
                return

    def item(self, item_id: int) -> Item:
        return parsed(Item, self.session.get(f"/work/items/{item_id}"))

    def create_item(
        self,
        service_id: int,
        values: Values,
        *,
        documents: Iterable[Path | int] = (),
        title: str = "",
        business_key: str = "",
        priority: int = 5,
        language: str = "",
        received_at: datetime | None = None,
        key: str = "",
    ) -> Item:
        """Take an item in. `documents`: files to go with it, or the ids of those brought before; with a `key` files are
        brought once, too, however often this is called."""
        row = NewItem(
            values=values, title=title, business_key=business_key, priority=priority, language=language,
            received_at=received_at,
        )  # fmt: skip
        brought = [
            one
            if isinstance(one, int)
            else self.bring_document(service_id, one, key=key and f"{key}/{place}").id
            for place, one in enumerate(documents)
        ]
        body = {**row.body(), "documents": brought}
        return parsed(Item, self.session.post(f"/work/services/{service_id}/items", body, key=key))

    def create_items(self, service_id: int, rows: Sequence[NewItem], *, key: str = "") -> BatchResult:
        """Up to 500 at once; good rows are kept beside bad ones."""
        body = {"items": bodies(rows)}
        return parsed(
            BatchResult, self.session.post(f"/work/services/{service_id}/item-batches", body, key=key)
        )

    def cancel_item(self, item_id: int, *, reason: str, key: str = "") -> Item:
        told = self.session.post(f"/work/items/{item_id}/cancellation", {"reason": reason}, key=key)
        return parsed(Item, told)

    def change_priority(self, item_id: int, priority: int) -> Item:
        return parsed(Item, self.session.put(f"/work/items/{item_id}/priority", {"priority": priority}))

    def unmask(self, item_id: int, field: str, *, reason: str, key: str = "") -> Any:
        """A masked value, once; the reason is kept with the item."""
        body = {"field": field, "reason": reason}
        return self.session.post(f"/work/items/{item_id}/unmaskings", body, key=key)["value"]

    def events(self, item_id: int) -> list[Event]:
        return [parsed(Event, one) for one in self.session.get(f"/work/items/{item_id}/events")]

    def drop_mail(self, service_id: int, message: bytes, *, key: str = "") -> Item:
        """A raw e-mail as an item; the same message twice gives the same item."""
        path = f"/work/services/{service_id}/mails"
        return parsed(Item, self.session.send_raw(path, message, media_type="message/rfc822", key=key))

    # -- Documents -----------------------------------------------------------------------------------------------

    def bring_document(self, service_id: int, file: Path, *, key: str = "") -> Document:
        """For an item that is to be created."""
        return self._sent(f"/work/services/{service_id}/documents", file, key=key)

    def add_document(self, item_id: int, file: Path, *, is_internal: bool = False, key: str = "") -> Document:
        form = {"is_internal": "yes" if is_internal else "no"}
        return self._sent(f"/work/items/{item_id}/documents", file, form=form, key=key)

    def documents(self, item_id: int) -> list[Document]:
        return [parsed(Document, one) for one in self.session.get(f"/work/items/{item_id}/documents")]

    def content(self, document_id: int) -> bytes:
        return self.session.download(f"/work/documents/{document_id}/content")

    # -- Doing ---------------------------------------------------------------------------------------------------

    def queues(self) -> list[Queue]:
        return [parsed(Queue, one) for one in self.session.get("/work/queues")]

    def steps(self) -> list[Work]:
        """What is in the caller's hands."""
        return [parsed(Work, one) for one in self.session.get("/work/steps")]

    def be_there(self, *, key: str = "") -> list[Work]:
        """What is in the caller's hands; queues that push give more to who said so within three minutes."""
        return [parsed(Work, one) for one in self.session.post("/work/presence", key=key)]

    def take_next(self, queue_ids: Sequence[int] | None = None, *, key: str = "") -> Work | None:
        """The next step; None where nothing waits."""
        body = {"queue_ids": list(queue_ids) if queue_ids is not None else None}
        told = self.session.post("/work/taking", body, key=key)["work"]
        return None if told is None else parsed(Work, told)

    def take(self, step_id: int, *, key: str = "") -> Work:
        return parsed(Work, self.session.post(f"/work/steps/{step_id}/taking", key=key))

    def heartbeat(self, step: Step, *, touch_seconds: int = 0) -> datetime:
        """Until when the step stays with its holder from now on."""
        body = {"claim": step.claim, "touch_seconds": touch_seconds}
        return datetime.fromisoformat(
            self.session.post(f"/work/steps/{step.id}/heartbeat", body)["lease_until"]
        )

    def save_draft(self, step: Step, values: Values) -> None:
        self.session.put(f"/work/steps/{step.id}/draft", {"claim": step.claim, "values": dict(values)})

    def complete(
        self,
        step: Step,
        values: Values,
        *,
        outcome: Values | None = None,
        confirmed: bool = False,
        touch_seconds: int = 0,
        key: str = "",
    ) -> Completed:
        """`Invalid` says field by field what is wrong, `Conflict` that the step is no longer one's own."""
        body = {
            "claim": step.claim,
            "values": dict(values),
            "outcome": outcome,
            "confirmed": confirmed,
            "touch_seconds": touch_seconds,
        }
        return parsed(Completed, self.session.post(f"/work/steps/{step.id}/completion", body, key=key))

    def give_back(self, step: Step, *, reason: str, key: str = "") -> Step:
        body = {"claim": step.claim, "reason": reason}
        return parsed(Step, self.session.post(f"/work/steps/{step.id}/return", body, key=key))

    def reassign(self, step_id: int, person_id: int) -> Step:
        return parsed(Step, self.session.put(f"/work/steps/{step_id}/holder", {"person_id": person_id}))

    # -- Second eyes ---------------------------------------------------------------------------------------------

    def accept(self, item_ids: Sequence[int], *, key: str = "") -> list[ItemRow]:
        """Take delivered items over, all or none."""
        told = self.session.post("/work/acceptances", {"item_ids": list(item_ids)}, key=key)
        return [parsed(ItemRow, one) for one in told]

    def return_items(self, item_ids: Sequence[int], *, reason: str, key: str = "") -> list[ItemRow]:
        """Send delivered items back for rework, all or none."""
        body = {"item_ids": list(item_ids), "reason": reason}
        return [parsed(ItemRow, one) for one in self.session.post("/work/returns", body, key=key)]

    def findings(self, **asked: Any) -> Iterator[Finding]:
        """What was found (`service_id`, `item_id`, `state`), the newest first."""
        return (parsed(Finding, one) for one in self.session.pages("/work/findings", **asked))

    def dispute(self, finding_id: int, *, reason: str, key: str = "") -> Finding:
        told = self.session.post(f"/work/findings/{finding_id}/dispute", {"reason": reason}, key=key)
        return parsed(Finding, told)

    def answer_dispute(self, finding_id: int, *, upheld: bool, answer: str, key: str = "") -> Finding:
        body = {"upheld": upheld, "answer": answer}
        return parsed(Finding, self.session.post(f"/work/findings/{finding_id}/answer", body, key=key))

    def add_gold_case(
        self, service_id: int, values: Values, truth: Values, *, title: str = "", key: str = ""
    ) -> GoldCase:
        """An item whose right answer is known, to come in among others."""
        body = {"values": dict(values), "truth": dict(truth), "title": title}
        told = self.session.post(f"/work/services/{service_id}/gold-cases", body, key=key)
        return parsed(GoldCase, told)

    def set_sampling_rate(
        self, service_id: int, kind: str, share: float | None, *, person_id: int | None = None
    ) -> None:
        """How much is reviewed ("review"), keyed twice ("key") or seeded ("gold"); None: as it would be without."""
        body = {"kind": kind, "share": share, "person_id": person_id}
        self.session.put(f"/work/services/{service_id}/sampling-rates", body)

    # -- Webhooks ------------------------------------------------------------------------------------------------

    def add_webhook(
        self, url: str, *, kinds: Sequence[str] = (), description: str = "", key: str = ""
    ) -> Webhook:
        """The answer alone tells the secret: keep it where the receiver finds it."""
        body = {"url": url, "kinds": list(kinds), "description": description}
        told = self.session.post("/webhooks", body, key=key)
        return parsed(Webhook, {**told["endpoint"], "secret": told["secret"]})

    def webhooks(self) -> Iterator[Webhook]:
        return (parsed(Webhook, one) for one in self.session.pages("/webhooks"))

    def remove_webhook(self, webhook_id: int) -> None:
        self.session.delete(f"/webhooks/{webhook_id}")

    def _sent(self, path: str, file: Path, *, form: dict[str, str] | None = None, key: str) -> Document:
        return parsed(
            Document, self.session.send_file(path, (file.name, file.read_bytes()), form=form, key=key)
        )
