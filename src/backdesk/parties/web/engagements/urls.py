from django.urls import path

from backdesk.parties.web.engagements import pages, proposals

app_name = "engagements"

urlpatterns = [
    path("", pages.engagements, name="engagements"),
    path("new/", pages.engagement_new, name="engagement-new"),
    path("<int:pk>/", pages.engagement, name="engagement"),
    path("<int:pk>/mails/", pages.mail, name="proposal-mail"),
    path("<int:pk>/withdrawal/", pages.withdrawal, name="withdrawal"),
    path("<int:pk>/ending/", pages.ending, name="ending"),
    path("<int:pk>/people/", pages.naming, name="naming"),
    path("<int:pk>/people/<int:participant>/removal/", pages.unnaming, name="unnaming"),
    path("proposals/<str:secret>/", proposals.proposal, name="proposal"),
]
