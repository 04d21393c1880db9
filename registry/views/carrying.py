"""From a form that was sent to its act: the one way in which a page tries, is refused, or thanks."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.refusals import Refused


def carried_out(request: HttpRequest, form: forms.Form, act: Callable[[], object], done: str = "") -> bool:
    """True when the act is done; its sentence (`done`, or what the act says) then stands over the next page.

    A refusal stands beside the fields of the form, which is shown again.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        said = act()
    except Refused as refusal:
        refusal.stand_beside(form)
        return False
    messages.success(request, done or str(said))
    return True
