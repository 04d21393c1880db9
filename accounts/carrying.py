"""From a form or a button to its act: tried, refused beside the fields or in words, or thanked for on the next page."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from accounts.refusals import Refused, StepUpNeeded

Done = TypeVar("Done")


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where nothing was filled in."""
    return request.POST if request.method == "POST" else None


def carried_out(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], done: str | Callable[[Any], str] = str
) -> bool:
    """True when the act is done; `done`, or what it makes of what the act gave, then stands over the next page.

    A refusal stands beside the fields of the form, which is shown again.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        given = act()
    except StepUpNeeded:
        raise  # no word beside a field helps: the way leads to the step-up, or the page shows it
    except Refused as refusal:
        refusal.stand_beside(form)
        return False
    messages.success(request, done if isinstance(done, str) else done(given))
    return True


def pressed(request: HttpRequest, act: Callable[[], Done], said: str | Callable[[Done], str]) -> Done | None:
    """What the act gave; None where it was refused, which the next page says. Whose door is shut still meets the door."""
    try:
        done = act()
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        messages.error(request, refusal.message)
        return None
    messages.success(request, said if isinstance(said, str) else said(done))
    return done
