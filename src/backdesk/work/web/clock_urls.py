"""The addresses of clocks, pauses, questions and terms."""

from __future__ import annotations

from django.urls import URLPattern, path

from backdesk.work.web.views import clocks, questions, terms

urlpatterns: list[URLPattern] = [
    path("items/<int:pk>/clock/", clocks.item_clock, name="item-clock"),
    path("items/<int:pk>/pauses/", clocks.item_pauses, name="item-pauses"),
    path("items/<int:pk>/questions/new/", questions.question_new, name="question-new"),
    path("pauses/", clocks.pauses, name="pauses"),
    path("pauses/<int:pk>/end/", clocks.pause_end, name="pause-end"),
    path("pauses/<int:pk>/withdrawal/", clocks.pause_withdrawal, name="pause-withdrawal"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pk>/answer/", questions.question_answer, name="question-answer"),
    path("questions/<int:pk>/withdrawal/", questions.question_withdrawal, name="question-withdrawal"),
    path("services/<int:pk>/terms/", terms.service_terms, name="service-terms"),
]
