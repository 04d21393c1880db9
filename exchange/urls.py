from django.urls import path

from exchange.views import inbox, reviews, sent

app_name = "exchange"
urlpatterns = [
    path("alerts/", inbox.inbox, name="inbox"),
    path("alerts/new/", inbox.inbox_new, name="inbox_new"),
    path("alerts/sent/", sent.sent, name="sent"),
    path("alerts/receipts/", sent.receipts, name="receipts"),
    path("alerts/patients/<uuid:uuid>/", sent.patient_tab, name="patient_tab"),
    path("alerts/patients/<uuid:uuid>/review/", reviews.review, name="review"),
    path("alerts/<uuid:uuid>/", inbox.case, name="case"),
    path("alerts/<uuid:uuid>/acknowledge/", inbox.acknowledge_case, name="acknowledge"),
    path("alerts/<uuid:uuid>/feedback/", inbox.feedback, name="feedback"),
]
