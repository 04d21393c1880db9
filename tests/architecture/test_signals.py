"""Upwards goes only a signal of the list, received in the same transaction. Source: docs/decisions E."""

import ast

import pytest
from django.dispatch import Signal
from django.utils.module_loading import import_string

from .source import APPS, FLOORS, calls, imports, modules

THE_LIST = {
    "risk_assessed": "followup",
    "incident_recorded": "followup",
    "patient_lost": "followup",
    "admission_changed": "registry",
    "patient_moved": "registry",
    "patient_closed": "registry",
    "guardian_changed": "registry",
    "custody_changed": "registry",
    "consent_changed": "registry",
    "objection_changed": "registry",
    "whereabouts_changed": "registry",  # docs/adr/0007
}
DJANGOS_OWN = {"post_migrate", "connection_created", "setting_changed", "worker_process_init", "got_request_exception"}


def _made():
    """Names that are bound to a `Signal()` anywhere in the apps."""
    for module in modules():
        for node in module.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                name = getattr(node.value.func, "id", getattr(node.value.func, "attr", ""))
                if name == "Signal":
                    yield module, node.targets[0].id


def test_signals_are_those_of_the_list():
    assert {name: module.app for module, name in _made()} == THE_LIST


def test_signals_live_in_signals_modules():
    assert [m.where for m, _name in _made() if m.layer != "signals"] == []


@pytest.mark.parametrize(("name", "app"), sorted(THE_LIST.items()))
def test_signal_is_one_of_djangos(name, app):
    assert isinstance(import_string(f"{app}.signals.{name}"), Signal)


def test_receivers_stand_in_receivers_and_above_the_sender():
    wrong = []
    for module in modules():
        for found in imports(module):
            app, *rest = found.target.split(".")
            if app not in APPS or rest[:1] != ["signals"] or app == module.app:
                continue
            if module.layer != "receivers" or FLOORS[app] >= FLOORS[module.app]:
                wrong.append(str(found))
    assert wrong == []


def test_nobody_listens_to_saving():
    """Model signals miss update() and bulk writes, and hide what a service does."""
    watched = ("django.db.models.signals", "django.dispatch.receiver")
    wrong = [
        str(i)
        for m in modules(*APPS, "config")
        for i in imports(m)
        if i.target.startswith(watched) and i.target.split(".")[-1] not in DJANGOS_OWN and m.layer != "receivers"
    ]
    assert wrong == []


def test_signals_are_sent_so_that_a_failure_undoes_the_act():
    """send_robust() swallows what the receiver raised: the alert would be missing and the visit saved."""
    wrong = [f"{m.where}:{call.lineno}" for m in modules() for name, call in calls(m) if name.endswith(".send_robust")]
    assert wrong == []
