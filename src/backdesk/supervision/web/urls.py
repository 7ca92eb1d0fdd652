from django.urls import path

from backdesk.supervision.web import views

app_name = "supervision"

urlpatterns = [
    path("supervise/", views.scorecards, name="scorecards"),
    path("supervise/services/<int:pk>/", views.scorecard, name="scorecard"),
    path("supervise/services/<int:pk>/items/", views.items, name="items"),
    path("supervise/services/<int:pk>/map/", views.process_map, name="map"),
    path("supervise/services/<int:pk>/record/", views.record, name="record"),
    path("supervise/services/<int:pk>/record/<str:form>/", views.record_file, name="record-file"),
]
