"""Settings: documented to the last one, and loud about what is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import backdesk
from backdesk.config import databases, environment
from backdesk.config.environment import SettingInvalid, SettingMissing

ROOT = Path(__file__).parents[2]
SOURCE = Path(backdesk.__file__).parent
DOCUMENTED = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_that_is_read_is_documented() -> None:
    import backdesk.config.settings  # noqa: F401  reads them

    in_the_table = set(
        re.findall(r"`([A-Z][A-Z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", DOCUMENTED, re.M)))
    )
    assert environment.asked_for == in_the_table


def test_nobody_reads_the_environment_past_the_settings() -> None:
    """The command line is before the settings: it makes them. The database server needs a PATH, and the library
    that counts for several processes is told by the environment where."""
    allowed = {"config/environment.py", "config/wsgi.py", "cli/local.py", "cli/starting.py", "cli/doctor.py"}
    allowed |= {"platform/database/cluster.py", "platform/database/users.py", "platform/operating/metrics.py"}
    readers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }
    allowed |= {"cli/assess.py", "evidence/kernels/running.py"}
    assert readers - allowed == set()


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    code = "import backdesk.config.settings as s; print(s.DATABASES['default']['HOST'], s.SECRET_KEY)"
    env = {"PATH": os.environ["PATH"], **settings}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_without_a_key_nothing_starts() -> None:
    assert "SECRET_KEY is not set. It signs sessions" in start().stderr


def test_a_secret_can_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    (tmp_path / "url").write_text("postgresql://me:pw@db.internal/work\n")
    done = start(SECRET_KEY_FILE=str(tmp_path / "key"), DATABASE_URL_FILE=str(tmp_path / "url"))
    assert done.stdout.strip() == "db.internal from a file"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b"}, "Both SECRET_KEY and SECRET_KEY_FILE are set"),
        ({"SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE points to /nowhere, which cannot be read"),
        ({"SECRET_KEY": "a", "BACKDESK_DEBUG": "maybe"}, "BACKDESK_DEBUG is 'maybe'; write yes or no"),
        ({"SECRET_KEY": "a", "BACKDESK_UPLOAD_LIMIT_MB": "0"}, "write a whole number, 1 or more"),
        ({"SECRET_KEY": "a", "BACKDESK_LOG_STYLE": "xml"}, "write one of text, json"),
        ({"SECRET_KEY": "a", "DATABASE_URL": "mysql://x/y"}, "Backdesk runs on PostgreSQL only"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, str], message: str) -> None:
    done = start(**given)
    assert done.returncode != 0
    assert message in done.stderr


def test_required_settings_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_SETTING", raising=False)
    with pytest.raises(SettingMissing, match=r"NO_SUCH_SETTING is not set. Because."):
        environment.required("NO_SUCH_SETTING", why="Because.")


OWNER = "postgresql://owner:x@db.internal/work"


def application(url: str, *, owner_url: str = "", var: Path = Path("/unused")) -> dict[str, Any]:
    return databases.django_databases(url, owner_url=owner_url, var=var)["default"]


def owner(url: str, *, owner_url: str = "", var: Path = Path("/unused")) -> dict[str, Any]:
    return databases.django_databases(url, owner_url=owner_url, var=var)["owner"]


def test_a_database_url_is_taken_apart() -> None:
    url = "postgresql://some%40one:p%2Fw@db.internal:6432/work%20log?sslmode=require"
    found = application(url, owner_url=OWNER)
    expected = {
        "NAME": "work log",
        "USER": "some@one",
        "PASSWORD": "p/w",
        "HOST": "db.internal",
        "PORT": "6432",
    }
    assert {name: found[name] for name in expected} == expected
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_the_owner_sees_every_row_beside_what_its_url_says() -> None:
    found = owner(
        "postgresql://app@db/work", owner_url=f"{OWNER}?options=-c%20statement_timeout%3D0&sslmode=require"
    )
    assert (found["USER"], found["ENGINE"]) == ("owner", "django.db.backends.postgresql")
    assert found["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c statement_timeout=0 -c backdesk.scope=system",
    }


def test_without_an_owner_the_applications_role_is_tried_for_it() -> None:
    assert owner("postgresql://app@db/work")["USER"] == "app"


def test_an_owner_alone_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="set both or neither"):
        application("", owner_url=OWNER)


def test_a_socket_can_be_named_in_the_url() -> None:
    found = application("postgresql:///work?host=/run/postgresql")
    assert (found["HOST"], found["NAME"]) == ("/run/postgresql", "work")


def test_without_a_url_it_is_the_embedded_server_and_its_two_roles() -> None:
    both = databases.django_databases("", owner_url="", var=Path("/srv/backdesk"))
    places = {(found["HOST"], found["NAME"]) for found in both.values()}
    assert places == {("/srv/backdesk/postgres", "backdesk")}
    assert {alias: found["USER"] for alias, found in both.items()} == {
        "default": "backdesk_app",
        "owner": "backdesk",
    }


@pytest.mark.parametrize(
    ("url", "owner_url", "named"),
    [
        ("postgresql://host", "", "DATABASE_URL"),
        ("postgresql://app@host/work", "postgresql://host", "DATABASE_OWNER_URL"),
    ],
)
def test_a_url_without_a_database_is_refused_by_its_name(url: str, owner_url: str, named: str) -> None:
    with pytest.raises(SettingInvalid, match=f"^{named} must look like"):
        application(url, owner_url=owner_url)
