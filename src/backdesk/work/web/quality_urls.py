"""The addresses of second eyes, below /work/quality/."""

from __future__ import annotations

from django.urls import URLPattern, path

from backdesk.work.web.views import acceptance, findings, gold, sampling

urlpatterns: list[URLPattern] = [
    path("", findings.findings, name="quality"),
    path("items/", findings.items, name="quality-items"),
    path("findings/<int:pk>/", findings.finding, name="quality-finding"),
    path("acceptance/", acceptance.acceptance, name="quality-acceptance"),
    path("sampling/", sampling.sampling, name="quality-sampling"),
    path("gold/", gold.gold, name="quality-gold"),
    path("gold/withdrawals/", gold.gold_withdrawals, name="quality-gold-withdrawals"),
    path("gold/<int:pk>/new/", gold.gold_new, name="quality-gold-new"),
]
