from django.urls import path

from followup.views import drafts, reading, visits, worklist

app_name = "followup"
urlpatterns = [
    path("work/", worklist.worklist, name="worklist"),
    path("followup/patients/<uuid:patient>/missed/", worklist.missed, name="missed"),
    path("followup/patients/<uuid:patient>/visits/", reading.patient_tab, name="patient_tab"),
    path("followup/patients/<uuid:patient>/visits/new/", visits.visit_new, name="visit_new"),
    path("followup/patients/<uuid:patient>/visits/judge/", visits.visit_judge, name="visit_judge"),
    path("followup/patients/<uuid:patient>/draft/", drafts.draft_keep, name="draft_keep"),
    path("followup/patients/<uuid:patient>/draft/drop/", drafts.draft_drop, name="draft_drop"),
    path("followup/visits/<uuid:visit>/", reading.visit, name="visit"),
    path("followup/visits/<uuid:visit>/correct/", visits.visit_correct, name="visit_correct"),
    path("followup/visits/<uuid:visit>/print/", reading.visit_print, name="visit_print"),
]
