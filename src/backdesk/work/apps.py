from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "backdesk.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backdesk.platform.operating.backup import holdings
        from backdesk.work import doctor, jobs  # noqa: F401  register checks and handlers
        from backdesk.work.operations import keying, qualification, reviews  # noqa: F401  say what these tasks mean
        from backdesk.work.operations.recording import held_files
        from backdesk.work.operations.telling import register_kinds
        from backdesk.work.queries import feed, wanting
        from backdesk.work.records.keeping import PLACE
        from backdesk.work.web import navigation, search, service_places, subjects, today
        from backdesk.work.web.quality import deeds, places, telling

        holdings.register(PLACE, held_files)
        register_kinds()
        feed.register()
        wanting.register()
        qualification.listen()
        navigation.register()
        service_places.register()
        search.register()
        subjects.register()
        today.register()
        deeds.register()
        places.register()
        telling.register()
