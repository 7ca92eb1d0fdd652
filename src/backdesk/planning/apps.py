from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "backdesk.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backdesk.parties import holdings
        from backdesk.planning import jobs, records  # noqa: F401  jobs registers the handlers
        from backdesk.planning.operations import blank_comments, telling
        from backdesk.planning.web import navigation, search
        from backdesk.platform.operating import backup

        backup.register("histories", records.named)
        holdings.register_erasure(blank_comments)
        telling.register_kinds()
        navigation.register()
        search.register()
