"""A service's folder is checked without a database, brought in as a draft, and written out again."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from backdesk.cli.main import app
from backdesk.desks.services import example_files, read_folder, write_folder, write_zip


def service(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["service", *map(str, arguments)])


def test_a_folder_that_is_right(tmp_path: Path) -> None:
    write_folder(example_files("invoice-entry"), folder=tmp_path)
    done = service("check", tmp_path)
    assert done.exit_code == 0
    assert done.stdout.startswith("Invoice entry: right. ")


def test_a_zip_does_too(tmp_path: Path) -> None:
    (tmp_path / "service.zip").write_bytes(write_zip(example_files("customer-record")))
    assert service("check", tmp_path / "service.zip").exit_code == 0


def test_everything_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    files = dict(example_files("customer-record"))
    files["service.toml"] = files["service.toml"].replace(b"limit = 1", b"limit = 0")
    files["checks.toml"] = files["checks.toml"].replace(b"output.kind", b"output.knid")
    write_folder(files, folder=tmp_path)
    done = service("check", tmp_path)
    assert done.exit_code == 1
    assert "service.toml, line 26, taking.limit: Give a whole number from 1 to 100." in done.stderr
    assert "There is no output.knid; is it “kind”?" in done.stderr
    assert "2 to put right." in done.stderr


def test_no_folder(tmp_path: Path) -> None:
    done = service("check", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "This is no folder." in done.stderr


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = service("export", 1, tmp_path)
    assert done.exit_code == 1
    assert "is not empty" in done.stderr
    assert read_folder(tmp_path) == {"mine.txt": b"mine"}
