"""Tables of data: what a column is, which rows are asked for, and where they come from.

state = tables.read_state(request.GET, columns=COLUMNS, sort="-touch_hours")
table = tables.from_queryset(activities, name="activities", columns=COLUMNS, state=state)
if state.export:
    return tables.file_response(table=table, filename="activities.csv")
"""

from backdesk.platform.web.tables.columns import Column, Row
from backdesk.platform.web.tables.exporting import file_response
from backdesk.platform.web.tables.sources import from_frame, from_queryset, from_rows
from backdesk.platform.web.tables.state import EXPORT_LIMIT, MAX_PAGE, PAGE_SIZE, State, read_state
from backdesk.platform.web.tables.table import BulkAction, Table
from backdesk.platform.web.tables.window import Window, place_in

__all__ = [
    "EXPORT_LIMIT",
    "MAX_PAGE",
    "PAGE_SIZE",
    "BulkAction",
    "Column",
    "Row",
    "State",
    "Table",
    "Window",
    "file_response",
    "from_frame",
    "from_queryset",
    "from_rows",
    "place_in",
    "read_state",
]
