from subsidy.models.agreement import Agreement, AgreementAssistant, DutyRecord
from subsidy.models.scheme import CountyScheme

__all__ = ["Agreement", "AgreementAssistant", "CountyScheme", "DutyRecord"]
