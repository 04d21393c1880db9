"""Ends a login that is idle or old, and keeps an expired password on its one page. Stands just inside sessions."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from accounts.rules.sessions import Ended, ended, needs_renewal
from accounts.services.passwords import password_has_expired
from accounts.sessions import SEEN, STARTED, moment, session_policy

ENDED = "ended"  # why the last login of this browser ended; the login page says it once
# asked by the page itself: nobody is sitting there
POLLED = frozenset({"exchange:receipts", "exchange:inbox_new", "reports:report_one"})
WITH_EXPIRED_PASSWORD = frozenset({"accounts:password", "accounts:logout"})


class SessionLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            why = self._why_over(request)
            if why:
                request.session.flush()
                request.session[ENDED] = str(why)
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "no-store")  # nothing of a person stays on a shared computer
        return answer

    def _why_over(self, request: HttpRequest) -> Ended:
        now = timezone.now()
        started, seen = moment(request.session.get(STARTED)), moment(request.session.get(SEEN))
        if started is None or seen is None:  # opened without the login page (tests): the clocks start now
            request.session[STARTED] = request.session[SEEN] = now.isoformat()
            return Ended.NOT
        return ended(started_at=started, seen_at=seen, now=now, policy=session_policy())

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        seen = moment(request.session.get(SEEN))
        if seen and name not in POLLED and needs_renewal(seen_at=seen, now=timezone.now(), policy=session_policy()):
            request.session[SEEN] = timezone.now().isoformat()
        if name not in WITH_EXPIRED_PASSWORD and password_has_expired(user):
            return redirect("accounts:password")
        return None
