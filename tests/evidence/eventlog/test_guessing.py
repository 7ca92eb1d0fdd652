"""The mapping found by itself, from the headings of real systems and from what is in the columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import ColumnMissing, Mapping
from tests.evidence.eventlog.writing import table

VALUES = {
    "case": "4711",
    "activity": "Check it",
    "started_at": "2024-01-02 09:00",
    "ended_at": "2024-01-02 09:30",
    "resource": "Ann",
    "team": "Desk",
    "party": "Acme",
    "function": "Claims",
    "lifecycle": "complete",
}
EXPORTS: dict[str, dict[str, str | None]] = {
    "XES": {"case:concept:name": "case", "concept:name": "activity", "time:timestamp": "ended_at",
            "org:resource": "resource", "org:group": "team", "lifecycle:transition": "lifecycle"},
    "pm4py intervals": {"case:concept:name": "case", "concept:name": "activity", "start_timestamp": "started_at",
                        "time:timestamp": "ended_at"},
    "Disco": {"Case ID": "case", "Activity": "activity", "Resource": "resource", "Start Timestamp": "started_at",
              "Complete Timestamp": "ended_at", "Variant": None, "Variant index": None},
    "Celonis": {"_CASE_KEY": "case", "ACTIVITY_EN": "activity", "EVENTTIME": "ended_at", "USER_NAME": "resource"},
    "SAP change documents": {"EBELN": "case", "TCODE": "activity", "UDATE": None, "Timestamp": "ended_at",
                             "USERNAME": "resource"},
    "ServiceNow": {"Number": "case", "State": "activity", "sys_updated_on": "ended_at", "Assigned to": "resource",
                   "Assignment group": "team"},
    "Jira": {"Issue key": "case", "To Status": "activity", "Created": "ended_at", "Author": "resource"},
    "German": {"Vorgangsnummer": "case", "Tätigkeit": "activity", "Beginn": "started_at", "Ende": "ended_at",
               "Sachbearbeiter": "resource", "Abteilung": "function", "Gruppe": "team", "Dienstleister": "party"},
    "Dutch": {"Zaaknummer": "case", "Handeling": "activity", "Starttijd": "started_at", "Eindtijd": "ended_at",
              "Medewerker": "resource", "Afdeling": "function"},
    "plain": {"order_id": "case", "task": "activity", "started": "started_at", "finished": "ended_at",
              "employee": "resource", "team": "team", "company": "party", "department": "function"},
    "longer headings": {"Ticket": "case", "Step": "activity", "Actual start (local)": "started_at",
                        "Work completed (local)": "ended_at", "Planned start": None, "Due end": None},
}  # fmt: skip


@pytest.mark.parametrize("system", EXPORTS)
def test_the_headings_of_real_systems_are_known(tmp_path: Path, system: str) -> None:
    headings = EXPORTS[system]
    row = [VALUES[role] if role else "2024-01-02 08:00" for role in headings.values()]
    proposal = eventlog.propose(table(tmp_path, "\t".join(headings) + "\n" + "\t".join(row) + "\n"))
    assert proposal.reason is None
    assert proposal.mapping == Mapping(**{role: heading for heading, role in headings.items() if role})  # type: ignore[arg-type]


def test_a_heading_is_not_believed_where_the_content_speaks_against_it(tmp_path: Path) -> None:
    text = "case,activity,date,when\n1,Check,tomorrow,2024-01-02 09:00\n1,Pay,someday,2024-01-02 10:00\n"
    assert eventlog.propose(table(tmp_path, text)).mapping == Mapping(
        case="case", activity="activity", ended_at="when"
    )


def test_a_column_of_other_words_is_no_lifecycle(tmp_path: Path) -> None:
    text = "case,activity,event type,time\n1,Check,manual,2024-01-02 09:00\n"
    mapping = eventlog.propose(table(tmp_path, text)).mapping
    assert mapping is not None
    assert mapping.lifecycle is None


def test_columns_without_telling_headings_are_found_by_their_content(tmp_path: Path) -> None:
    rows = [f"R-{number // 4},{('Take in', 'Check it', 'Pay out', 'File it')[number % 4]},x,2024-01-02 0{number % 9}:00"
            for number in range(20)]  # fmt: skip
    proposal = eventlog.propose(table(tmp_path, "A1,A2,A3,A4\n" + "\n".join(rows) + "\n"))
    assert proposal.mapping == Mapping(case="A1", activity="A2", ended_at="A4")
    assert [note.split(" was taken as the ")[0] for note in proposal.notes] == ['"A4"', '"A1"', '"A2"']


@pytest.mark.parametrize("heading", ["Done", "Fertiggemeldet", "When it was over"])
def test_beside_a_start_the_only_other_time_is_the_end_whatever_it_is_called(
    tmp_path: Path, heading: str
) -> None:
    text = f"Order,Task,Started,{heading},Due\n1,Check,2024-01-02 09:00,2024-01-02 09:30,2024-01-05 12:00\n"
    mapping = eventlog.propose(table(tmp_path, text)).mapping
    assert mapping == Mapping(case="Order", activity="Task", started_at="Started", ended_at=heading)


def test_without_a_case_column_the_reason_and_the_way_out_are_told(tmp_path: Path) -> None:
    path = table(tmp_path, "task,who,finished\nCheck,Ann,2024-01-02 09:00\n")
    said = "No column was found for the case .* The columns are .* Say which it is, for example case=Order"
    with pytest.raises(ColumnMissing, match=said):
        eventlog.read(path)
    proposal = eventlog.propose(path)
    assert proposal.mapping is None
    assert proposal.reason is not None
    assert '"task", "who", "finished"' in proposal.reason
    assert [look.role for look in proposal.looks] == ["activity", "resource", "ended_at"], (
        "what was found is kept"
    )


def test_without_a_time_column_the_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="the time at which a step was done"):
        eventlog.read(table(tmp_path, "case,activity,resource\n1,Check,Ann\n"))


def test_a_missing_header_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="first line looks like data"):
        eventlog.read(table(tmp_path, "1,Check,Ann,2024-01-02 09:00\n1,Pay,Ann,2024-01-02 09:30\n"))


def test_a_proposal_shows_the_head_and_what_each_column_looks_like(tmp_path: Path) -> None:
    rows = [f"{number // 3},Check it,{'Ann' if number % 2 else ''},2024-01-02 09:{number},{number}.5,"
            for number in range(10, 40)]  # fmt: skip
    text = "case,activity,resource,time,cost,remark\n" + "\n".join(rows) + "\n"
    proposal = eventlog.propose(table(tmp_path, text))
    assert len(proposal.rows) == 20
    assert proposal.rows[0] == ("3", "Check it", None, "2024-01-02 09:10", "10.5", None)
    looks = {look.name: look for look in proposal.looks}
    assert [look.kind for look in proposal.looks] == ["number", "text", "text", "time", "number", "empty"]
    assert [look.role for look in proposal.looks] == ["case", "activity", "resource", "ended_at", None, None]
    assert (looks["resource"].filled, looks["resource"].distinct, looks["resource"].examples) == (
        15,
        1,
        ("Ann",),
    )
