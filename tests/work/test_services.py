"""Services come as folders, change as versions, and nobody is given work whose procedure they have not read."""
# ruff: noqa: E501

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from backdesk.desks import services as desks
from backdesk.parties.models import Role
from backdesk.parties.operations import add_skill, end_engagement, grade_skill, plan_absence
from backdesk.platform.models import AuditEntry, Notification
from backdesk.work.models import Entitlement, Route, Service, ServiceSource, ServiceVersion
from backdesk.work.operations import intake, items
from backdesk.work.operations.qualification import refresh
from backdesk.work.operations.services import (
    NoSuchEngagement,
    NothingChanged,
    NothingToPublish,
    NotInThisState,
    ProcedureMovedOn,
    ServiceBroken,
    acknowledge_procedure,
    import_service,
    pause_service,
    publish_service,
    resume_service,
    retire_service,
    revise_service,
)
from tests.cast import NOW, Cast
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.work.service_routes import imported, published
from tests.work.services import an_engagement

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    from tests.cast import assemble

    with making():
        made = assemble()
        an_engagement(made)
        return made


def skilled(cast: Cast, name: str = "Record matching", level: int = 2) -> None:
    """The agent of the cast can do it."""
    manager = cast.actor(Role.DELIVERY_MANAGER, cast.provider)
    skill = add_skill(actor=manager, now=NOW, name=name)
    grade_skill(
        actor=manager, now=NOW, person=cast.person(Role.AGENT, cast.provider), skill=skill, level=level
    )


def read_by_agent(cast: Cast, service: Service) -> None:
    assert service.current is not None
    acknowledge_procedure(
        actor=cast.agent, now=NOW, service=service, procedure_digest=service.current.procedure_digest
    )


def nodes_of_agent(cast: Cast) -> set[str]:
    agent = cast.person(Role.AGENT, cast.provider)
    own = Entitlement.objects.filter(person_id=agent.pk, organisation_id=cast.provider.pk)
    return set(own.values_list("route__node", flat=True))


def test_a_folder_becomes_a_draft_and_then_a_service_in_use(cast: Cast) -> None:
    draft = imported(cast)
    assert (draft.state, draft.current) == (Service.State.DRAFT, None)
    service = publish_service(actor=cast.lead, now=NOW, service=draft)
    assert service.state == Service.State.ACTIVE
    assert service.current is not None
    assert service.current.published_at == NOW
    routes = {route.node: route for route in Route.objects.filter(service=service)}
    assert routes.keys() == {"Key", "LookUp"}
    assert routes["LookUp"].skills == {"Record matching": 2}
    assert (routes["Key"].mode, routes["Key"].lease_minutes, routes["Key"].role) == ("both", 10, "agent")
    verbs = list(
        AuditEntry.objects.filter(subject_id=str(service.pk), subject_kind="work.service").values_list(
            "verb", flat=True
        )
    )
    assert verbs == ["service version saved", "service published"]


@pytest.mark.parametrize(
    ("silent", "minutes"), [([], {"Key": 1, "LookUp": 6}), (["6"], {"Key": 1, "LookUp": 1}),
                            (["1", "6"], {"Key": 1, "LookUp": 1}), (["1"], {"Key": 0, "LookUp": 6})]
)  # fmt: skip
def test_tasks_that_say_no_minutes_share_what_is_left_of_the_standard_time(
    cast: Cast, silent: list[str], minutes: dict[str, int]
) -> None:
    files = dict(desks.example_files("customer-record"))  # two minutes an item
    for one in silent:
        files["process.bpmn"] = files["process.bpmn"].replace(f' backdesk:minutes="{one}"'.encode(), b"")
    version = import_service(
        actor=cast.lead, now=NOW, engagement_id=an_engagement(cast).pk, files=files, note="As agreed."
    )
    service = publish_service(actor=cast.lead, now=NOW, service=version.service)
    found = Route.objects.filter(service=service).values_list("node", "standard_minutes")
    assert dict(found) == minutes


def test_the_provider_is_kept_from_what_is_the_clients_alone(cast: Cast) -> None:
    service = published(cast)
    whole, both = (
        ServiceSource.objects.get(version=service.current, internal_to=keeper)
        for keeper in (cast.client.pk, None)
    )
    assert "yearly_sales" in str(_decoded(whole))
    assert "yearly_sales" not in str(_decoded(both))
    address = reverse("work:service-fields", args=[service.pk])
    assert "yearly_sales" in cast.browser().get(address).content.decode()
    shown = cast.browser(Role.AGENT, cast.provider).get(address).content.decode()
    assert "record_number" in shown
    assert "yearly_sales" not in shown
    archive = cast.browser(Role.DELIVERY_MANAGER, cast.provider).get(
        reverse("work:service-export", args=[service.pk, 1])
    )
    files = zipfile.ZipFile(io.BytesIO(archive.content))
    assert b"yearly_sales" not in b"".join(files.read(name) for name in files.namelist())
    assert b"gold_share = 0.03" not in files.read("service.toml")


def _decoded(source: ServiceSource) -> dict[str, bytes]:
    import base64

    return {name: base64.b64decode(text) for name, text in source.files.items()}


def test_what_is_wrong_with_a_folder_is_all_said_and_nothing_is_saved(cast: Cast) -> None:
    files = dict(desks.example_files("customer-record"))
    files["service.toml"] = files["service.toml"].replace(b"Europe/Amsterdam", b"Europe/Amsterdm")
    files["checks.toml"] = files["checks.toml"].replace(b"output.kind", b"output.knid")
    with pytest.raises(ServiceBroken) as broken:
        import_service(actor=cast.lead, now=NOW, engagement_id=an_engagement(cast).pk, files=files)
    assert [problem.file for problem in broken.value.problems] == ["service.toml", "checks.toml"]
    assert not Service.objects.filter(key="customer-record").exists()


def test_an_automatic_step_that_nothing_does_is_refused(cast: Cast) -> None:
    files = dict(desks.example_files("customer-record"))
    files["process.bpmn"] = files["process.bpmn"].replace(b"userTask", b"serviceTask", 0)
    read = desks.read_service(files)
    nodes = {
        name: replace(node, kind="service", attributes={}) if name == "LookUp" else node
        for name, node in read.process.nodes.items()
    }
    changed = replace(read, process=replace(read.process, nodes=nodes))
    with pytest.raises(ServiceBroken) as broken:
        import_service(
            actor=cast.lead,
            now=NOW,
            engagement_id=an_engagement(cast).pk,
            files=desks.write_service(changed),
        )
    assert "has no function “LookUp”" in broken.value.problems[0].says


def test_it_takes_an_engagement_of_ones_own_that_lasts(cast: Cast) -> None:
    files = desks.example_files("customer-record")
    engagement = an_engagement(cast)
    with pytest.raises(ObjectDoesNotExist):
        import_service(actor=cast.other_lead, now=NOW, engagement_id=engagement.pk, files=files)
    for actor in (cast.employee, cast.agent):
        with pytest.raises(PermissionDenied):
            import_service(actor=actor, now=NOW, engagement_id=engagement.pk, files=files)
    end_engagement(actor=cast.lead, now=NOW, engagement=engagement, ends_at=NOW + timedelta(days=1))
    with pytest.raises(NoSuchEngagement):
        import_service(actor=cast.lead, now=NOW + timedelta(days=1), engagement_id=engagement.pk, files=files)


def test_a_change_is_a_new_draft_and_items_keep_the_version_they_began_with(cast: Cast) -> None:
    service = published(cast)
    first = service.current
    values = {"record_number": "C1", "name": "JANSEN", "address": "Keizersgr 1"}
    before = intake.create_item(actor=cast.lead, now=timezone.now(), service=service, values=values)
    draft = revise_service(
        actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(3), note="Slower."
    )
    assert (draft.number, draft.published_at) == (2, None)
    again = revise_service(actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(4))
    assert (again.pk, again.number) == (draft.pk, 2)  # there is one draft at most
    publish_service(actor=cast.lead, now=NOW, service=service)
    after = intake.create_item(
        actor=cast.lead, now=timezone.now(), service=service, values={**values, "record_number": "C2"}
    )
    before.refresh_from_db()
    assert (before.version_id, after.version_id) == (first.pk if first else 0, draft.pk)
    with pytest.raises(NothingToPublish):
        publish_service(actor=cast.lead, now=NOW, service=service)
    with pytest.raises(NothingChanged):
        revise_service(actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(4))


def test_paused_resumed_retired(cast: Cast) -> None:
    service = published(cast)
    pause_service(actor=cast.lead, now=NOW, service=service)
    with pytest.raises(items.ServiceNotOpen):
        intake.create_item(actor=cast.lead, now=timezone.now(), service=service, values={})
    with pytest.raises(NotInThisState):
        pause_service(actor=cast.lead, now=NOW, service=service)
    resume_service(actor=cast.lead, now=NOW, service=service)
    retire_service(actor=cast.lead, now=NOW, service=service)
    with pytest.raises(NotInThisState):
        revise_service(actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(9))
    with pytest.raises(NotInThisState):
        resume_service(actor=cast.lead, now=NOW, service=service)


def test_only_the_clients_lead_changes_it(cast: Cast) -> None:
    service = published(cast)
    for actor in (cast.employee, cast.agent, cast.actor(Role.DELIVERY_MANAGER, cast.provider)):
        with pytest.raises(PermissionDenied):
            pause_service(actor=actor, now=NOW, service=service)
    with pytest.raises(Service.DoesNotExist):
        pause_service(actor=cast.other_lead, now=NOW, service=service)


def test_an_agent_is_entitled_once_skilled_and_having_read_the_procedure(cast: Cast) -> None:
    service = published(cast)
    assert nodes_of_agent(cast) == set()
    read_by_agent(cast, service)
    assert nodes_of_agent(cast) == set()  # not without the skill
    skilled(cast, level=1)
    assert nodes_of_agent(cast) == {"Key"}  # looking up wants level 2
    with pytest.raises(ProcedureMovedOn):
        acknowledge_procedure(actor=cast.agent, now=NOW, service=service, procedure_digest="0" * 64)


def test_the_control_without_the_procedure_nothing_is_given_whatever_the_skill(cast: Cast) -> None:
    published(cast)
    skilled(cast, level=4)
    assert nodes_of_agent(cast) == set()


def test_a_changed_procedure_is_to_be_read_anew_a_changed_price_is_not(cast: Cast) -> None:
    service = published(cast)
    skilled(cast)
    read_by_agent(cast, service)
    assert nodes_of_agent(cast) == {"Key", "LookUp"}
    revise_service(actor=cast.lead, now=NOW, service=service, price=desks.Price(basis="none"))
    publish_service(actor=cast.lead, now=NOW, service=service)
    assert nodes_of_agent(cast) == {"Key", "LookUp"}
    revise_service(actor=cast.lead, now=NOW, service=service, procedure="# New\n\nKey it backwards.\n")
    service = publish_service(actor=cast.lead, now=NOW, service=service)
    assert nodes_of_agent(cast) == set()
    read_by_agent(cast, service)
    assert nodes_of_agent(cast) == {"Key", "LookUp"}


def test_who_is_away_is_given_nothing_until_they_are_back(cast: Cast) -> None:
    service = published(cast)
    skilled(cast)
    read_by_agent(cast, service)
    plan_absence(
        actor=cast.agent,
        now=NOW,
        person=cast.person(Role.AGENT, cast.provider),
        begins_at=NOW,
        ends_at=NOW + timedelta(days=2),
        kind="holiday",
    )
    assert nodes_of_agent(cast) == set()
    assert refresh(now=NOW + timedelta(days=2)) == 2
    assert nodes_of_agent(cast) == {"Key", "LookUp"}


def test_the_clients_people_do_its_own_steps_without_skills(cast: Cast) -> None:
    published(cast, example="invoice-entry")
    approve = Entitlement.objects.filter(organisation_id=cast.client.pk)
    assert set(approve.values_list("person_id", "route__node")) == {
        (cast.person(Role.EMPLOYEE).pk, "Approve")
    }


def test_a_zip_is_imported_by_the_page_and_read_back_by_export(cast: Cast) -> None:
    lead = cast.browser()
    archive = desks.write_zip(desks.example_files("invoice-entry"))
    given = {"engagement": an_engagement(cast).pk, "note": "First."}
    response = lead.post(
        reverse("work:service-new"), {**given, "file": SimpleUploadedFile("service.zip", archive)}
    )
    version = ServiceVersion.objects.get(service__key="invoice-entry")
    assert response["Location"] == f"{reverse('work:service', args=[version.service_id])}?version=1"
    assert "You look at version 1" in lead.get(response["Location"]).content.decode()
    lead.post(reverse("work:service-publication", args=[version.service_id]))
    exported = lead.get(reverse("work:service-export", args=[version.service_id, 1]))
    assert desks.read_zip(exported.content) == dict(desks.example_files("invoice-entry"))


def test_a_ready_made_service_is_one_choice_away_and_two_at_once_are_refused(cast: Cast) -> None:
    lead, address = cast.browser(), reverse("work:service-new")
    given = {"engagement": an_engagement(cast).pk, "ready_made": "invoice-entry"}
    of_it = lead.get(reverse("engagements:engagement", args=[given["engagement"]]))
    assert f'href="{address}"' in of_it.content.decode(), "where the engagement has no service yet"
    zipped = SimpleUploadedFile("service.zip", desks.write_zip(desks.example_files("customer-record")))
    for wrong in ({**given, "file": zipped}, {**given, "ready_made": ""}, {**given, "ready_made": "payroll"}):
        assert lead.post(address, wrong).status_code == 422
    assert not ServiceVersion.objects.exists()
    assert "Save" in lead.get(lead.post(address, given)["Location"]).content.decode()
    assert ServiceVersion.objects.get().service.key == "invoice-entry"


def test_a_broken_zip_is_told_problem_by_problem(cast: Cast) -> None:
    files = dict(desks.example_files("invoice-entry"))
    files["checks.toml"] = files["checks.toml"].replace(b"output.net.amount, ", b"output.ent.amount, ")
    response = cast.browser().post(
        reverse("work:service-new"),
        {
            "engagement": an_engagement(cast).pk,
            "file": SimpleUploadedFile("service.zip", desks.write_zip(files)),
        },
    )
    assert response.status_code == 422
    shown = response.content.decode()
    assert "checks.toml:4" in shown
    assert "There is no output.ent; is it “net”?" in shown


def test_the_form_changes_targets_price_and_procedure_as_a_draft(cast: Cast) -> None:
    service = published(cast)
    lead, address = cast.browser(), reverse("work:service-revision", args=[service.pk])
    form = lead.get(address).context["page"].form
    typed = {name: "" if value is None else str(value) for name, value in form.initial.items()}
    response = lead.post(
        address, {**typed, "accuracy": "99.5", "price_amount": "0.9", "warn_hours": "2.5", "note": "Dearer."}
    )
    assert response.status_code == 302
    read = desks.read_service(
        _decoded(ServiceSource.objects.get(version__number=2, internal_to=cast.client.pk))
    )
    assert (read.targets.accuracy, read.price.amount) == (Decimal("0.995"), Decimal("0.9"))
    assert (read.alarms.warn_hours, read.alarms.escalate_hours) == (Decimal("2.5"), None)
    assert read.procedure == desks.example("customer-record").procedure
    shown = lead.get(reverse("work:service-versions", args=[service.pk])).content.decode()
    assert "amount = 0.9" in shown
    assert "warn_hours = 2.5" in shown
    assert "Dearer." in shown


def test_a_draft_does_not_exist_for_the_provider(cast: Cast) -> None:
    service = imported(cast)
    manager = cast.browser(Role.DELIVERY_MANAGER, cast.provider)
    assert manager.get(reverse("work:service", args=[service.pk])).status_code == 404
    publish_service(actor=cast.lead, now=NOW, service=service)
    revise_service(actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(3))
    assert manager.get(reverse("work:service", args=[service.pk])).status_code == 200
    assert manager.get(reverse("work:service", args=[service.pk]) + "?version=2").status_code == 404


def test_a_procedure_is_shown_without_scripts_and_with_its_own_pictures_alone(cast: Cast) -> None:
    service = published(cast)
    text = "# Do\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![a](pictures/record.png)\n\n|a|b|\n|-|-|\n|1|2|\n"
    revise_service(actor=cast.lead, now=NOW, service=service, procedure=text)
    publish_service(actor=cast.lead, now=NOW, service=service)
    shown = cast.browser(Role.AGENT, cast.provider).get(reverse("work:service-procedure", args=[service.pk]))
    html = shown.content.decode()
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<h2>Do</h2>" in html
    assert "<td>1</td>" in html
    assert f'src="/work/services/{service.pk}/pictures/2/record.png"' in html
    assert "I have read it" in html


def test_an_agent_is_asked_to_read_and_confirms_by_the_page(cast: Cast) -> None:
    service = published(cast)
    agent = cast.browser(Role.AGENT, cast.provider)
    assert "Read the procedure of" in agent.get("/").content.decode()
    assert service.current is not None
    agent.post(
        reverse("work:service-acknowledgement", args=[service.pk]),
        {"procedure": service.current.procedure_digest},
    )
    assert "Read the procedure of" not in agent.get("/").content.decode()


def test_who_leads_at_the_provider_is_told_that_a_new_version_is_in_use(cast: Cast) -> None:
    manager = cast.person(Role.DELIVERY_MANAGER, cast.provider)
    service = published(cast)
    told = Notification.objects.get(kind="work.service_published")
    assert (told.person_id, told.organisation_id) == (manager.pk, cast.provider.pk)
    assert told.title == f"Version 1 of “{service.name}” is in use"
    assert told.url == f"/work/services/{service.pk}/versions/"
    assert cast.browser(Role.DELIVERY_MANAGER, cast.provider).get(told.url).status_code == 200


def test_its_page_leads_to_its_terms_who_may_read_them(cast: Cast) -> None:
    service = published(cast)
    for browser, leads in ((cast.browser(), True), (cast.browser(Role.AGENT, cast.provider), False)):
        shown = browser.get(f"/work/services/{service.pk}/").content.decode()
        assert (f"/work/services/{service.pk}/terms/" in shown) is leads
