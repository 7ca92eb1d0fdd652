from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "backdesk.platform"
    label = "platform"
    verbose_name = "Platform"
