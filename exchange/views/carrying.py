"""From a form that was sent to its act: tried, refused beside its fields, or thanked for on the next page."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from accounts.refusals import Refused


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where nothing was filled in."""
    return request.POST if request.method == "POST" else None


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
