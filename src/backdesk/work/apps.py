from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "backdesk.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backdesk.work import jobs  # noqa: F401  registers the handlers
        from backdesk.work.operations import keying, reviews  # noqa: F401  say what these tasks mean
        from backdesk.work.operations.telling import register_kinds
        from backdesk.work.web import navigation, subjects

        register_kinds()
        navigation.register()
        subjects.register()
