from django.urls import path

from backdesk.parties.web import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="login"),
    path("sign-out/", views.SignOut.as_view(), name="logout"),
    path("organisation/", views.choose_organisation, name="choose-organisation"),
]
