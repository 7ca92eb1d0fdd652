from backdesk.platform.api import Area

conversations = Area("conversations", title="Conversations")
