"""Row history by triggers that the application's role can neither forge nor switch off.

pghistory's stock triggers run with the caller's rights, can be muted by a session setting, and (at statement level)
write a shared context table. Ours are SECURITY DEFINER, have no mute, and take their context from the settings that
`accounts.scope` puts into the transaction. Encrypted columns never enter the history: an event says that they changed.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from pghistory import models as history_models
from pghistory import trigger
from pgtrigger import compiler

from accounts.models.fields import EncryptedField

M = TypeVar("M", bound=type[models.Model])
PLACE = ("duty_township", "duty_county")


class DefinerSql(compiler.UpsertTriggerSql):
    """The stock template without its mute, as SECURITY DEFINER."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                {declare} BEGIN {func} END;
            $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE PROCEDURE {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class DefinerEvent(trigger.Event):
    def compile(self, model: Any) -> compiler.Trigger:
        plain = super().compile(model)
        return compiler.Trigger(name=plain.name, sql=DefinerSql(**plain.sql.kwargs))

    def get_func(self, model: Any) -> Any:
        func = super().get_func(model)
        if self.level == pgtrigger.Statement:
            without = func.func.replace(
                "WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) ", ""
            ).replace(", _pgh_attached_context;", ";")
            func = pgtrigger.Func(without)
        return func


class _Definer:
    def add_event_trigger(self, event_model: Any) -> None:
        made = DefinerEvent(
            event_model=event_model,
            label=self.label,  # type: ignore[attr-defined]
            name=self.trigger_name,  # type: ignore[attr-defined]
            row=self.row,  # type: ignore[attr-defined]
            operation=self.operation,  # type: ignore[attr-defined]
            condition=self.condition,  # type: ignore[attr-defined]
            level=self.level,  # type: ignore[attr-defined]
        )
        pgtrigger.register(made)(event_model.pgh_tracked_model)


class InsertEvent(_Definer, pghistory.InsertEvent):
    pass


class UpdateEvent(_Definer, pghistory.UpdateEvent):
    pass


class DeleteEvent(_Definer, pghistory.DeleteEvent):
    pass


class HistoryEvent(history_models.Event):
    """Base of every event table: the stock key is 32 bits wide, ten years of a province are not."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(
    *, exclude: Iterable[str] = (), changed_by_index: dict[str, str] | None = None, bulk: bool = False
) -> Callable[[M], M]:
    """Keep the history of a model.

    `exclude`: columns whose change is no event (carried copies). Encrypted columns and the place of duty are always
    left out. `changed_by_index` = {"id_number": "id_index"}: an event "id_number_changed" is written when the blind
    index changes, without any value. `bulk`: statement-level triggers, for tables that imports fill.
    """

    def track(model: M) -> M:
        indexes = changed_by_index or {}
        fields = model._meta.local_fields  # relations are not known yet while the class is being made
        names = {field.name for field in fields}
        sealed = {field.name for field in fields if isinstance(field, EncryptedField)}
        hidden = sorted((set(exclude) | sealed | set(PLACE) | set(indexes.values())) & names)
        level = pgtrigger.Statement if bulk else pgtrigger.Row
        changes = [
            UpdateEvent(f"{name}_changed", condition=pgtrigger.AnyChange(index), level=level)
            for name, index in indexes.items()
        ]
        pghistory.track(
            InsertEvent(level=level),
            UpdateEvent(level=level),
            DeleteEvent(level=level),
            *changes,
            exclude=hidden,
            base_model=HistoryEvent,
        )(model)
        return model

    return track
