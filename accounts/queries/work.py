"""今日工作: what every room has for one person today, by topic."""

from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.rules.work import Topic, WorkItem, in_order


def work_lines(user: User, today: date) -> dict[Topic, list[WorkItem]]:
    """Lines of all rooms in settings.WORK_SOURCES, in the order of the page; topics without a line are left out."""
    found = in_order(item for path in settings.WORK_SOURCES for item in import_string(path)(user, today))
    by_topic = {topic: [item for item in found if item.topic is topic] for topic in Topic}
    return {topic: items for topic, items in by_topic.items() if items}
