from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "backdesk.parties"
    label = "parties"
    verbose_name = "Parties"

    def ready(self) -> None:
        from backdesk.parties import holdings, receivers
        from backdesk.parties.operations import credentials, telling
        from backdesk.parties.operations.offboarding import TEAMS_LED
        from backdesk.parties.queries.places import roles_in
        from backdesk.parties.queries.recipients import people_with, recipients
        from backdesk.parties.queries.trail import TrailDirectory
        from backdesk.parties.requests import viewer_of
        from backdesk.parties.web import navigation, search
        from backdesk.parties.web.account import places
        from backdesk.platform import audit, jobs, notifications, webhooks
        from backdesk.platform.web import viewer

        viewer.register_source(viewer_of)
        audit.register_directory(TrailDirectory())
        jobs.register_roles(roles_in)
        notifications.register_directory(recipients)
        webhooks.register_people(people_with)
        telling.register_kinds()
        navigation.register()
        search.register()
        holdings.register(TEAMS_LED)
        receivers.connect()
        notifications.register(credentials.SIGNING_IN)
        places.register()
