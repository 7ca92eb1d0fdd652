"""Other terms for the small service of `services`: a version of the same work with another calendar or target."""

from __future__ import annotations

import base64
from datetime import datetime

from backdesk.work.models import ServiceSource, ServiceVersion
from tests.work.services import LONG_AGO, Work


def agreed_anew(work: Work, **replaced: str) -> ServiceVersion:
    """Published beside the one in use; `calendar`, `targets` and `pauses` are lines of service.toml."""
    lines = {
        "calendar": 'calendar = "24/7"',
        "targets": "turnaround = { hours = 8 }",
        "pauses": 'reasons = ["Illegible"]',
    }
    number = ServiceVersion.objects.filter(service=work.service).count() + 1
    both = {"client_id": work.service.client_id, "provider_id": work.service.provider_id}
    version = ServiceVersion.objects.create(
        **both,
        service=work.service,
        number=number,
        digest=str(number) * 64,
        procedure_digest=work.version.procedure_digest,
        made_at=LONG_AGO,
        published_at=LONG_AGO,
    )
    for source in ServiceSource.objects.filter(version=work.version):
        text = base64.b64decode(source.files["service.toml"]).decode()
        for name, line in replaced.items():
            assert lines[name] in text
            text = text.replace(lines[name], line)
        files = {**source.files, "service.toml": base64.b64encode(text.encode()).decode()}
        ServiceSource.objects.create(**both, version=version, internal_to=source.internal_to, files=files)
    return version


def in_use(work: Work, version: ServiceVersion) -> Work:
    """What comes in from now on comes in under this version."""
    work.service.current = version
    work.service.save(update_fields=["current"])
    work.version = version
    return work


def utc(text: str) -> datetime:
    """`03-02 09:30` of 2026, a year in which the second of March is a Monday."""
    return datetime.fromisoformat(f"2026-{text}+00:00")
