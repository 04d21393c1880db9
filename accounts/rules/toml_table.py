"""One TOML table under reading: what each key should hold, and a sentence for everything that it does not."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
YEARS = range(2000, 2101)


class FileRefused(Exception):
    """The file cannot be used. One sentence per fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Table:
    """One TOML table under reading. Every fault is noted with its place; reading goes on with a harmless value."""

    def __init__(self, content: Mapping[str, Any], place: str, problems: list[str]) -> None:
        self.content, self.place, self.problems = content, place, problems
        self.read: set[str] = set()

    def fault(self, key: str, meaning: str, said: str) -> None:
        self.problems.append(f"{self.place}{key}（{meaning}）：{said}")

    def value(self, key: str, meaning: str, kind: type | tuple[type, ...], wanted: str, default: Any = None) -> Any:
        self.read.add(key)
        if key not in self.content:
            if default is None:
                self.fault(key, meaning, f"没有写。请写{wanted}。")
            return default
        found = self.content[key]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.fault(key, meaning, f"写的是 {found!r}，应当是{wanted}。")
            return default
        return found

    def text(self, key: str, meaning: str, default: str | None = None) -> str:
        found = self.value(key, meaning, str, "一段文字", default)
        if found is not None and not found.strip() and default is None:
            self.fault(key, meaning, "是空的。请写一段文字。")
        return found or ""

    def texts(self, key: str, meaning: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self.value(key, meaning, list, '一组文字，例如 ["县卫生健康委"]', default)
        if found is None or found == default:
            return default or ()
        if not found or not all(isinstance(part, str) and part.strip() for part in found):
            self.fault(key, meaning, "里面有空的或不是文字的一项。")
            return ()
        return tuple(found)

    def year(self, key: str, meaning: str) -> int:
        found = self.value(key, meaning, int, "四位年份，例如 2025")
        if found is not None and found not in YEARS:
            self.fault(key, meaning, f"写的是 {found}，不是可用的年份（2000—2100）。")
        return int(found or YEARS.start)

    def number(self, key: str, meaning: str, *, needed: bool = True) -> Decimal | None:
        if not needed and key not in self.content:
            self.read.add(key)
            return None
        found = self.value(key, meaning, (int, Decimal), "一个数，例如 95 或 4.9")
        return Decimal(found) if found is not None else None

    def day(self, key: str, meaning: str) -> date:
        found: date | None = self.value(key, meaning, date, "日期，例如 2024-08-13")
        return found or date(YEARS.start, 1, 1)

    def flag(self, key: str, meaning: str) -> bool:
        return bool(self.value(key, meaning, bool, "true 或 false", default=False))

    def choice(self, key: str, meaning: str, choices: type[Choice]) -> Choice:
        found = self.value(key, meaning, str, "下列之一：" + "、".join(choices))
        if found is not None and found not in set(choices):
            self.fault(key, meaning, f"写的是“{found}”，只能是下列之一：" + "、".join(choices) + "。")
        return choices(found) if found in set(choices) else next(iter(choices))

    def tables(self, key: str, meaning: str) -> list["Table"]:
        found = self.value(key, meaning, list, "一个或几个表")
        if found is not None and not found:
            self.fault(key, meaning, "一项也没有。")
        inner = [entry for entry in found or [] if isinstance(entry, dict)]
        places = [f"{self.place}{key}[{index}]." for index in range(1, len(inner) + 1)]
        return [Table(entry, place, self.problems) for entry, place in zip(inner, places, strict=True)]

    def finish(self) -> None:
        """A key that nobody reads is a slip of the pen, not a comment."""
        for key in self.content.keys() - self.read:
            self.problems.append(f"{self.place}{key}：不认识这一项。请检查有没有写错字。")
