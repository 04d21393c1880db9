from accounts.models.agency import Agency
from accounts.models.audit import AccessLog, AuditEvent
from accounts.models.division import Division
from accounts.models.fields import EncryptedTextField, SealedBytesField, SealedJSONField, SealedWordsField
from accounts.models.login import BackupCode, LoginSession, LoginThrottle, OneTimeCode, TotpDevice
from accounts.models.place import Placed
from accounts.models.policy import CalendarDay, CountyPolicy
from accounts.models.token import ApiToken
from accounts.models.user import Assignment, User

__all__ = [
    "AccessLog",
    "Agency",
    "ApiToken",
    "Assignment",
    "AuditEvent",
    "BackupCode",
    "CalendarDay",
    "CountyPolicy",
    "Division",
    "EncryptedTextField",
    "LoginSession",
    "LoginThrottle",
    "OneTimeCode",
    "Placed",
    "SealedBytesField",
    "SealedJSONField",
    "SealedWordsField",
    "TotpDevice",
    "User",
]
