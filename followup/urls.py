from django.urls import path

from followup.views import care, drafts, emergencies, incidents, plans, reading, visits, windows, worklist

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
    path("followup/patients/<uuid:patient>/care/", care.care, name="care"),
    path("followup/patients/<uuid:patient>/incidents/new/", incidents.incident_new, name="incident_new"),
    path("followup/incidents/<uuid:incident>/", incidents.incident, name="incident"),
    path("followup/incidents/<uuid:incident>/edit/", incidents.incident_edit, name="incident_edit"),
    path("followup/incidents/<uuid:incident>/confirm/", incidents.incident_confirm, name="incident_confirm"),
    path("followup/incidents/<uuid:incident>/close/", incidents.incident_close, name="incident_close"),
    path("followup/incidents/<uuid:incident>/dismiss/", incidents.incident_dismiss, name="incident_dismiss"),
    path("followup/patients/<uuid:patient>/emergencies/new/", emergencies.emergency_new, name="emergency_new"),
    path("followup/emergencies/<uuid:emergency>/", emergencies.emergency, name="emergency"),
    path("followup/emergencies/<uuid:emergency>/check/", emergencies.emergency_check, name="emergency_check"),
    path("followup/emergencies/<uuid:emergency>/cancel/", emergencies.emergency_cancel, name="emergency_cancel"),
    path("followup/emergencies/<uuid:emergency>/print/", emergencies.emergency_print, name="emergency_print"),
    path("followup/patients/<uuid:patient>/plan/new/", plans.plan_new, name="plan_new"),
    path("followup/patients/<uuid:patient>/case-plan/new/", plans.case_new, name="case_new"),
    path("followup/patients/<uuid:patient>/team/", plans.team, name="team"),
    path("followup/plans/<uuid:plan>/", plans.plan, name="plan"),
    path("followup/plans/<uuid:plan>/revise/", plans.plan_revise, name="plan_revise"),
    path("followup/plans/<uuid:plan>/end/", plans.plan_end, name="plan_end"),
    path("followup/case-management/missing/", plans.case_missing, name="case_missing"),
    path("followup/windows/", windows.missed_list, name="windows"),
    path("followup/patients/<uuid:patient>/off-list/", windows.off_list, name="off_list"),
    path("followup/patients/<uuid:patient>/loss/", windows.loss, name="loss"),
]
