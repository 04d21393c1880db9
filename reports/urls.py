from django.urls import path

from reports.views import (
    all_indicators,
    dashboard,
    freeze_changes,
    freezes,
    indicator,
    live,
    people,
    plan,
    report,
    reported,
    work_form,
)  # fmt: skip

app_name = "reports"
urlpatterns = [
    path("reports/", dashboard.board, name="dashboard"),
    path("reports/mode/", dashboard.mode, name="mode"),
    path("reports/indicators/", all_indicators.all_indicators, name="indicators"),
    path("reports/indicators/<slug:code>/", indicator.indicator, name="indicator"),
    path("reports/indicators/<slug:code>/people/", people.people_list, name="people"),
    path("reports/plans/<slug:pack_id>/", plan.plan, name="plan"),
    path("reports/people/<slug:kind>/", live.care, name="live"),
    path("reports/unsigned/", live.unsigned, name="unsigned"),
    path("reports/reported/", reported.reported, name="reported"),
    path("reports/reported/<slug:pack_id>/<slug:key>/new/", reported.reported_new, name="reported_new"),
    path("reports/reported/<uuid:uuid>/confirm/", reported.reported_confirm, name="reported_confirm"),
    path("reports/reported/<uuid:uuid>/return/", reported.reported_return, name="reported_return"),
    path("reports/freezes/", freezes.freezes, name="freezes"),
    path("reports/freezes/new/", freezes.freeze_new, name="freeze_new"),
    path("reports/freezes/<uuid:uuid>/", freezes.freeze_one, name="freeze"),
    path("reports/freezes/<uuid:uuid>/changes/", freeze_changes.freeze_changes, name="freeze_changes"),
    path("reports/freezes/<uuid:uuid>/figures/<slug:code>/", freeze_changes.freeze_people, name="freeze_people"),
    path("reports/freezes/<uuid:uuid>/report/", freezes.freeze_report, name="freeze_report"),
    path("reports/forms/<slug:work>/", work_form.work_form, name="work_form"),
    path("reports/report/", report.report, name="report"),
    path("reports/report/<uuid:uuid>/", report.report_one, name="report_one"),
    path("reports/report/<uuid:uuid>/file/", report.report_file, name="report_file"),
]
