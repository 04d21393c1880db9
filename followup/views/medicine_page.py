"""The one way of a form of medication: try, be refused beside the fields, or thank and go back to the tab 用药."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.refusals import Refused
from registry.models import Patient


def form_page(
    request: HttpRequest,
    *,
    patient: Patient,
    form: forms.Form,
    act: Callable[[], str],
    template: str = "followup/medicine_form.html",
    **context: Any,
) -> HttpResponse:
    """`act` says the sentence of thanks. What was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            refusal.stand_beside(form)
        else:
            messages.success(request, said)
            return redirect("followup:medicine", patient.uuid)
    return render(request, template, {"form": form, "patient": patient, **context}, status=400 if form.errors else 200)
