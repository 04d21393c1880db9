"""The description of the API, for those who may use it."""

from drf_spectacular.views import SpectacularAPIView

from accounts.api_doors import Needs
from accounts.terms import Permission


class Schema(SpectacularAPIView):
    requires = Permission.USE_API
    permission_classes = (Needs,)


schema = Schema.as_view()
