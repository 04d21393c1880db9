"""The receiving office's part of the HTTP API: its alerts and its files."""

from exchange.api import alerts, files

api_urlpatterns = [*alerts.api_urlpatterns, *files.api_urlpatterns]
