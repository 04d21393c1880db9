"""Encrypted columns. The value is sealed in pre_save and opened on first reading of the attribute."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from accounts import crypto


class _Sealed(bytes):
    """Bytes as they stand in the database, not yet opened."""


class _Opening:
    """Descriptor: reading opens the value, writing keeps the plain one."""

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:  # deferred
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Sealed):
            value = self.field.open(value, instance)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.BinaryField):
    """Base: `label` is fixed ("table.column") because it is part of what is authenticated; renaming must not change it."""

    descriptor_class = _Opening

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        self.label = label
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["label"] = self.label
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[Any]:
        from django.core.checks import Error

        found = list(super().check(**kwargs))
        if not self.label:
            found.append(Error(f"{self} needs a fixed label", obj=self, id="accounts.E001"))
        return found

    # plain <-> bytes, by the kinds below
    def dump(self, value: Any) -> bytes:
        raise NotImplementedError

    def load(self, plain: bytes) -> Any:
        raise NotImplementedError

    def seal(self, value: Any, uuid: UUID) -> bytes | None:
        return None if value is None else crypto.seal(self.dump(value), label=self.label, uuid=uuid)

    def open(self, sealed: bytes, instance: models.Model) -> Any:
        return self.load(crypto.unseal(bytes(sealed), label=self.label, uuid=instance.uuid))  # type: ignore[attr-defined]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else _Sealed(bytes(value))

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = instance.__dict__.get(self.attname)
        if value is None:
            return None
        if isinstance(value, _Sealed):
            value = self.open(value, instance)  # re-saved: sealed anew, with the newest key
        return _Sealed(self.seal(value, instance.uuid) or b"")  # type: ignore[attr-defined]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, _Sealed):
            raise ImproperlyConfigured(
                f"{self.model.__name__}.{self.name} is encrypted: use save() or bulk_create(), "
                "not update(), bulk_update() or filter()"
            )
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise ImproperlyConfigured(f"{self.name} is encrypted: search by its blind index")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        return ""  # never in a dump in clear


class EncryptedTextField(EncryptedField):
    def dump(self, value: Any) -> bytes:
        return str(value).encode()

    def load(self, plain: bytes) -> str:
        return plain.decode()


class _Words(_Opening):
    """No words are "" to who reads, as in a text column."""

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        value = super().__get__(instance, owner)
        return "" if value is None else value


class SealedWordsField(EncryptedTextField):
    """Free text about a person that may be left out: sealed when there is any, nothing is kept when there is none."""

    descriptor_class = _Words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["null"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("null", None)
        return name, path, args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        return None if instance.__dict__.get(self.attname) == "" else super().pre_save(instance, add)


class SealedBytesField(EncryptedField):
    """A whole file; a list must defer it."""

    def dump(self, value: Any) -> bytes:
        return bytes(value)

    def load(self, plain: bytes) -> bytes:
        return plain


class SealedJSONField(EncryptedField):
    def dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def load(self, plain: bytes) -> Any:
        return json.loads(plain)
