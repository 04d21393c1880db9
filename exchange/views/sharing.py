"""Whether the person agrees to be told of where nothing but consent allows it: asked one by one, taken back on any day."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.carrying import carried_out, sent
from accounts.doors import requires
from accounts.terms import Permission
from exchange.forms.sharing import SharingForm
from exchange.views.told import person_of
from exchange.views.who import me
from registry.models import SharingConsent
from registry.services.sharing import record_sharing_consent


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = person_of(request, uuid, Permission.EDIT_PATIENT)
    form = SharingForm(sent(request), request.FILES or None, initial={"on": timezone.localdate().isoformat()})

    def act() -> SharingConsent:
        said = form.cleaned_data
        return record_sharing_consent(
            patient=person, on=said["on"], agency_kind=said["agency_kind"], agreed=said["says"] == "yes",
            signer=said["signer"], relation=said["relation"], words=said["words"], upload=said["scan"], by=me(request),
        )  # fmt: skip

    if carried_out(request, form, act, _done):
        return redirect("exchange:patient_tab", uuid)
    context = {"person": person, "form": form}
    return render(request, "exchange/sharing_new.html", context, status=400 if form.errors else 200)


def _done(row: SharingConsent) -> str:
    if row.agreed:
        return f"已登记：同意向{row.get_agency_kind_display()}提供。"
    return f"已登记：不同意向{row.get_agency_kind_display()}提供。以同意为依据的提供已经停止，法定的照常。"
