from django.urls import path

from registry.views import acts, filing, lists, patients, scans
from registry.views import acts, filing, lists, notices, patients

app_name = "registry"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:notice>/read/", notices.notice_read, name="notice_read"),
    path("patients/", lists.patients, name="patients"),
    path("patients/cases/", lists.cases, name="cases"),
    path("patients/search/", lists.search, name="search"),
    path("patients/new/", filing.patient_new, name="patient_new"),
    path("patients/<uuid:uuid>/", patients.patient, name="patient"),
    path("patients/<uuid:uuid>/edit/", filing.patient_edit, name="patient_edit"),
    path("patients/<uuid:uuid>/history/", patients.history, name="patient_history"),
    path("patients/<uuid:uuid>/access/", patients.access, name="patient_access"),
    path("patients/<uuid:uuid>/number/", patients.reveal, name="reveal"),
    path("patients/<uuid:uuid>/move/", acts.patient_move, name="patient_move"),
    path("patients/<uuid:uuid>/status/", acts.patient_status, name="patient_status"),
    path("patients/<uuid:uuid>/close/", acts.patient_close, name="patient_close"),
    path("patients/<uuid:uuid>/reopen/", acts.patient_reopen, name="patient_reopen"),
    path("scans/<uuid:uuid>/", scans.scan, name="scan"),
]
