"""The product's addresses, and beside them the page written for speed alone."""

from django.urls import path

from config.urls import urlpatterns as product
from tests.bench.plain_patient import plain_patient
from tests.bench.plain_worklist import plain_worklist

urlpatterns = [
    path("bench/worklist/", plain_worklist, name="bench_worklist"),
    path("bench/patients/<uuid:uuid>/", plain_patient, name="bench_patient"),
    *product,
]
handler403 = "config.views.denied"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
