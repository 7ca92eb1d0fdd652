from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "backdesk.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backdesk.planning import jobs  # noqa: F401  registers the handlers
        from backdesk.planning.web import navigation

        navigation.register()
