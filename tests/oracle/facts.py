"""What the calculator knows about a county: people, their records, and how many live where."""

from dataclasses import dataclass, field
from datetime import date

OFF, ON = "off the register", "on the register"


@dataclass
class Record:
    """One follow-up record as it stands now (the newest version of it)."""

    visited_on: date
    form: str  # 1 门诊, 2 家庭访视, 3 电话
    seen: frozenset[str]  # 1 本人, 2 家属监护人, 3 其他知情人
    level: int | None
    adherence: int | None  # 1 规律, 2 间断, 3 不用药, 4 医嘱勿需用药
    in_hospital: bool
    stability: int | None  # 1 不稳定, 2 基本稳定, 3 稳定
    incidents: int  # 肇事 + 肇祸
    entered: int  # counts up with every record entered; a correction keeps the number of what it corrects

    @property
    def is_complete(self) -> bool:
        return self.level is not None or self.in_hospital


@dataclass
class Person:
    """One person with every dated fact. A list of (from, value) holds until its next entry."""

    key: str
    born_on: date | None
    opened_on: date
    townships: list[tuple[date, str]]
    diagnoses: list[tuple[date, str]]
    endings: list[tuple[date, str]] = field(
        default_factory=list
    )  # OFF: death, accepted move, exclusion; ON: taken back
    records: list[Record] = field(default_factory=list)
    free_second: list[date] = field(default_factory=list)  # second-generation medicine handed out free
    exams: list[date] = field(default_factory=list)  # yearly examinations done
    shots: list[tuple[date, int]] = field(default_factory=list)  # long-acting injections with their interval in days
    guardianships: list[tuple[date, str]] = field(default_factory=list)
    stays: list[tuple[date, date]] = field(default_factory=list)  # in hospital: first and last day
    events: list[date] = field(default_factory=list)  # confirmed incidents of 肇事 or 肇祸
    acts: list[int] = field(default_factory=list)  # of each of them, how many acts it names; one where nothing is said
    plans: list[date] = field(default_factory=list)  # starts of 一人一方案; none of them has ended

    def is_registered(self, day: date) -> bool:
        begun = [value for start, value in sorted(self.endings) if start <= day]
        return self.opened_on <= day and (not begun or begun[-1] == ON)

    def closed_on(self) -> date | None:
        """The first day without a file, as things stand now."""
        end = None
        for start, value in sorted(self.endings):
            end = (end or start) if value == OFF else None
        return end

    def township(self, day: date) -> str:
        return _holding(self.townships, day)

    def diagnosis(self, day: date) -> str:
        return _holding(self.diagnoses, day)

    def complete_records(self) -> list[Record]:
        """Oldest first; of one day, the one entered later comes last."""
        return sorted((r for r in self.records if r.is_complete), key=lambda r: (r.visited_on, r.entered))


@dataclass
class Post:
    """One 精防 post: from its first day up to, without, its last. Units: per cent of a full-time post."""

    township: str
    since: date
    share: int
    until: date | None = None

    def held(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def _holding(history: list[tuple[date, str]], day: date) -> str:
    in_order = sorted(history)
    value = in_order[0][1]
    for start, later in in_order:
        if start <= day:
            value = later
    return value


@dataclass
class Register:
    people: dict[str, Person] = field(default_factory=dict)
    population: dict[tuple[str, int], int] = field(default_factory=dict)  # (township code, year) -> residents
    posts: list["Post"] = field(default_factory=list)
    entered: int = 0

    def next_entry(self) -> int:
        self.entered += 1
        return self.entered
