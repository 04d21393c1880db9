"""A statement planned once a connection answers what the plain one answers, after a rollback and on a new connection."""

from datetime import date

import pytest
from django.db import connection, transaction

from accounts.queries.statements import Planned

pytestmark = pytest.mark.django_db

BY_NAME = Planned(
    "test_by_name", "SELECT %(day)s::date, n, %(day)s::date + n FROM unnest(%(numbers)s::int[]) AS t (n) ORDER BY n"
)
BY_PLACE = Planned("test_by_place", "SELECT * FROM unnest(%s::int[], %s::varchar[]) AS t (n, word) ORDER BY n")


def answer(statement, values):
    with connection.cursor() as cursor:
        statement.execute(cursor, values)
        return cursor.fetchall()


def test_a_name_that_stands_twice_is_one_value():
    day = date(2026, 11, 30)
    found = answer(BY_NAME, {"numbers": [2, 1], "day": day, "unused": "x"})
    assert found == [(day, 1, date(2026, 12, 1)), (day, 2, date(2026, 12, 2))]


def test_values_by_place_with_nothing_among_them():
    assert answer(BY_PLACE, [[1, 2], [None, "甲'%s"]]) == [(1, None), (2, "甲'%s")]
    assert answer(BY_PLACE, [[], []]) == []


def test_it_is_known_after_the_transaction_was_undone():
    with transaction.atomic():
        answer(BY_PLACE, [[1], ["甲"]])
        transaction.set_rollback(True)
    assert answer(BY_PLACE, [[1], ["甲"]]) == [(1, "甲")]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_knows_nothing_and_learns_it():
    assert answer(BY_PLACE, [[1], ["甲"]]) == [(1, "甲")]
    connection.close()
    with transaction.atomic():
        assert answer(BY_PLACE, [[2], ["乙"]]) == [(2, "乙")]
