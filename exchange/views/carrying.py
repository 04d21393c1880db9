"""From a form that was sent to its act: tried, refused beside its fields, or thanked for on the next page."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.refusals import Refused


def carried_out(request: HttpRequest, form: forms.Form, act: Callable[[], object], done: str) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        refusal.stand_beside(form)
        return False
    messages.success(request, done)
    return True
