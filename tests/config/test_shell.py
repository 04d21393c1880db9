"""The frame of every page, the way home and the pages for what went wrong."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import RequestFactory

from config import views
from config.context import shell

ERRORS = ("400", "403", "403_csrf", "404", "405", "409", "429", "500", "503")


def _request(user):
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = None
    return request


def test_shell_adds_no_query_to_what_the_middleware_loaded(world, django_assert_num_queries):
    from accounts.reach import standing

    user = world.worker
    standing(user)  # the middleware's own work
    with django_assert_num_queries(0):
        facts = shell(_request(user))
    assert (facts["me"].name, facts["me"].place) == ("镇街精防人员东街道", "东街道")


def test_a_partner_sees_the_partners_name_and_no_search(world):
    facts = shell(_request(world.police))
    assert (facts["brand"], facts["can_search"]) == ("精神卫生预警", False)
    assert [link.label for link in facts["menus"].places] == ["预警", "线索", "收到告知", "协同随访"]


def test_nobody_gets_the_frame_without_a_person(world):
    assert set(shell(_request(AnonymousUser()))) == {"brand", "request_number", "footnote"}


def test_home_leads_a_stranger_to_the_login(client, db):
    assert client.get("/").url == "/login/"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_what_to_do_whom_to_call_and_its_number(name):
    page = render_to_string(f"{name}.html", {"request_number": "3f9a12bc77de"})
    assert "3f9a12bc77de" in page
    assert "本单位管理员" in page
    assert 'href="/"' in page
    assert not any(word in page for word in ("系统错误", "！", "Error", "Exception"))


def test_not_found_tells_nothing_about_what_was_asked(client, db):
    first, second = client.get("/patients/6f1d6a4e-0000-4000-8000-000000000001/x/"), client.get("/nichts/?q=冉启华")
    strip = lambda answer: [line for line in answer.content.decode().splitlines() if "编号" not in line]  # noqa: E731
    assert (first.status_code, second.status_code) == (404, 404)
    assert strip(first) == strip(second)


def test_failed_needs_neither_database_nor_context(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = views.failed(RequestFactory().get("/"))
    assert (answer.status_code, "不是您填错了" in answer.content.decode()) == (500, True)


def test_a_database_that_is_away_is_said_to_come_back(rf):
    try:
        raise OperationalError("the connection is closed")
    except OperationalError:
        answer = views.failed(rf.get("/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "系统正在维护" in answer.content.decode()


def test_a_wrong_method_gets_a_page_and_not_a_blank(world, log_in):
    answer = log_in(world.worker).get("/logout/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "请返回上一页，用页面上的按钮办理" in answer.content.decode()
