from django.urls import path

from backdesk.platform.web.trail import checkpoints, views

urlpatterns = [
    path("", views.trail, name="trail"),
    path("entries/<int:entry_id>/", views.entry, name="trail-entry"),
    path("objects/<str:kind>/<str:subject>/", views.history, name="trail-object"),
    path("exports/", views.export, name="trail-export"),
    path("checkpoints/", checkpoints.listing, name="trail-checkpoints"),
    path("checkpoints/<int:checkpoint_id>/", checkpoints.checkpoint, name="trail-checkpoint"),
    path("checkpoints/<int:checkpoint_id>/note/", checkpoints.note, name="trail-note"),
    path("checkpoints/<int:checkpoint_id>/consistency/", checkpoints.consistency, name="trail-consistency"),
    path("key/", checkpoints.key, name="trail-key"),
]
