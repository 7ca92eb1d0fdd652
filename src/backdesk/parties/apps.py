from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "backdesk.parties"
    label = "parties"
    verbose_name = "Parties"
