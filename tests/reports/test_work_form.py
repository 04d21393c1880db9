"""表1-13 and 表1-14 print the same numbers as the overview, for the area that the person answers for."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("paper", "title"), [("1-13", "工作季报表"), ("1-14", "工作年报表")])
def test_the_sheet_is_filled_with_the_areas_figures(world, log_in, paper, title):
    for n in range(2):
        world.patient(name=f"第{n}人")
    page = log_in(world.worker).get(reverse("reports:work_form", args=[paper])).content.decode()
    for words in (title, world.town_a.name, "0.00%（0 / 2）"):
        assert words in page
    assert "第0人" not in page


def test_another_paper_or_a_place_elsewhere_is_not_there(world, log_in):
    client = log_in(world.worker)
    assert client.get(reverse("reports:work_form", args=["1-15"])).status_code == 404
    elsewhere = f"{reverse('reports:work_form', args=['1-13'])}?area={world.town_b.code}"
    assert client.get(elsewhere).status_code == 404
