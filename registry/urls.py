from django.urls import path

from registry.views import acts, clues, filing, intake, lists, notices, papers, patients, scans

app_name = "registry"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:notice>/read/", notices.notice_read, name="notice_read"),
    path("clues/", clues.clues, name="clues"),
    path("clues/new/", clues.clue_new, name="clue_new"),
    path("clues/<uuid:uuid>/", clues.clue, name="clue"),
    path("clues/<uuid:uuid>/assign/", clues.clue_assign, name="clue_assign"),
    path("clues/<uuid:uuid>/survey/", clues.clue_survey, name="clue_survey"),
    path("clues/<uuid:uuid>/send/", clues.clue_send, name="clue_send"),
    path("clues/<uuid:uuid>/outcome/", clues.clue_outcome, name="clue_outcome"),
    path("clues/<uuid:uuid>/link/", clues.clue_link, name="clue_link"),
    path("clues/<uuid:uuid>/register/", intake.clue_register, name="clue_register"),
    path("clues/<uuid:uuid>/print/", papers.clue_print, name="clue_print"),
    path("papers/<str:paper>/", papers.paper_blank, name="paper_blank"),
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
