"""What a receiving office may ask for at once, and how it is answered."""

from django.db.models import TextChoices


class EmergencyState(TextChoices):
    WAITING = "waiting", "等待医生答复"
    ANSWERED = "answered", "已答复"


class EmergencyAnswer(TextChoices):
    """The whole of what a partner ever reads of it; the words are the same whoever it was about."""

    PHONED = "phoned", "医生已用电话答复。"
    NOTHING = "nothing", "没有可以提供的信息。请按一般处警程序办理；有人受伤或有自伤、伤人危险的，送就近医院。"


class Advice(TextChoices):
    """What the psychiatrist told on the telephone: what helps at the scene, no more. Stands in the ledger."""

    APPROACH = "approach", "怎样接近和沟通"
    DANGER = "danger", "现场要防什么"
    HOSPITAL = "hospital", "送哪家医院"
    CONTACT = "contact", "联系监护人或责任医生的办法"
