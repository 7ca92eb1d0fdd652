from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "backdesk.platform"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_login_failed

        from backdesk.platform import notifications
        from backdesk.platform.documents import jobs as _document_jobs  # noqa: F401  registers what comes by the clock
        from backdesk.platform.notifications import jobs  # noqa: F401  registers what comes round by the clock
        from backdesk.platform.operating import metrics
        from backdesk.platform.webhooks import jobs as _webhook_jobs  # noqa: F401  likewise
        from backdesk.platform.webhooks.suffering import PAUSED

        user_login_failed.connect(metrics.count_sign_in_failure, dispatch_uid="metrics")
        notifications.register(PAUSED)
