"""`python -m backdesk` is the `backdesk` command."""

from backdesk.cli.main import app

app(prog_name="backdesk")
