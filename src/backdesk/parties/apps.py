from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "backdesk.parties"
    label = "parties"
    verbose_name = "Parties"

    def ready(self) -> None:
        from backdesk.parties.queries.recipients import recipients
        from backdesk.parties.requests import viewer_of
        from backdesk.platform import notifications
        from backdesk.platform.web import viewer

        viewer.register_source(viewer_of)
        notifications.register_directory(recipients)
