"""What a county may set about follow-up; the defaults are the norm's own numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class CarePolicy:
    """Units stand in the names. Source: 规范第三版 分类干预; design decisions C22–C27."""

    stable_months: int = 3
    unstable_days: int = 14
    fair_days: int = 14
    fair_check_window_days: int = 21
    fair_improving_months: int = 3
    fair_still_months: int = 1
    hospital_months: int = 3
    after_discharge_days: int = 14
    retry_days: int = 14
    lost_after_tries: int = 3
    lost_after_days: int = 30
    alert_from_level: int = 3
    alert_late_days: int = 7
    psychiatrist_confirms_days: int = 3
    worklist_days_ahead: int = 7

    @classmethod
    def of(cls, rows: Mapping[str, Any]) -> Self:
        """From a county's policy rows; keys of others are passed over, a value that is no whole number is an error."""
        return cls(**{f.name: int(rows[f.name]) for f in fields(cls) if f.name in rows})
