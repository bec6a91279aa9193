"""By which class a file is kept how long; who sees it; and what holds it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from audit.models import Event
from core.maintenance import as_owner
from safeguarding.conflicts import keep_from
from safeguarding.retention.enums import Covers
from safeguarding.retention.models import Hold, HoldEnd, RetentionClass
from safeguarding.transfer.models import Transfer
from tests import factories as make
from tests.safeguarding.pages import World, client_of, world
from tests.safeguarding.retention.pages import TODAY, born, filed, hold, lead, page
from tests.safeguarding.transfer.leaving import a_concern

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_every_school_has_the_usual_classes() -> None:
    school = make.SchoolFactory.create()
    rows = {row.covers: row for row in RetentionClass.objects.filter(school=school)}
    assert set(rows) == set(Covers.values)
    assert (rows["file"].years, rows["file"].trigger) == (25, "birth")
    assert rows["abuse"].years == 75
    assert all(row.source for row in rows.values())


def test_a_file_is_due_on_the_25th_birthday_and_not_a_day_before(here: World) -> None:
    filed(here)
    born(here.student, 25, days=1)
    assert "Nothing is due for review" in page(lead(here))
    assert "Within a year" in page(lead(here))
    born(here.student, 25)
    text = page(lead(here))
    assert "Nothing is due for review" not in text
    assert here.student.name in text
    assert "25 years from the date of birth" in text
    assert "1 due for review" in lead(here).get(reverse("safeguarding:desk")).content.decode()


def test_of_several_classes_the_latest_day_counts(here: World) -> None:
    filed(here, category="abuse-sexual")
    born(here.student, 40)
    text = page(lead(here), "file", here.student.pk)
    assert f"{TODAY.year + 75}" in text
    assert "A file that tells of child sexual abuse" in text
    assert "Nothing is due for review" in page(lead(here))
    RetentionClass.objects.filter(covers="abuse").update(years=0)
    assert "Due for review" in page(lead(here), "file", here.student.pk)


def test_a_child_whose_day_of_birth_is_not_known_is_never_due(here: World) -> None:
    filed(here)
    born(here.student, 40)
    here.student.date_of_birth = None
    here.student.save()
    text = page(lead(here))
    assert "Nothing is due for review" in text
    assert "Day not known" in text


def test_what_was_decided_of_a_copy_says_more_than_the_class(here: World) -> None:
    filed(here)
    born(here.student, 18)
    sent = make.TransferFactory.create(student=here.student, left_on=here.student.left_on)
    package = make.PackageFactory.create(transfer=sent)
    gone = {"sent_at": package.made_at, "sent_by": sent.begun_by, "method": "in_person", "package": package}
    make.ConcernKeyFactory.create(concern=make.ConcernFactory.create())
    Transfer.objects.filter(pk=sent.pk).update(**gone, receipt_on=TODAY, receipt=b"sealed")
    assert "The copy of a file that went to the next school" in page(lead(here), "file", here.student.pk)
    assert "Nothing is due for review" in page(lead(here))
    Transfer.objects.filter(pk=sent.pk).update(copy_kept=False)
    assert "Nothing is due for review" not in page(lead(here))
    Transfer.objects.filter(pk=sent.pk).update(copy_kept=True, copy_until=TODAY + dt.timedelta(days=40))
    assert "Nothing is due for review" in page(lead(here))


def test_records_of_force_alone_are_a_file_too(here: World) -> None:
    make.IncidentFactory.create(student=here.student, recorded_by=here.tutor)
    born(here.student, 25)
    assert "Records of force, seclusion and restraint" in page(lead(here))


@pytest.mark.parametrize("who", ["tutor", "head", "chair"])
def test_nobody_else_learns_of_it(here: World, who: str) -> None:
    filed(here)
    born(here.student, 25)
    client = client_of(getattr(here, who), elevated=True)
    for name, args in (("list", []), ("file", [here.student.pk]), ("hold-place", [here.student.pk])):
        assert client.get(reverse(f"retention:{name}", args=args)).status_code == 403


def test_whoever_is_kept_from_a_part_does_not_judge_the_rest(here: World) -> None:
    concern = filed(here)
    a_concern(here.tutor, here.student, seen="Something else.")
    born(here.student, 25)
    keep_from(by=here.dsl, person=here.deputy, why="Her niece", concern=concern, student=None)
    deputy = client_of(here.deputy, elevated=True)
    assert here.student.name not in page(deputy)
    assert deputy.get(reverse("retention:file", args=[here.student.pk])).status_code == 404
    assert here.student.name in page(lead(here))


def test_a_child_without_a_file_has_no_page(here: World) -> None:
    assert lead(here).get(reverse("retention:file", args=[here.student.pk])).status_code == 404


def test_a_hold_stands_until_it_is_lifted_with_a_reason(here: World) -> None:
    filed(here)
    client = lead(here)
    row = hold(client, here.student)
    assert "The police asked for it" in page(client, "file", here.student.pk)
    assert "Held" in page(client)
    lift = reverse("retention:hold-lift", args=[row.pk])
    assert "Say why" in client.post(lift, {"why": ""}).content.decode()
    assert not HoldEnd.objects.exists()
    client.post(lift, {"why": "The case is over"})
    assert "The case is over" in page(client, "file", here.student.pk)
    client.post(lift, {"why": "Once more"})
    assert HoldEnd.objects.count() == 1
    assert list(Event.objects.filter(action__in=["file.held", "file.hold_lifted"]).values_list("action", flat=True))
    assert "police" not in str(list(Event.objects.values()))


def test_a_hold_without_a_reason_is_none(here: World) -> None:
    filed(here)
    answer = lead(here).post(reverse("retention:hold-place", args=[here.student.pk]), {"why": " "})
    assert "Say why" in answer.content.decode()
    assert not Hold.objects.exists()


def test_past_every_view_a_hold_is_never_changed_nor_taken_away(here: World) -> None:
    row = make.HoldFactory.create(student=here.student)
    for statement in (
        "UPDATE retention_hold SET why = 'x'",
        "DELETE FROM retention_hold",
        "DELETE FROM retention_holdend",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute("SET LOCAL ROLE waymark_web")
            sql.execute(statement)
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        make.HoldEndFactory.create(hold=row)
        make.HoldEndFactory.create(hold=row)


def test_a_class_is_changed_on_the_record(here: World) -> None:
    kept = RetentionClass.objects.get(school=here.dsl.school, covers="abuse")
    client, url = lead(here), reverse("retention:class-edit", args=[kept.pk])
    wrong = client.post(url, {"years": "400", "trigger": "last", "source": ""}).content.decode()
    assert "At most 120 years" in wrong
    assert "Say where the rule comes from" in wrong
    assert 'value="400"' in wrong
    said = {"years": "50", "trigger": "left", "source": "Our records policy of 2026"}
    before = RetentionClass.objects.filter(pk=kept.pk).values().get()
    client.post(url, said | {"covers": "file", "school": str(make.SchoolFactory.create().pk), "id": str(here.dsl.pk)})
    kept.refresh_from_db()
    assert (kept.years, kept.trigger, kept.source) == (50, "left", "Our records policy of 2026")
    changed = {name for name, value in before.items() if getattr(kept, name) != value}
    assert changed == {"years", "trigger", "source"}, "and nothing else that was sent with it"
    assert Event.objects.get(action="file.retention_changed").detail["years"] == [75, 50]


def test_only_leads_set_classes(here: World) -> None:
    url = reverse("retention:class-list")
    assert Client().get(url).status_code == 302
    for who in (here.tutor, here.head, make.person(Role.DATA_MANAGER)):
        assert client_of(who, elevated=True).get(url).status_code == 403
    assert "75 years" in page(client_of(here.deputy, elevated=True), "class-list")
