from django.urls import path

from subsidy.views import agreements, schemes, tab

app_name = "subsidy"
urlpatterns = [
    path("subsidy/patients/<uuid:patient>/", tab.patient_tab, name="patient_tab"),
    path("subsidy/patients/<uuid:patient>/agreement/", agreements.agreement_new, name="agreement_new"),
    path("subsidy/agreements/<uuid:agreement>/end/", agreements.agreement_end, name="agreement_end"),
    path("subsidy/agreements/<uuid:agreement>/duty/", agreements.duty_new, name="duty_new"),
    path("subsidy/schemes/", schemes.schemes, name="schemes"),
    path("subsidy/schemes/<uuid:scheme>/stop/", schemes.scheme_stop, name="scheme_stop"),
]
