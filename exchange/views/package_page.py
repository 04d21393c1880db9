"""交换包 as its signers see it: how many stand in each list now and the last time, which columns, how far it has got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from exchange.models import Package, PackageClosing, PackageDownload, PackageOffer
from exchange.rules.items import by_kind, header, is_empty, never_told
from exchange.rules.receipts import WITHOUT_SERIAL
from exchange.terms import DataItem, PackageState

S = PackageState


@dataclass(frozen=True)
class ListLine:
    """One list of the package; `before` None: nothing to compare with."""

    label: str
    apart: bool  # of nobody: no receipt is owed for it
    rows: int
    before: int | None
    new: int
    gone: int
    changed: int

    @property
    def words(self) -> str:
        said = (("新增", self.new), ("减少", self.gone), ("内容有变", self.changed))
        return "，".join(f"{word} {number}" for word, number in said if number) or "没有变化"


@dataclass(frozen=True)
class Step:
    title: str
    words: str
    icon: str
    state: str  # done, now or ""


@dataclass(frozen=True)
class Columns:
    """What a recipient is told, by kind; `blank`: columns that the standard prints and that stay empty."""

    told: list[tuple[str, str]]
    blank: str
    never: str


def list_lines(row: Package) -> list[ListLine]:
    """Of a correction the rows are the changes themselves: there is nothing before them."""
    compared = bool(row.counts.get("before")) and row.corrects is None
    found = []
    for part in row.template.parts:
        n = {"rows": 0, "new": 0, "gone": 0, "changed": 0} | row.counts.get(part.kind.value, {})
        before = n["rows"] - n["new"] + n["gone"] if compared else None
        found.append(
            ListLine(
                str(part.kind.label), part.kind in WITHOUT_SERIAL, n["rows"], before, n["new"], n["gone"], n["changed"]
            )
        )
    return found


def columns(row: Package) -> Columns:
    items = list(dict.fromkeys(item for part in row.template.parts for item in part.items))
    return Columns(
        told=[(words, _names(held)) for words, held in by_kind(items)],
        blank=_names([item for item in items if is_empty(item)]),
        never="、".join(never_told(items)),
    )


def _names(items: Sequence[DataItem]) -> str:
    return "、".join(dict.fromkeys(map(header, items)))


def steps(
    row: Package,
    offer: PackageOffer | None,
    downloads: Sequence[PackageDownload],
    closing: PackageClosing | None,
    *,
    pending: int | None,
) -> list[Step]:
    """What has been done and by whom, what comes next. A package that was dropped or recalled has no next step."""
    fetched = next((one for one in downloads if one.finished_at), None)
    done = (
        f"系统，{_at(row.prepared_at)}" if row.prepared_at else "",
        f"{row.first_by.display_name}，{_at(row.first_at)}" if row.first_by else "",
        f"{row.released_by.display_name}，{_at(row.released_at)}" if row.released_by else "",
        f"{fetched.by.display_name}，{_at(fetched.began_at)}" if fetched else "",
        f"已办结，{_at(closing.closed_at)}" if closing else "",
    )
    coming = (
        "等系统准备",
        "县卫生健康委或个人信息保护负责人",
        "另一个人，不能与第一人相同",
        f"{_at(offer.expires_at)} 前可下载 {offer.most} 次" if offer else "用接收单位的公钥加密",
        f"还有 {pending} 行没有回执" if pending else "接收单位逐行回复",
    )
    titles = ("准备", "第一人核对", "第二人签发", "送达", "回执")
    icons = ("file", "edit", "shield", "send", "inbox")
    ended = row.state in (S.DROPPED, S.RECALLED)
    next_one = next((at for at, words in enumerate(done) if not words), len(done))
    return [
        Step(
            title,
            done[at] or coming[at],
            "check-circle" if done[at] else icons[at],
            "done" if done[at] else "now" if at == next_one and not ended else "",
        )
        for at, title in enumerate(titles)
    ]


def fingerprint(digest: str) -> list[str]:
    """In groups of four, two lines of eight, as two people compare it by telephone."""
    groups = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    return [" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]


def _at(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def totals(lines: Sequence[ListLine], rows: int) -> dict[str, Any]:
    """Of all lists; `rows`: of the whole package. What they do not count takes people out of the recipient's lists."""
    before = [line.before for line in lines if line.before is not None]
    return {
        "rows": (told := sum(line.rows for line in lines)),
        "removing": rows - told,
        "before": sum(before) if len(before) == len(lines) else None,
        "apart": any(line.apart for line in lines),
    }
