from django.urls import path

from backdesk.conversations.web import views

app_name = "conversations"

urlpatterns = [
    path("conversations/", views.threads, name="threads"),
    path("conversations/<int:pk>/", views.thread, name="thread"),
    path("conversations/<int:pk>/messages/", views.messages, name="messages"),
    path("conversations/<int:pk>/following/", views.following, name="following"),
    path("conversations/<int:pk>/reading/", views.reading, name="reading"),
    path("conversations/<int:pk>/people/", views.people, name="people"),
    path(
        "conversations/about/<str:kind>/<str:subject_id>/messages/", views.first_message, name="first-message"
    ),
    path("conversations/about/<str:kind>/<str:subject_id>/people/", views.people_about, name="people-about"),
    path("conversations/messages/<int:pk>/", views.message, name="message"),
    path("conversations/messages/<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
]
