from django.urls import path

from backdesk.platform.web.webhooks import changing, views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new/", changing.add, name="webhook-new"),
    path("<int:pk>/", views.webhook, name="webhook"),
    path("<int:pk>/change/", changing.change, name="webhook-change"),
    path("<int:pk>/secrets/", changing.renew, name="webhook-secrets"),
    path("<int:pk>/pause/", changing.pause, name="webhook-pause"),
    path("<int:pk>/resumption/", changing.resume, name="webhook-resumption"),
    path("<int:pk>/removal/", changing.remove, name="webhook-removal"),
    path("<int:pk>/tests/", changing.test, name="webhook-tests"),
    path("<int:pk>/replays/", changing.replay_dead, name="webhook-replays"),
    path("deliveries/<int:pk>/", views.delivery, name="webhook-delivery"),
    path("deliveries/<int:pk>/replay/", changing.replay, name="webhook-replay"),
]
