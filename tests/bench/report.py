"""A report of twenty pages as the worker makes it, against bare WeasyPrint of the same HTML, each in a process of its own.

Ours also looks up every character in the fonts, lets the text fetch nothing but them, limits the process, and tags the
document (PDF/UA). The pages are those of the county's annual return, five times over.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Division
from accounts.scope import scope
from accounts.services.pdf import font_files, make_pdf
from accounts.services.pdf_child import family_names
from ops.embedded import PROJECT
from reports.queries.annual import annual_facts
from reports.rules.spans import year_span
from tests.bench.dashboard import commission_of
from tests.bench.database import AREA
from tests.bench.measure import Result, compare

GOAL, ROUNDS, PAGES, TIMES = 1.3, 7, 20, 5


def document() -> tuple[str, str]:
    """HTML and style sheet."""
    county, today = Division.objects.get(code=AREA, valid_to=None), timezone.localdate()
    with scope(commission_of(county)):
        facts = {**annual_facts(county, year_span(today.year - 1), today), "check_code": "ABCD-EFGH"}
    html = render_to_string("reports/print/tables.html", facts)
    begun, inside, ended = re.split(r"(?<=<body class=\"sheets\">)|(?=</body>)", html)
    return begun + inside * TIMES + ended, render_to_string("reports/print/plan_report.css", facts)


def with_faces(css: str) -> str:
    """The same fonts by the same names, for an engine that is told of them in the style sheet only."""
    faces = [
        f'@font-face {{ font-family: "{name}"; src: url("{Path(path).as_uri()}"); }}'
        for path in font_files("")
        for name in sorted(family_names(Path(path)))
    ]
    return "\n".join([*faces, css])


def bench() -> Result:
    html, css = document()
    order = json.dumps({"html": html, "css": with_faces(css)}).encode()

    def base() -> bytes:
        command = [sys.executable, "-m", "tests.bench.plain_report"]
        return subprocess.run(command, input=order, capture_output=True, check=True, cwd=PROJECT).stdout

    made = make_pdf(html, css)
    assert made.pages >= PAGES, f"{made.pages} pages"
    assert made.missing == ""
    assert base().startswith(b"%PDF-")
    facts = {"pages": made.pages, "bytes": len(made.content)}
    return compare("report", lambda: make_pdf(html, css), base, goal=GOAL, rounds=ROUNDS, warm=1, facts=facts)
