"""The addresses of services, below work/services/."""

from __future__ import annotations

from django.urls import path

from backdesk.work.web.views import services

urlpatterns = [
    path("", services.services_, name="services"),
    path("new/", services.service_new, name="service-new"),
    path("<int:pk>/", services.service, name="service"),
    path("<int:pk>/revision/", services.revision, name="service-revision"),
    path("<int:pk>/publication/", services.publication, name="service-publication"),
    path("<int:pk>/pause/", services.pause, name="service-pause"),
    path("<int:pk>/resumption/", services.resumption, name="service-resumption"),
    path("<int:pk>/retirement/", services.retirement, name="service-retirement"),
    path("<int:pk>/acknowledgement/", services.acknowledgement, name="service-acknowledgement"),
    path("<int:pk>/export/<int:number>/", services.export, name="service-export"),
    path("<int:pk>/pictures/<int:number>/<str:name>", services.picture, name="service-picture"),
    *(
        path(f"<int:pk>/{part}/", services.service, {"part": part}, name=f"service-{part}")
        for part in services.PARTS
    ),
]
