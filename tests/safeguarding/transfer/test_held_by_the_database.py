"""What PostgreSQL holds of transfers, whoever writes: what went rests, and what is said of it is said once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from safeguarding.models import Entry
from safeguarding.transfer.models import Package, Transfer
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=1)


def with_package(*, entries: int = 1) -> tuple[Transfer, Package]:
    """A transfer of a child with one concern, raised an hour ago with one entry."""
    concern = make.ConcernFactory.create(raised_at=timezone.now() - LATER)
    transfer = make.TransferFactory.create(student=make.ConcernChildFactory.create(concern=concern).student)
    make.EntryFactory.create(concern=concern, written_at=timezone.now() - LATER)
    make.ConcernKeyFactory.create(concern=concern)
    return transfer, make.PackageFactory.create(transfer=transfer, entries=entries)


def send(transfer: Transfer, package: Package) -> None:
    said = {"sent_at": timezone.now(), "sent_by": transfer.begun_by, "method": "in_person", "package": package}
    Transfer.objects.filter(pk=transfer.pk).update(**said)


def refused(words: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=words)


def test_what_went_is_what_was_on_the_file() -> None:
    transfer, package = with_package()
    with refused("more is on the file"), transaction.atomic():
        send(transfer, make.PackageFactory.create(entries=1))
    make.EntryFactory.create(concern=Entry.objects.get().concern, kind="note")
    with refused("more is on the file"), transaction.atomic():
        send(transfer, package)
    send(transfer, make.PackageFactory.create(transfer=transfer, entries=2, made_at=timezone.now() + LATER))


def test_what_is_said_of_it_is_said_once() -> None:
    transfer, package = with_package()
    send(transfer, package)
    row, other = Transfer.objects.filter(pk=transfer.pk), make.PackageFactory.create(transfer=transfer)
    unsent = {"sent_at": None, "sent_by": None, "package": None, "method": ""}
    for wrong in ({"sent_at": timezone.now() - LATER}, {"method": "recorded"}, {"package": other}, unsent):
        with refused("said already"), transaction.atomic():
            row.update(**wrong)
    row.update(receipt_on="2026-11-20", receipt=b"sealed", reopened_at=timezone.now())
    for wrong in ({"receipt_on": "2026-11-21"}, {"reopened_at": None}, {"receipt_on": None}):
        with refused("said already"), transaction.atomic():
            row.update(**wrong)
    stays, _ = with_package()
    Transfer.objects.filter(pk=stays.pk).update(not_sent_by=stays.begun_by)
    with refused("said already"), transaction.atomic():
        Transfer.objects.filter(pk=stays.pk).update(not_sent_by=None)


def test_once_it_went_nothing_is_added_but_to_what_is_new_or_of_others() -> None:
    transfer, _ = with_package()
    concern = Entry.objects.get().concern
    make.EntryFactory.create(concern=concern, kind="note", written_at=timezone.now() - LATER)
    package = make.PackageFactory.create(transfer=transfer, entries=2)
    send(transfer, package)
    with refused("was sent on"), transaction.atomic():
        make.EntryFactory.create(concern=concern, kind="note")
    newer = make.ConcernChildFactory.create(student=transfer.student, concern__raised_at=timezone.now() + LATER)
    make.EntryFactory.create(concern=newer.concern, kind="note")
    shared = make.ConcernChildFactory.create(concern=concern)
    make.EntryFactory.create(concern=concern, kind="note")
    shared.delete()
    with refused("was sent on"), transaction.atomic():
        make.EntryFactory.create(concern=concern, kind="closed")
    Transfer.objects.filter(pk=transfer.pk).update(reopened_at=timezone.now())
    make.EntryFactory.create(concern=concern, kind="note")
