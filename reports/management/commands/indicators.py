import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Division
from accounts.queries.places import division
from accounts.scope import system_scope
from reports.queries.answer import answer
from reports.queries.figures import Figures, figures_of
from reports.queries.packs import pack
from reports.queries.plan_table import plan_rows
from reports.rules.cut import Cut
from reports.rules.indicators import COMPUTED, DEFINED, name_of
from reports.rules.pack import Pack
from reports.rules.pack_reading import PackRefused
from reports.rules.rates import NONE, printed, thousands


class Command(BaseCommand):
    help = "某地区到某一天的指标：分子、分母、率；可按乡镇（街道）列出，可对照计划的目标。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", required=True, help="区划代码，任何层级")
        parser.add_argument("--as-of", required=True, help="截止日期 YYYY-MM-DD（含当日）")
        parser.add_argument("--by", choices=["township"], help="同时按乡镇（街道）列出")
        parser.add_argument("--plan", help="计划编号，例如 youyang-2023")
        parser.add_argument("--format", choices=["json", "table"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        area, day = _area(options["area"]), _day(options["as_of"])
        plan = _pack(options["plan"]) if options["plan"] else None
        with system_scope():
            figures, towns = figures_of(area, Cut(day, timezone.localdate()), COMPUTED)
            by_township = bool(options["by"])
            if options["format"] == "json":
                self.stdout.write(json.dumps(answer(figures, towns, plan, by_township=by_township), ensure_ascii=False))
                return
            for line in _table(figures, towns, plan, by_township=by_township):
                self.stdout.write(line)


def _area(code: str) -> Division:
    try:
        return division(code)
    except Division.DoesNotExist as error:
        raise CommandError(f"没有区划代码 {code}。请检查代码，或先运行 load_divisions。") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"截止日期“{text}”不是日期，请写成 YYYY-MM-DD。") from error


def _pack(pack_id: str) -> Pack:
    try:
        return pack(pack_id)
    except PackRefused as error:
        raise CommandError("\n".join(error.problems)) from error


def _table(figures: Figures, towns: dict[str, Figures], plan: Pack | None, *, by_township: bool) -> list[str]:
    lines = [f"{figures.area.name}（{figures.area.code}） 截至 {figures.cut.as_of}（含当日）", *_codes(figures)]
    for inside in towns.values() if by_township else ():
        lines += ["", f"{inside.area.name}（{inside.area.code}）", *_codes(inside)]
    if plan:
        lines += ["", f"{plan.title} {plan.document_number}"]
        for row in plan_rows(plan, figures, towns):
            words = [
                f"{row.row.number:>2}",
                row.row.name,
                row.value_text,
                f"目标 {row.target_text}",
                row.standing.label,
            ]
            lines.append("  ".join([*words, *filter(None, [row.gap_text, row.note])]))
    return lines


def _codes(figures: Figures) -> list[str]:
    lines = []
    for code in DEFINED:
        figure = figures[code]
        if figure.numerator is None:
            said = "暂无数据"
        elif not figure.unit.is_fraction:
            said = thousands(figure.numerator)
        else:
            whole = NONE if figure.denominator is None else thousands(figure.denominator)
            said = f"{printed(figure.rate, figure.unit)}  {thousands(figure.numerator)} / {whole}"
        lines.append(f"  {code:<26}{said:<28}{name_of(code)}")
    return lines
