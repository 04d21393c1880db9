"""A visit on paper is the paper form: one A4 page, without the bars of the screen."""

from io import BytesIO

from pypdf import PdfReader

from tests.browser.pages import WORKER, at

A4 = (595, 842)


def test_a_visit_prints_on_one_page_of_a4(enter, county):
    page = enter(county.person(WORKER))
    page.goto(at("followup:visit_print", visit="visit")(county))
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = sheets[0].extract_text()
    assert [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets] == [A4]
    assert "严重精神障碍患者随访服务记录表" in text
    assert not any(words in text for words in ("今日工作", "找患者", "Ctrl+P"))
