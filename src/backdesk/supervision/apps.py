from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "backdesk.supervision"
    label = "supervision"
    verbose_name = "Supervision"

    def ready(self) -> None:
        from backdesk.supervision.web import navigation

        navigation.register()
