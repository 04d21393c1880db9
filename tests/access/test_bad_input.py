"""Hostile words in every parameter and every field of every form: refused or not found, never a failure, never run.

The nightly run (NIGHTLY=1) tries every word everywhere; otherwise each parameter meets two of some words, and each field
of a form one.
"""

import os
import re
from html.parser import HTMLParser

import pytest

from tests.access import matrix
from tests.access.asking import Answer, ask, path_of

WORDS = {
    "null": "甲\x00乙",
    "control": "甲\x0b\x1b乙",
    "long": "甲" * 10_000,
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://x","y")',
    "quote": "'; DROP TABLE registry_patient; --",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "huge-number": "9" * 400,
    "negative": "-1",
    "full-width": "１２３４５６７８９０１２３４５６７ｘ",
    "odd-digits": "²٣൪",
    "bad-date": "2026-02-30",
    "far-date": "9999-12-31",
    "nothing-date": "0000-00-00",
    "path": "../../etc/passwd",
    "emoji": "👩‍⚕️\u202e\ufeff",
    "empty": "",
}
REFUSED = 400
TOGETHER = 3
NIGHTLY = bool(os.environ.get("NIGHTLY"))
TRIED = (
    WORDS if NIGHTLY else {kind: WORDS[kind] for kind in ("null", "long", "markup", "huge-number", "bad-date", "path")}
)
PARAMETERS = (
    "q", "page", "area", "as_of", "sort", "turn", "all", "side", "need", "show", "village", "status", "level", "place",
    "state", "open", "next", "code", "key", "year", "month", "group", "date", "cursor", "page_size", "pack", "value",
    "since", "until", "office", "act", "number",
)  # fmt: skip
FORM_TYPE = "application/x-www-form-urlencoded"


class Fields(HTMLParser):
    """Names of everything that can be filled in, and the hidden values that go along."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in ("input", "select", "textarea") and said.get("name") not in (None, "csrfmiddlewaretoken"):
            self.names.setdefault(said["name"], said.get("value") or "")


def fields_of(page: str) -> dict[str, str]:
    found = Fields()
    found.feed(page)
    return found.names


def someone_for(address):
    return next(role for role in sorted(matrix.text()["reach"]) if address.is_open_to(role))


def relation_for(address, role):
    return matrix.text()["told"][role]["open"][0] if address.of == "alert" else "alerted"


# the beginnings of the sentences that Django has for a form; the house has its own for all of them
STOCK = re.compile(
    "确保(?:该|此|这)|确认(?:总共|小数)|选择一个有效|不在可用的选项|输入(?:一个|整数|由)|(?:该|这个)字段|不允许是用空|所提交的|提交文件|有效的UUID"
)


def stock_in(answer: Answer) -> list[str]:
    """Django's own sentences on a page; an answer to a program is not a form."""
    return [] if "Content-Type: application/json" in answer.text else STOCK.findall(answer.text)


def is_run(answer: Answer) -> bool:
    """Markup that came back as markup, or a template that was evaluated."""
    if "Content-Type: application/json" in answer.text:
        return False  # a browser shows it as text: nosniff is on every answer
    body = answer.body.decode("utf-8", "replace")
    return "<script>alert(1)" in body or "<img src=x" in body or "only-for-tests" in body


@pytest.fixture(scope="module")
def clients(world):
    return {role: world.client(role) for role in matrix.text()["reach"]}


@pytest.mark.parametrize("name", sorted(n for n, a in matrix.addresses().items() if "GET" in a.rules))
def test_hostile_parameters(name, world, clients):
    address = matrix.addresses()[name]
    role = someone_for(address)
    path = path_of(address, world, role, relation_for(address, role))
    wrong = {}
    for given in askings():
        answer = ask(clients[role], "GET", path, given)
        if answer.status >= 500 or is_run(answer):
            wrong[given["q"][:9]] = answer.status
    assert wrong == {}


def askings() -> list[dict[str, str]]:
    """Nightly every word in all parameters at once. Else two askings in which neighbours hold different words, so that
    a page which refuses the first parameter it reads still meets the others' in the second."""
    words = list(TRIED.values())
    if NIGHTLY:
        return [dict.fromkeys(PARAMETERS, word) for word in words]
    half = len(words) // 2
    return [{name: words[(turn + at) % len(words)] for at, name in enumerate(PARAMETERS)} for turn in (0, half)]


# Fields of addresses that have no page of their own to read them from.
EXTRA = {
    "registry:search": ("q",),
    "registry:reveal": ("what", "purpose"),
    "followup:missed": ("reason", "form_id"),
    "followup:visit_judge": ("visited_on", "level", "symptoms", "form_id", "root", "next_due_on", "drug_name"),
    "exchange:feedback": ("met", "met_at", "actions", "result", "note", "form_id"),
    "accounts:calendar_forget": ("day",),
    "reports:mode": ("mode",),
    "api:patients": ("name", "id_number", "residence_code", "diagnosis", "opened_on", "diagnosed_on", "phone"),
    "api:patient": ("version", "name", "phone", "opened_on"),
    "api:patient_visits": ("form_id", "visited_on", "form", "seen", "level", "symptoms", "drugs"),
    "api:visit": ("version", "visited_on", "level", "seen", "symptoms", "drugs"),
    "api:alert_feedback": ("form_id", "met", "met_at", "actions", "result", "note"),
}


def is_asked_field_by_field(name: str) -> bool:
    return name not in EXTRA and {"GET", "POST"} <= set(matrix.addresses()[name].rules) and not NIGHTLY


@pytest.mark.parametrize(
    "name",
    sorted(
        n for n, a in matrix.addresses().items() if {"POST", "PATCH"} & set(a.rules) and not is_asked_field_by_field(n)
    ),
)
def test_hostile_fields(name, world, clients):
    """Each word stands in every field at once. A page with its form is asked field by field, below."""
    address = matrix.addresses()[name]
    role = someone_for(address)
    path = path_of(address, world, role, relation_for(address, role))
    method = "PATCH" if "PATCH" in address.rules else "POST"
    known = fields_of(ask(clients[role], "GET", path).text) if "GET" in address.rules else {}
    known |= dict.fromkeys(re.findall(r"[a-z_]+", " ".join(EXTRA.get(name, ()))), "")
    wrong = {}
    for kind, word in TRIED.items():
        answer = ask(clients[role], method, path, dict.fromkeys(known, word) or {"nothing": word})
        if answer.status >= 500 or is_run(answer):
            wrong[kind] = answer.status
        if stock := stock_in(answer):
            wrong[kind] = stock
    assert wrong == {}


def postings(fields, together):
    """field -> kind of word, for each posting: every field once; in the nightly run each alone, with every word.

    Where the form as the page offers it is refused, no act follows whatever one field says: there `together` fields
    meet their words in one posting, each checked on its own and shown again. Neighbours, which rules compare, stand
    in different ones.
    """
    kinds = list(WORDS)
    if NIGHTLY:
        return [{field: kind} for field in fields for kind in kinds]
    given = [(field, kinds[turn % len(kinds)]) for turn, field in enumerate(fields)]
    number = -(-len(given) // together)
    return [dict(given[turn::number]) for turn in range(number)]


@pytest.mark.parametrize("together", [1, TOGETHER])
def test_every_field_meets_a_word(together):
    fields = [f"f{number:02d}" for number in range(50)]
    made = postings(fields, together)
    assert {field for hostile in made for field in hostile} == set(fields)
    assert NIGHTLY or max(map(len, made)) == together
    assert NIGHTLY or {kind for hostile in made for kind in hostile.values()} == set(WORDS)


@pytest.mark.parametrize(
    "name", sorted(n for n, a in matrix.addresses().items() if "GET" in a.rules and "POST" in a.rules)
)
def test_one_hostile_field_among_the_usual(name, world, clients):
    """The rest of the form as the page offers it: the word reaches the rules behind the first checks."""
    address = matrix.addresses()[name]
    role = someone_for(address)
    path = path_of(address, world, role, relation_for(address, role))
    page = ask(clients[role], "GET", path)
    known = fields_of(page.text)
    usual = ask(clients[role], "POST", path, known)
    wrong = []
    for hostile in postings(sorted(known), together=1 if usual.status != REFUSED else TOGETHER):
        answer = ask(clients[role], "POST", path, {**known, **{field: WORDS[kind] for field, kind in hostile.items()}})
        if answer.status >= 500 or is_run(answer):
            wrong.append(f"{hostile} {answer.status}")
        if stock := stock_in(answer):
            wrong.append(f"{hostile} {stock}")
    assert wrong == []


OPTIONAL_YET_ASKED = re.compile(
    r'class="field[^"]*has-error[^"]*"(?:(?!class="field).)*?<(?:label|legend)[^>]*>([^<]*)<span class="optional">',
    re.DOTALL,
)


QUIET_YET_ASKED = re.compile(r'class="field[^"]*has-error[^"]*"[^>]*>\s*<(?:label|legend)[^>]*>([^<]*)<')


@pytest.mark.parametrize(
    "name", sorted(n for n, a in matrix.addresses().items() if "GET" in a.rules and "POST" in a.rules)
)
def test_what_may_stay_empty_is_not_asked_for(name, world, clients):
    """A field marked 可不填 is not refused for being empty, whatever else is missing beside it."""
    address = matrix.addresses()[name]
    role = someone_for(address)
    path = path_of(address, world, role, relation_for(address, role))
    page = ask(clients[role], "GET", path).text
    known = fields_of(page)
    acts = [{}, *({field: value} for field, value in re.findall(r'<button[^>]* name="(\w+)" value="(\w+)"', page))]
    emptied = dict.fromkeys(known, "")
    answers = [ask(clients[role], "POST", path, sent | act) for sent in (emptied, known) for act in acts]
    asked = {label.strip() for answer in answers for label in OPTIONAL_YET_ASKED.findall(answer.text)}
    panels = [panel for answer in answers for panel in answer.text.split('<section class="panel">')]
    asked |= {title for panel in panels if "没有的不填" in panel for title in QUIET_YET_ASKED.findall(panel)}
    assert asked == set()


@pytest.mark.parametrize("name", sorted(n for n in matrix.addresses() if n.startswith("api:")))
@pytest.mark.parametrize("body", ["", "[]", "null", "3", '"x"', "{", '{"a": NaN}', '{"form_id": {"x": []}}', "\x00"])
def test_a_program_that_sends_nonsense(name, body, world, clients):
    address = matrix.addresses()[name]
    role = someone_for(address)
    path = path_of(address, world, role, relation_for(address, role))
    for method in set(address.rules) - {"GET"}:
        answer = Answer.of(getattr(clients[role], method.lower())(path, data=body, content_type="application/json"))
        assert answer.status in (400, 404, 200), (method, body)
        assert answer.status != 200 or name == "api:alert_acknowledge"
