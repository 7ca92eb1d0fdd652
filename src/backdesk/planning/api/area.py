from backdesk.evidence.assessment import RatesError
from backdesk.evidence.calendars import CalendarError
from backdesk.evidence.eventlog import LogError
from backdesk.evidence.process.drift import TooShort
from backdesk.platform.api import Area

planning = Area("planning", title="Plan", refuses=(CalendarError, LogError, RatesError, TooShort))
