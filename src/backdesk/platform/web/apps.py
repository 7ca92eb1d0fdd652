from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "backdesk.platform.web"
    label = "web"
    verbose_name = "Pages"

    def ready(self) -> None:
        from backdesk.platform.web import notifications, searching, trail, webhooks
        from backdesk.platform.web.trail import mailing

        notifications.register()
        searching.register()
        trail.register()
        webhooks.register()
        mailing.register()
