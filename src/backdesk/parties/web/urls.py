from django.urls import include, path

from backdesk.parties.web import invited, views

urlpatterns = [
    path("", include("backdesk.parties.web.account.urls")),
    path("organisation/choice/", views.choose_organisation, name="choose-organisation"),
    path("organisation/", include("backdesk.parties.web.organisation.urls")),
    path("engagements/", include("backdesk.parties.web.engagements.urls")),
    path("invitations/<str:secret>/", invited.invitation, name="invitation"),
]
