"""The addresses of work: what an agent does, the items, and how services, queues and quality are kept."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from backdesk.work.web.views import doing, item, mine

app_name = "work"

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/", mine.mine, name="mine"),
    path("work/taking/", doing.taking, name="taking"),
    path("work/step/<int:pk>/", doing.step, name="step"),
    path("work/step/<int:pk>/draft/", doing.draft, name="step-draft"),
    path("work/step/<int:pk>/heartbeat/", doing.heartbeat, name="step-heartbeat"),
    path("work/step/<int:pk>/completion/", doing.completion, name="step-completion"),
    path("work/step/<int:pk>/return/", doing.giving_back, name="step-return"),
    path("work/step/<int:pk>/lookup/", doing.lookup, name="step-lookup"),
    path("work/items/<int:pk>/", item.item, name="item"),
    path("work/items/<int:pk>/unmasking/", item.unmasking, name="unmasking"),
]
