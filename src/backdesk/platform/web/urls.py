from django.urls import path

from backdesk.platform.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("style/", views.style, name="style"),
    path("theme/", views.theme, name="theme"),
    path("jobs/<int:job_id>/", views.job, name="job"),
    path("jobs/<int:job_id>/cancellation/", views.job_cancellation, name="job-cancellation"),
]
