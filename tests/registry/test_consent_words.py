"""A signature that does not exist is never claimed: what a paper's own field says is said as that."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from registry.models import Consent
from registry.queries.consents import consent_on
from registry.queries.head import patient_head
from registry.rules.consent import chip_words
from registry.services.cards import accept_new
from registry.services.consents import sign_consent
from registry.terms import ConsentPath
from registry.views.printed import consent_rows
from registry.views.report_cards import first_of
from tests.registry.hospital import accepted, hospital_of, sent_card


@pytest.mark.parametrize(("way", "is_unsigned", "words"), [
    (ConsentPath.AGREED, False, "已同意参加管理"),
    (ConsentPath.AGREED, True, "登记写明同意，知情同意书未存"),
    (ConsentPath.REFUSED, True, "不同意参加管理"),
    (ConsentPath.INFORMED, False, "已告知，依法纳入管理"),
])  # fmt: skip
def test_the_chip_says_a_signature_only_where_there_is_one(way, is_unsigned, words):
    assert chip_words(way, is_unsigned=is_unsigned) == words


def chip_of(patient, user):
    (words,) = [
        c.text for c in patient_head(patient, user, timezone.localdate()).chips if "同意" in c.text or "告知" in c.text
    ]
    return words


def opinion_printed(patient):
    """Which boxes of 表1-5 come ticked."""
    opinion = consent_rows(consent_on(patient, timezone.localdate()))[0]
    return tuple(words for _code, words, yes in opinion.options if yes)


@pytest.mark.django_db
def test_a_card_that_says_agreed_makes_no_signature(world, log_in):
    card = sent_card(hospital_of(world))
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        assert chip_of(person, world.worker) == "登记写明同意，知情同意书未存"
        assert opinion_printed(person) == ()
    client = log_in(world.worker)
    assert "没有签字记录" in client.get(reverse("registry:patient_papers", args=[person.uuid])).content.decode()
    assert "没有签字记录" in client.get(reverse("registry:patient", args=[person.uuid])).content.decode()
    with scope(world.worker):
        sign_consent(
            patient=person, path=ConsentPath.AGREED, on=timezone.localdate(), signer="patient", by=world.worker,
            relation="", reason="", doctor="",
        )  # fmt: skip
        assert chip_of(person, world.worker) == "已同意参加管理"
        assert opinion_printed(person) == ("同意参加管理",)


@pytest.mark.django_db
def test_a_card_of_article_30_brings_no_consent_that_it_does_not_say(world, log_in):
    """Such a person is informed, not asked: an empty field of the card stays empty, and the page says what to do."""
    card = sent_card(hospital_of(world), report_type="1", consent=None, consent_on=None)
    assert first_of(card).keys().isdisjoint({"consent", "consent_on"})
    page = log_in(world.worker).get(reverse("registry:card_accept", args=[card.uuid])).content.decode()
    assert "不用签字同意" in page
    with scope(world.worker):
        person = accept_new(card=card, facts=accepted(card), by=world.worker)
        assert not Consent.objects.filter(patient=person).exists()
        assert chip_of(person, world.worker) == "没有知情同意记录"
