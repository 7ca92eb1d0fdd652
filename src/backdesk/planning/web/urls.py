from django.urls import path

from backdesk.planning.web.views import (
    activities,
    candidates,
    comparisons,
    handovers,
    histories,
    inventory,
    logs,
    maps,
    rates,
)

app_name = "planning"

urlpatterns = [
    path("plan/inventory/", inventory.inventory, name="inventory"),
    path("plan/functions/", inventory.functions, name="functions"),
    path("plan/functions/new/", inventory.function_new, name="function-new"),
    path("plan/functions/<int:pk>/", inventory.function_edit, name="function"),
    path("plan/functions/<int:pk>/removal/", inventory.function_removal, name="function-removal"),
    path("plan/activities/new/", activities.activity_new, name="activity-new"),
    path("plan/activities/<int:pk>/", activities.activity, name="activity"),
    path("plan/activities/<int:pk>/edit/", activities.activity_edit, name="activity-edit"),
    path("plan/activities/<int:pk>/removal/", activities.activity_removal, name="activity-removal"),
    path("plan/activities/<int:pk>/answer/", activities.answer, name="answer"),
    path("plan/candidates/", candidates.candidates, name="candidates"),
    path("plan/histories/", histories.histories, name="histories"),
    path("plan/histories/new/", histories.history_new, name="history-new"),
    path("plan/histories/<int:pk>/", histories.history, name="history"),
    path("plan/services/<int:pk>/history/", histories.live_history, name="live-history"),
    path("plan/histories/<int:pk>/columns/", histories.columns, name="history-columns"),
    path("plan/histories/<int:pk>/removal/", histories.removal, name="history-removal"),
    path("plan/histories/<int:pk>/rejects/", logs.rejects, name="history-rejects"),
    path("plan/histories/<int:pk>/map/", maps.process_map, name="history-map"),
    path("plan/histories/<int:pk>/model/", maps.process_model, name="history-model"),
    path("plan/histories/<int:pk>/handovers/", handovers.handovers, name="history-handovers"),
    path("plan/histories/<int:pk>/steps/", logs.steps, name="history-steps"),
    path("plan/histories/<int:pk>/cases/", logs.cases, name="history-cases"),
    path("plan/histories/<int:pk>/case/", logs.case, name="history-case"),
    path("plan/histories/<int:pk>/comparison/", comparisons.comparison, name="history-comparison"),
    path("plan/histories/<int:pk>/comparisons/", comparisons.comparisons, name="history-comparisons"),
    path("plan/histories/<int:pk>/changes/", comparisons.changes, name="history-changes"),
    path("plan/histories/<int:pk>/reports/", histories.report_orders, name="history-reports"),
    path("plan/histories/<int:pk>/reports/<str:kind>/", histories.report, name="history-report"),
    path("plan/rates/", rates.rates, name="rates"),
]
