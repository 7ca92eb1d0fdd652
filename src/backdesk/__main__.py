"""`python -m backdesk` is the `backdesk` command."""

from backdesk.cli.main import app

if __name__ == "__main__":
    app(prog_name="backdesk")
