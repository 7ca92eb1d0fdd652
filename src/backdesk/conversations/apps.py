from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "backdesk.conversations"
    label = "conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        from backdesk.conversations.operations import blank_names
        from backdesk.conversations.operations.telling import register_kinds
        from backdesk.conversations.web import navigation, search
        from backdesk.parties import holdings

        register_kinds()
        holdings.register_erasure(blank_names)
        navigation.register()
        search.register()
