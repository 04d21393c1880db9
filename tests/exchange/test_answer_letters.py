"""复函: prints itself once everything is reviewed, stays as it was sent, and gives nothing away to who handed the list in.

Source: issue 4, Build 6; ADR 18.
"""

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.refusals import NotHere
from accounts.scope import scope
from accounts.services.pdf import NotRendered
from exchange.models import InboundLetter, InboundList
from exchange.queries.inbound import own_list
from exchange.services import answering
from exchange.services.answering import answer_due, day_of, fetch_own_letter, letter_of, make_answer
from exchange.services.differences import accept_differences
from exchange.terms import InboundKind
from tests import factories
from tests.accounts.trail import actions
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import as_partner, client_of
from tests.exchange.inbound import answer, by_police, compared, differences, row_of, send, stranger
from tests.exchange.test_platform import HEADER, export

K = InboundKind
pytestmark = pytest.mark.django_db(transaction=True)
BAD = {"name": "丙", "id_number": "1"}


def words_of(content):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", "")


def may_be_read(row):
    """The day on which any answer goes out has come."""
    InboundList.objects.filter(pk=row.pk).update(answer_from=timezone.localdate())


def as_police(lists, row):
    with as_partner(lists["police"]):
        return fetch_own_letter(uuid=row.uuid, by=lists["police"])


def test_the_letter_prints_itself_when_the_last_difference_is_reviewed(lists):
    patient = lists["world"].patient(VILLAGE_A1, "不同乙")
    row = by_police(lists, [row_of(patient, phone="19900000099"), BAD])
    (one,) = differences(lists["county"]).values()
    assert answer_due() == 0
    answer(lists["world"].worker, one, "theirs_wrong")
    assert answer_due() == 0
    with scope(lists["office"]):
        accept_differences(row=row, chosen=[one.uuid], by=lists["office"])
    assert (answer_due(), answer_due()) == (1, 0)
    row.refresh_from_db()
    assert row.state == "answered"
    said = words_of(letter_of(row))
    for words in (
        "关于公安严重精神障碍患者名册核实情况的复函",
        lists["police_office"].name,
        "第 1 份，共 2 人",
        "第 3 行“身份证号”",
        row.fingerprint[:32],
    ):
        assert words.replace(" ", "") in said.replace(" ", "")
    assert "不同乙" not in said
    assert actions("exchange.inbound.answered") == ["exchange.inbound.answered"]


def test_it_is_kept_as_it_was_sent_and_looks_like_the_covering_letter(lists):
    row = by_police(lists, [row_of(lists["world"].patient(VILLAGE_A1, "相同甲"))])
    assert answer_due() == 1
    kept = letter_of(row)
    row.refresh_from_db()
    assert kept.startswith(b"%PDF-")
    assert make_answer(row) == kept  # the same facts, the same bytes
    letter = InboundLetter.objects.get()
    for change in (lambda: letter.delete(), lambda: letter.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_answer_goes_out_on_the_same_day_whatever_was_found(lists):
    """How soon an answer comes would say whether the one person of the list is on file."""
    of_a_stranger = compared(
        lists["civil"], lists["civil_office"], lists["county"], K.DEATHS,
        [stranger(died_on=timezone.localdate().isoformat())],
    )  # fmt: skip
    row = by_police(lists, [row_of(lists["world"].patient(VILLAGE_A1, "不同乙"), phone="19900000099")])
    assert answer_due() == 1  # nothing of the first is anybody's work
    of_a_stranger.refresh_from_db()
    assert (of_a_stranger.state, of_a_stranger.answer_from) == ("answered", row.answer_from)
    assert day_of(of_a_stranger) == row.answer_from
    with as_partner(lists["civil"]):
        assert own_list(of_a_stranger.uuid).state == "compared"
        with pytest.raises(NotHere):
            fetch_own_letter(uuid=of_a_stranger.uuid, by=lists["civil"])
    paper = letter_of(of_a_stranger)  # the county has it at once
    may_be_read(of_a_stranger)
    with as_partner(lists["civil"]):
        assert own_list(of_a_stranger.uuid).state == "answered"
        assert fetch_own_letter(uuid=of_a_stranger.uuid, by=lists["civil"]) == paper
    assert actions("exchange.inbound.letter_read") == ["exchange.inbound.letter_read"]


def test_only_the_office_that_sent_the_list_reads_its_letter(lists):
    row = by_police(lists, [row_of(lists["world"].patient(VILLAGE_A1, "相同甲"))])
    with pytest.raises(NotHere):
        as_police(lists, row)
    assert answer_due() == 1
    may_be_read(row)
    assert as_police(lists, row) == letter_of(row)
    with as_partner(lists["civil"]), pytest.raises(NotHere):
        fetch_own_letter(uuid=row.uuid, by=lists["civil"])
    with as_partner(lists["police"]), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("SELECT * FROM exchange_inboundletter")


def test_pages_lead_to_it(lists):
    row = by_police(lists, [row_of(lists["world"].patient(VILLAGE_A1, "相同甲"))])
    county, police = client_of(lists["office"]), client_of(lists["police"])
    page, own = reverse("exchange:inbound_list", args=[row.uuid]), reverse("exchange:inbound_own", args=[row.uuid])
    paper, own_paper = (reverse(f"exchange:{name}", args=[row.uuid]) for name in ("inbound_letter", "own_letter"))
    assert "系统正在做复函" in county.get(page).content.decode()
    assert county.get(paper).status_code == 404
    answer_due()
    assert paper in county.get(page).content.decode()
    answered = county.get(paper)
    assert (answered["Content-Type"], answered.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"不早于 {row.answer_from:%Y-%m-%d}" in police.get(own).content.decode()
    assert police.get(own_paper).status_code == 404
    may_be_read(row)
    assert own_paper in police.get(own).content.decode()
    assert police.get(own_paper).content == answered.content


def test_what_only_the_register_knows_is_not_said_of_a_row(lists):
    """Two rows of one person, told apart by the file: that they are one, the register knows and the agency must not."""
    patient = lists["world"].patient(VILLAGE_A1, "重名庚")
    again = {"name": patient.name, "birth_on": "1980-05-06", "sex": "男", "township": "东街道"}
    on = timezone.localdate().isoformat()
    rows = [row_of(patient, died_on=on, name="同一人"), {**again, "died_on": on}]
    row = compared(lists["civil"], lists["civil_office"], lists["county"], K.DEATHS, rows)
    assert [one["row"] for one in row.twice] == [3]
    assert row.counts["refused"] == 1
    with as_partner(lists["civil"]):
        assert own_list(row.uuid).refusals == []
    with scope(counties=[lists["county"].pk]):
        assert "第 3 行" not in words_of(make_answer_of(row))


def make_answer_of(row):
    row.answered_at = timezone.now()
    return make_answer(row)


def test_a_list_whose_differences_a_later_one_still_shows_is_answered_with_that_one(lists):
    patient = lists["world"].patient(VILLAGE_A1, "不同乙")
    wrong = row_of(patient, phone="19900000099")
    first = by_police(lists, [wrong])
    assert answer_due() == 0
    second = by_police(lists, [wrong, stranger()])
    assert answer_due() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("answered", "compared")


def test_a_platform_gets_no_letter(lists):
    export(lists, HEADER, [["外人", factories.id_number(serial=902), "", ""]])
    assert answer_due() == 0
    assert not InboundLetter.objects.exists()


def test_a_list_that_nobody_has_compared_is_not_answered(lists):
    send(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()])
    assert answer_due() == 0


def test_the_letters_day_is_the_answers_when_that_comes_late(lists):
    row = by_police(lists, [stranger()])
    row.answered_at = timezone.now() + timedelta(days=40)
    assert day_of(row) == timezone.localdate() + timedelta(days=40)


def test_a_letter_that_cannot_be_printed_leaves_the_list_waiting_and_says_so(lists, monkeypatch):
    def broken(*_):
        raise NotRendered

    row = by_police(lists, [row_of(lists["world"].patient(VILLAGE_A1, "相同甲"))])
    whole = answering.make_pdf
    monkeypatch.setattr(answering, "make_pdf", broken)
    assert answer_due() == 0
    row.refresh_from_db()
    assert (row.state, row.answered_at, InboundLetter.objects.count()) == ("compared", None, 0)
    page = client_of(lists["office"]).get(reverse("exchange:inbound_list", args=[row.uuid])).content.decode()
    assert "复函没有做成，系统会再试" in page
    monkeypatch.setattr(answering, "make_pdf", whole)
    assert answer_due() == 1
    row.refresh_from_db()
    assert (row.state, row.fault) == ("answered", "")
