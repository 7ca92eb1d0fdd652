from django.urls import path

from backdesk.parties.web.organisation import absences, invitations, leaving, people, settings, skills, teams

app_name = "organisation"

urlpatterns = [
    path("", settings.settings, name="settings"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/roles/", people.roles, name="roles"),
    path("people/<int:pk>/roles/<str:role>/ending/", people.role_ending, name="role-ending"),
    path("people/<int:pk>/skills/", skills.grades, name="grades"),
    path("people/<int:pk>/absences/new/", absences.absence_new, name="absence-new"),
    path("people/<int:pk>/teams/", teams.joining, name="joining"),
    path("people/<int:pk>/offboarding/", leaving.offboarding, name="offboarding"),
    path("people/former/", leaving.former, name="former"),
    path("people/former/<int:pk>/erasure/", leaving.erasure, name="erasure"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/new/", invitations.invitation_new, name="invitation-new"),
    path("invitations/<int:pk>/mails/", invitations.mail, name="invitation-mail"),
    path("invitations/<int:pk>/revocation/", invitations.revocation, name="invitation-revocation"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/name/", teams.team_name, name="team-name"),
    path("teams/<int:pk>/closing/", teams.closing, name="team-closing"),
    path("teams/<int:pk>/people/", teams.adding, name="team-people"),
    path("teams/<int:pk>/people/<int:person>/leaving/", teams.leaving, name="team-leaving"),
    path("teams/<int:pk>/people/<int:person>/lead/", teams.lead, name="team-lead"),
    path("skills/", skills.skills, name="skills"),
    path("skills/new/", skills.skill_new, name="skill-new"),
    path("skills/<int:pk>/", skills.skill, name="skill"),
    path("skills/<int:pk>/removal/", skills.removal, name="skill-removal"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:pk>/", absences.absence, name="absence"),
    path("absences/<int:pk>/withdrawal/", absences.withdrawal, name="absence-withdrawal"),
]
