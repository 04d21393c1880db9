from registry.models import Patient, Scan


def scans_of(patient: Patient) -> list[Scan]:
    """Kept papers, newest first, unopened."""
    return list(Scan.objects.filter(patient=patient).defer("content").select_related("kept_by").order_by("-kept_at"))
