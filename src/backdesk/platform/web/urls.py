from django.urls import include, path

from backdesk.platform.web import notifications, searching, views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("style/", views.style, name="style"),
    path("theme/", views.theme, name="theme"),
    path("jobs/<int:job_id>/", views.job, name="job"),
    path("jobs/<int:job_id>/cancellation/", views.job_cancellation, name="job-cancellation"),
    path("audit/", include("backdesk.platform.web.trail.urls")),
    path("organisation/webhooks/", include("backdesk.platform.web.webhooks.urls")),
    path("search/", searching.search_page, name="search"),
    path("notifications/", notifications.inbox, name="notifications"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
    path("notifications/<int:pk>/reading/", notifications.reading, name="notification-reading"),
    path("notifications/readings/", notifications.readings, name="notification-readings"),
    path("notifications/bell/", notifications.bell, name="notifications-bell"),
    path("notifications/preferences/", notifications.preference_page, name="notification-preferences"),
    path("notifications/hours/", notifications.hours, name="notification-hours"),
    path("notifications/unsubscription/<str:token>/", notifications.unsubscription, name="unsubscription"),
]
