from backdesk.platform.api import Area

work = Area("work", title="Work")
