"""Login throttling in PostgreSQL on (name, address), one row each, locked while an attempt is judged."""

from datetime import timedelta

from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.models import LoginThrottle, User
from accounts.rules.throttle import Attempts, ThrottlePolicy, after_failure, is_held_back, wait_after

POLICY = ThrottlePolicy()
SPRAY_NAMES = 10  # that many names failing from one address
SPRAY_WITHIN = timedelta(minutes=15)


def locked_pair(username: str, address: str) -> LoginThrottle:
    """The pair's row, locked to the end of the transaction: parallel guesses queue up. Must stand inside atomic()."""
    pair, _ = LoginThrottle.objects.select_for_update().get_or_create(
        name=blind_index("login-name", username), address=address
    )
    return pair


def held_back(pair: LoginThrottle) -> bool:
    return is_held_back(Attempts(pair.failures, pair.last_failed_at), timezone.now(), POLICY)


def note_failure(pair: LoginThrottle, user: User | None, *, step: str) -> None:
    """Count the failure and write it down; name it a lock when a wait begins, a spray when many names fail here."""
    now = timezone.now()
    after = after_failure(Attempts(pair.failures, pair.last_failed_at), now, POLICY)
    pair.failures, pair.last_failed_at = after.failures, after.last_failed_at
    pair.save(update_fields=["failures", "last_failed_at"])
    facts = {"step": step, "failures": after.failures, "address": pair.address}
    audit.record("accounts.login.failed", user, by=None, facts=facts)
    if wait := wait_after(after.failures, POLICY):
        audit.record("accounts.login.locked", user, by=None, facts={**facts, "seconds": int(wait.total_seconds())})
    if after.failures == 1:
        _note_spray(pair.address)


def note_success(pair: LoginThrottle) -> None:
    pair.delete()


def forget_old() -> int:
    """Drop pairs that have been quiet for longer than they count."""
    return LoginThrottle.objects.filter(last_failed_at__lt=timezone.now() - 2 * POLICY.forget_after).delete()[0]


def _note_spray(address: str) -> None:
    recent = LoginThrottle.objects.filter(address=address, last_failed_at__gte=timezone.now() - SPRAY_WITHIN)
    if recent.count() == SPRAY_NAMES:
        audit.record("accounts.login.spray", None, by=None, facts={"address": address, "names": SPRAY_NAMES})
