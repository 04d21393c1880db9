"""The numbers that make a person one: ID number, temporary number, internal number."""

from contextlib import AbstractContextManager

from django.db import connection

from accounts.crypto import blind_index
from accounts.models import Division
from accounts.services.races import refusing
from registry.services.refusals import IdKnown, TooManyQuestions

ID_CONSTRAINT = "registry_patient_id_index_key"


def id_index(number: str | None) -> bytes | None:
    return blind_index("id_number", number) if number else None


def phone_index(number: str | None) -> bytes | None:
    return blind_index("phone", number) if number else None


def refuse_known(number: str) -> None:
    """One question to the whole register, counted by user and hour. Raises: IdKnown, TooManyQuestions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_is_known(%s)", [id_index(number)])
        known = cursor.fetchone()[0]
    if known is None:
        raise TooManyQuestions
    if known:
        raise IdKnown


def neutral() -> AbstractContextManager[None]:
    """Two people register one number at the same moment: the second gets the same neutral sentence."""
    return refusing(ID_CONSTRAINT, IdKnown())


def next_numbers(county: int, count: int) -> range:
    """The next internal numbers of a county; what is taken and not used stays unused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_case_numbers(%s, %s)", [county, count])
        first: int = cursor.fetchone()[0]
    return range(first, first + count)


def temporary_number(county: Division | str, number: int) -> str:
    """What stands for the ID number of a person without papers: L + county code + internal number."""
    code = county if isinstance(county, str) else county.code
    return f"L{code}{number:06d}"
