"""Two words that every page test says."""

from django.urls import reverse


def text(response):
    return response.content.decode()


def page(name, patient):
    return reverse(f"registry:{name}", args=[patient.uuid])
