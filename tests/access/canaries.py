"""People whose every field carries a token of its own, so that one look at an answer tells what got out."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.people import id_number

# Rare characters, each used in one name only; none stands anywhere else in the product.
NAMES = (
    "赵堃喆",
    "赵犇祎",
    "赵淼龑",
    "赵翀昶",
    "赵瑀玥",
    "赵懿璟",
    "赵颢雯",
    "赵翊宸",
    "赵珺琤",
    "赵曦霏",
    "赵旻昊",
    "赵骁煜",
)
GUARDIANS = (
    "钱堉嫒",
    "钱墡婕",
    "钱壎嫣",
    "钱夔媖",
    "钱奭嬅",
    "钱妤孖",
    "钱姮孚",
    "钱娉孪",
    "钱婵孱",
    "钱嫱孳",
    "钱嬗孺",
    "钱孅寔",
)

# Which field group a canary of a field belongs to (security notes 3.2).
GROUPS = {
    "name": "F1",
    "id_number": "N", "phone": "N", "guardian_id_number": "N", "disability_number": "N",  # never in a page as it comes
    "address": "F2", "door": "F2", "household_address": "F2", "no_id_reason": "F2",
    "guardian_name": "F3", "guardian_phone": "F3",
    "status_reason": "F4",
    "hospital": "F6", "icd10": "F6", "lab": "F6", "referral_reason": "F6", "referral_to": "F6", "symptom": "F6",
    "deviation": "F6",
    "drug": "F7", "side_effect": "F7",
    "basis": "F8",
    "rehab": "F10",
    "helper": "F3", "training": "F3", "social": "F12", "sheet": "F6", "consent_reason": "F13",
    "scan": "P",  # a kept paper shows what pages mask
}  # fmt: skip

BEGIN = 2  # characters of a token


@dataclass(frozen=True)
class Canary:
    """A person: `relation` says where they stand to the roles, `tokens` what each field holds."""

    relation: str
    village: str
    serial: int
    level: int | None = 1  # of the newest visit
    tokens: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return self.tokens["name"]


def tokens_for(serial: int) -> dict[str, str]:
    """A token for each field. Numbers are valid ones: phones 1990000xxxx, ID numbers in an area never assigned."""
    born = date(1970, 1, 1) + timedelta(days=137 * serial)

    def word(kind: str) -> str:
        return f"CN{serial:02d}{kind}X"

    return {
        "name": NAMES[serial],
        "id_number": id_number(born, 700 + serial),
        "phone": f"1990000{1000 + serial}",
        "address": f"{chr(0x6E00 + serial)}{chr(0x6F00 + serial)}坪",  # a letter or a digit would be taken for a door
        "door": f"{8800 + serial}号",
        "household_address": word("HAD"),
        "guardian_name": GUARDIANS[serial],
        "guardian_phone": f"1990000{2000 + serial}",
        "guardian_id_number": id_number(born - timedelta(days=9000), 800 + serial),
        "status_reason": word("STA"),
        "hospital": word("HOS"),
        "icd10": word("ICD"),
        "lab": word("LAB"),
        "referral_reason": word("RRE"),
        "referral_to": word("RTO"),
        "symptom": word("SYM"),
        "deviation": word("DEV"),
        "drug": word("DRG"),
        "side_effect": word("SDE"),
        "basis": word("BAS"),
        "rehab": word("RHB"),
        "scan": word("SCN"),
        "helper": word("HLP"),
        "training": word("TRN"),
        "social": word("SOC"),
        "sheet": word("SHT"),
        "consent_reason": word("CRE"),
        "disability_number": id_number(born, 700 + serial) + "44",
    }


def found_in(text: str, people: "list[Canary]") -> dict[str, set[str]]:
    """relation -> fields whose token stands in the text. Tokens that begin alike are looked for only where one may be."""
    begun = {
        begin for begin in {token[:BEGIN] for person in people for token in person.tokens.values()} if begin in text
    }
    return {
        person.relation: fields
        for person in people
        if (fields := {n for n, token in person.tokens.items() if token[:BEGIN] in begun and token in text})
    }
