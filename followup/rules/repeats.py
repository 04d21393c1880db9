"""Whether two records could be one visit written down twice. Pure."""

from datetime import date

Key = tuple[date, str]  # local day, form of the visit (terms.Contact)


def may_repeat(before: Key, now: Key, *, was_seen: bool) -> bool:
    """The same day and form as a record that whoever writes has not seen; seen, it is a visit of its own.

    The key is that of the import file: person, day, form.
    """
    return before == now and not was_seen
