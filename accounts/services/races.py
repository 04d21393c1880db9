"""Two people do one thing at the same moment: the second gets the sentence, never an error page."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from accounts.refusals import Refused


@contextmanager
def refusing(constraint: str, refusal: Refused) -> Iterator[None]:
    """Inside, a breach of the named constraint becomes the refusal; every other breach stays what it is.

    The block has its own savepoint, so that the transaction around it can go on (decisions A3).
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == constraint:
            raise refusal from None
        raise


def one_at_a_time(key: UUID) -> None:
    """Hold the number of a form or thread until the transaction ends: who comes second reads what the first has written.

    Must stand before the first look at what the number names.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
