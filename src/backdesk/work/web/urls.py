"""The addresses of work: what an agent does, the items, and how services, queues and quality are kept."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from backdesk.work.web.views import (
    board,
    bulk,
    choosing,
    creating,
    documents,
    doing,
    imports,
    item,
    items,
    machines,
    mine,
    queues,
)

app_name = "work"

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/", mine.mine, name="mine"),
    path("work/presence/", mine.presence, name="presence"),
    path("work/taking/", doing.taking, name="taking"),
    path("work/step/<int:pk>/", doing.step, name="step"),
    path("work/step/<int:pk>/draft/", doing.draft, name="step-draft"),
    path("work/step/<int:pk>/heartbeat/", doing.heartbeat, name="step-heartbeat"),
    path("work/step/<int:pk>/completion/", doing.completion, name="step-completion"),
    path("work/step/<int:pk>/return/", doing.giving_back, name="step-return"),
    path("work/step/<int:pk>/lookup/", doing.lookup, name="step-lookup"),
    path("work/items/machine-steps/<int:pk>/", machines.machine_step, name="machine-step"),
    path("work/items/machine-steps/<int:pk>/retrials/", machines.retrials, name="machine-step-retrials"),
    path("work/items/", items.items, name="items"),
    path("work/queues/", queues.queues, name="queues"),
    path("work/queues/<int:pk>/choosing/", choosing.choosing, name="choosing"),
    path("work/board/", board.board, name="board"),
    path("work/board/giving/", board.giving, name="giving"),
    path("work/items/new/", creating.item_new, name="item-new"),
    path("work/items/changes/<slug:key>/", bulk.items_bulk, name="items-bulk"),
    path("work/items/<int:pk>/documents/", documents.documents, name="item-documents"),
    path("work/documents/<int:pk>/", documents.document, name="document"),
    path("work/documents/<int:pk>/<int:page>/", documents.document_page, name="document-page"),
    path("work/items/imports/", imports.imports, name="imports"),
    path("work/items/imports/new/", imports.import_new, name="import-new"),
    path("work/items/imports/<int:pk>/", imports.import_, name="import"),
    path("work/items/imports/<int:pk>/run/", imports.import_run, name="import-run"),
    path("work/items/imports/<int:pk>/rejects/", imports.import_rejects, name="import-rejects"),
    path("work/items/<int:pk>/", item.item, name="item"),
    path("work/", include("backdesk.work.web.clock_urls")),
    path("work/items/<int:pk>/unmasking/", item.unmasking, name="unmasking"),
    path("work/services/", include("backdesk.work.web.service_urls")),
    path("work/quality/", include("backdesk.work.web.quality_urls")),
]
