from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "backdesk.conversations"
    label = "conversations"
    verbose_name = "Conversations"
