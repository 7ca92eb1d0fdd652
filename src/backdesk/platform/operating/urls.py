"""The names of the probes; `probes.ProbesMiddleware` answers before an address is looked up here."""

from django.urls import path

from backdesk.platform.operating.probes import PROBES

app_name = "operating"

urlpatterns = [
    path(address.removeprefix("/"), probe, name=probe.__name__) for address, probe in PROBES.items()
]
