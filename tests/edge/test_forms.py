"""Every form × everything one should not type: no error of ours, no typed word lost, nothing stored wrong."""

import datetime as dt
import html
import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import limits
from tests import factories as make
from tests.conventions.access import TABLE
from tests.edge.crawl import Crawl, make_crawl
from tests.edge.html_forms import FREE, PAYLOADS, HtmlForm, forms_in
from tests.edge.test_source import our_model_forms
from tutoring.followup.stage_forms import PARAGRAPHS
from tutoring.sessions.kind_forms import MOST_PROMPTS
from tutoring.sessions.reflection_models import MOST_QUESTIONS
from tutoring.tutorials.models import MOST_LINES

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz, pytest.mark.sweep]
LONG = bool(os.environ.get("WAYMARK_FUZZ"))
# What is typed here is a secret or an address to sign in with: it does not come back, on purpose.
NOT_GIVEN_BACK = {"account_login", "account_reauthenticate", "account_logout", "sign_in:step-up"}
CARRY_OTHERS = {"desk:student-story", "tutor_sessions:session-detail", "reports:run-detail", "exchange:run-detail"}
IN_PASSING = ["page", "sort", "show", "scope", "group", "severity", "kind", "before", "after", "draft", "next", "term",
              "need", "year", "house", "status", "q", "whose", "topic", "student", "person", "action", "day", "since",
              "until", "list"]  # fmt: skip


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "is_within", lambda *_: True)


def _forms(crawl: Crawl, client: Client) -> Iterator[tuple[str, HtmlForm]]:
    """(address, form) of every form, each target once; beside pages that take a form, two that carry others'."""
    seen: set[str] = set()
    for name, path in crawl.paths.items():
        if name in TABLE and not (TABLE[name].get and (TABLE[name].post or name in CARRY_OTHERS)):
            continue
        answer = client.get(path)
        if answer.status_code != 200 or answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
            continue
        for form in forms_in(answer.content.decode(), path):
            if form.action not in seen and "logout" not in form.action:
                seen.add(form.action)
                yield name, form


def _send(client: Client, form: HtmlForm, data: dict[str, list[str]]) -> HttpResponse:
    if "draft_token" in data:
        written = {"writer": form.fields["writer"].values} if "writer" in form.fields else {}
        data = data | {"draft_token": [str(uuid.uuid4())]} | written
    return client.post(form.action, data)  # type: ignore[return-value]


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _came_back(answer: HttpResponse, payload: str) -> bool:
    payload = payload.replace("\0", " ") if "\0" not in answer.content.decode() else payload
    return _plain(payload)[:100] in _plain(html.unescape(answer.content.decode()))


def _texts_stored() -> Iterator[tuple[models.Model, str, str]]:
    for model in apps.get_models():
        texts = [f.name for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)]
        for row in model._default_manager.all() if texts and model._meta.managed else ():
            yield from ((row, name, str(getattr(row, name) or "")) for name in texts)


def test_whatever_is_typed_comes_back_or_is_saved_as_it_was() -> None:
    crawl = make_crawl()
    client, faults, forms = crawl.signed_in(raise_request_exception=False), {}, 0
    for name, form in list(_forms(crawl, client)):
        free = {n for n, entry in form.fields.items() if entry.kind in FREE}
        forms += bool(free)
        for kind, payload in _share(forms) if free else ():
            answer = _send(client, form, form.data(payload, FREE))
            if answer.status_code >= 500:
                faults[name, kind] = f"answer {answer.status_code}"
            # 307: the browser sends it again by itself.
            elif answer.status_code not in (302, 307) and payload and name not in NOT_GIVEN_BACK:
                lost = not _came_back(answer, payload)
                faults |= {(name, kind): f"lost with {answer.status_code}"} if lost else {}
            if "<script>window.hit" in answer.content.decode() or "49$" in answer.content.decode():
                faults[name, kind] = "not escaped"
    assert faults == {}
    assert forms >= 8, "hardly any form was found"
    _check_stored()


def _share(turn: int) -> list[tuple[str, str]]:
    """All payloads in the long run; else the worst for each, and of the others a fifth in turn."""
    return [one for n, one in enumerate(PAYLOADS.items()) if LONG or one[0] == "nul" or (n + turn) % 5 == 0]


def _check_stored() -> None:
    """What was saved is one of the payloads, whole: nothing cut, worked out or put together."""
    known = {_plain(payload) for payload in PAYLOADS.values()}
    # Paragraphs of a letter, lines of a topic and prompts of a kind are boxes of their own, and kept as one text.
    boxes = (PARAGRAPHS, MOST_LINES, MOST_PROMPTS, MOST_QUESTIONS)
    known |= {_plain("\n".join([payload] * number)) for payload in PAYLOADS.values() for number in boxes}
    # What all did at a meeting of several and what one did stand in that one's entry below each other.
    known |= {_plain(f"{payload}\n\n{payload}") for payload in PAYLOADS.values()}
    # A message home stands as it will go: signed.
    known |= {_plain(f"{payload}\n\nMs Shah\nNorthgate School") for payload in PAYLOADS.values()}
    marks = [
        _plain(p)[:12] for kind, p in PAYLOADS.items() if kind in {"formula", "script", "sql", "template", "emoji"}
    ]
    found = [text for _, _, text in _texts_stored() if any(mark in text for mark in marks)]
    assert found, "nothing was saved: the check proves nothing"
    assert [text for text in found if _plain(text) not in known] == []


@pytest.mark.usefixtures("unrendered")
def test_any_field_may_hold_anything_without_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden fields, choices, numbers and keys too; also keys of another school's things."""
    crawl = make_crawl()
    client, faults = crawl.signed_in(raise_request_exception=False), {}
    with monkeypatch.context() as rendered:
        rendered.undo()
        forms = list(_forms(crawl, client))
    everything = _keys_elsewhere() | {kind: PAYLOADS[kind] for kind in ("empty", "nul", "wrong-pk", "digits", "number")}
    for name, form in forms:
        for kind, payload in everything.items():
            for one in [None, *form.fields] if LONG else [None]:
                data = form.data(payload) if one is None else form.data(None) | {one: [payload]}
                answer = _send(client, form, data)
                faults |= {(name, kind, one): answer.status_code} if answer.status_code >= 500 else {}
    assert faults == {}
    assert _strangers_named() == []


def test_a_conversation_in_any_characters() -> None:
    crawl = make_crawl()
    client, path = crawl.signed_in(raise_request_exception=False), crawl.paths["tutor_sessions:session-create"]
    form = next(f for f in forms_in(client.get(path).content.decode(), path) if f.action == path)

    @settings(max_examples=5000 if LONG else 10, suppress_health_check=list(HealthCheck))
    @given(happened=st.text(min_size=1), place=st.text(max_size=300), minutes=st.text(max_size=8), day=st.text())
    def send(happened: str, place: str, minutes: str, day: str) -> None:
        sent = {"happened": [happened], "place": [place], "minutes": [minutes], "held_on": [day]}
        with transaction.atomic():
            answer = _send(client, form, form.data(None) | sent)
            assert answer.status_code == 302 or (answer.status_code == 200 and _came_back(answer, happened))
            transaction.set_rollback(True)

    send()


def _keys_elsewhere() -> dict[str, str]:
    school = make.SchoolFactory.create(name="Elsewhere")
    user = make.UserFactory.create(school=school, last_name="Elsewhere")
    student = make.StudentFactory.create(school=school)
    return {"their-user": str(user.pk), "their-staff": f"staff:{user.pk}", "their-student": str(student.pk)}


def _strangers_named() -> list[object]:
    """Our school's rows that point to people of the other one."""
    sessions = apps.get_model("tutor_sessions", "TutorSession").objects
    steps = apps.get_model("tutor_sessions", "NextStep").objects
    here = {"student__school__name": "Northgate School"}
    return [
        *sessions.filter(**here, named_staff__last_name="Elsewhere"),
        *steps.filter(**here, owner_staff__last_name="Elsewhere"),
    ]


@pytest.mark.usefixtures("unrendered")
def test_any_parameter_may_hold_anything() -> None:
    crawl = make_crawl()
    client, faults = crawl.signed_in(raise_request_exception=False), {}
    for turn, (name, path) in enumerate(crawl.paths.items()):
        for kind, payload in _share(turn)[:: 1 if LONG else 2]:
            answer = client.get(path, dict.fromkeys(IN_PASSING, payload[:3000]))
            if answer.status_code > (400 if kind == "nul" else 499):
                faults[name, kind] = answer.status_code
    assert faults == {}


MULTIPART = "multipart/form-data; boundary=x"
SENT_AS_NOBODY_WOULD = [
    (b"", MULTIPART),
    (b"--x\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\n\xff\xfe\r\n--x--\r\n", MULTIPART),
    (b"q=%ED%A0%80&csrf=%00%ff", "application/x-www-form-urlencoded"),
    (b"q=\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"{\"q\": \"\\ud800\"}", "application/json"),
    (b"q=1", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"q=1", "text/plain"),
    (b"&".join(b"a%d=1" % n for n in range(6000)), "application/x-www-form-urlencoded"),
]  # fmt: skip


@pytest.mark.usefixtures("unrendered")
def test_bodies_that_no_browser_sends() -> None:
    crawl = make_crawl()
    client, faults = crawl.signed_in(raise_request_exception=False), {}
    for name, path in crawl.paths.items():
        if name not in TABLE or not TABLE[name].post:
            continue
        for number, (body, kind) in enumerate(SENT_AS_NOBODY_WOULD):
            if not LONG and (number + len(name)) % 3:
                continue
            answer = client.generic("POST", path, body, kind)
            faults |= {(name, number): answer.status_code} if answer.status_code >= 500 else {}
    assert faults == {}


# Which columns of which table each form may change.
MAY_CHANGE = {
    "accounts:school-settings": {"School": {"name", "dfe_number", "house_label", "tutor_group_label",
                                            "handling_label", "quiet_from", "quiet_until", "digest_at",
                                            "behaviour_policy", "boundaries", "new_weeks", "plain_year"}},
    "accounts:role-words": {"School": {"tutor_label", "senco_label", "role_labels"}},
    "students:term-edit": {"Term": {"year", "name", "starts_on", "ends_on", "break_starts_on", "break_ends_on"}},
    "students:calendar": {"Closure": {"date", "reason"}},
    "diary:slot-list": {"Slot": {"weekday", "starts_at", "minutes", "room", "starts_on", "ends_on"}},
    "followup:stage-edit": {"WarningStage": {"name", "meaning", "position", "weeks", "roles", "is_active", "letter"}},
    "referrals:agency-edit": {"Agency": {"name", "place", "helps_with", "eligible", "how_to_refer", "is_active"}},
    "referrals:contact-edit": {"AgencyContact": {"name", "role", "phone", "email", "is_active"}},
    "referrals:person-edit": {"PersonAround": {"contact", "name", "role", "phone", "email", "may_know", "consent",
                                               "consent_words", "since", "until", "note"}},
    "referrals:meeting-update": {
        "TutorSession": {"kind", "happened", "student_words", "held_on", "minutes", "place", "confidentiality",
                         "named_staff", "for_report", "version", "updated_at"},
        "MeetingRecord": {"came", "apologies", "minutes_to", "minutes_words", "decided", "next_on"},
    },
    "tutor_sessions:session-update": {
        "TutorSession": {"kind", "topics", "happened", "student_words", "wellbeing", "held_on", "minutes", "place",
                         "confidentiality", "named_staff", "for_report", "tags", "version", "updated_at"}
    },
    "plans:plan-update": {
        "ActionPlan": {"title", "strengths", "student_words", "started_on", "review_on", "version", "changed_at"},
        "PlanBarrier": {"barrier_id"}, "PlanTarget": {"text", "measure", "position"}, "PlanStep": {"text", "due_on"},
    },
    "plans:plan-agree": {"ActionPlan": {"student_agreed_on", "student_agreed_how", "home_agreed_on", "home_agreed_how",
                                        "agreed_version", "version", "changed_at"}},
    "plans:plan-review": {
        "PlanReview": {"rating", "words", "held_on", "next_on"}, "PlanTarget": {"result"},
        "ActionPlan": {"review_on", "version", "changed_at"},
    },
    "plans:step-update": {"PlanStep": {"words", "due_on", "times_moved"}},
    "plans:barrier-edit": {"Barrier": {"name", "area", "position", "is_active"}},
    "interventions:update": {
        "Intervention": {"name", "about", "barrier_id", "lead_id", "starts_on", "ends_on", "weekly", "minutes", "weeks",
                         "measure"}
    },
    "interventions:member-edit": {"Member": {"starts_on", "ends_on", "left_why"}},
    "interventions:meeting-edit": {"Sitting": {"held_on", "minutes", "note"}, "Dose": {"came", "minutes"}},
    "handover:handover-write": {
        "Handover": {"helps", "hinders", "proud", "working_on", "go_to", "note", "to_id", "handed_on"}
    },
    "conduct:type-edit": {"ConductType": {"name", "meaning", "points", "house_id", "shared", "follow_up_days",
                                          "position", "is_active"}},
    "conduct:house-type-edit": {"ConductType": {"name", "meaning", "points", "shared", "follow_up_days",
                                                "is_active"}},
    "events:edit": {
        "SchoolEvent": {"title", "kind", "starts_on", "ends_on", "place", "lead_id", "purpose", "called_off"},
    },
    "tutorials:series-edit": {"Series": {"period", "room", "ends_on"}},
    "tutorials:meeting-write": {
        "Meeting": {"topic_id", "own_topic", "covered", "words", "note", "not_held"}, "Presence": {"mark"}
    },
    "tutorials:topic-edit": {"Topic": {"term_id", "week", "year_group", "title", "cover", "resources", "tags"}},
    "watch:change": {"Watch": {"reason", "every", "who_id"}},
    "conduct:rhythm-edit": {"PlannerRhythm": {"days"}},
    "referrals:mentoring-edit": {"Mentoring": {"aspiration", "strengths"}},
    "tutor_sessions:tag-edit": {"SessionTag": {"is_active"}},
    "tutor_sessions:kind-edit": {"SessionKind": {"name", "counts", "prompts", "position", "is_active"}},
    "tutor_sessions:entitlement-edit": {"Entitlement": {"per_term", "exempt_years"}},
    "tutor_sessions:reflection-sheet": {"ReflectionSheet": {"prompts", "wish", "asks_feeling"}},
    "tutor_sessions:exemption-edit": {"Exemption": {"reason", "ends_on"}},
    "plans:model-update": {
        "ModelPlan": {"title", "purpose", "barriers", "strengths", "targets", "steps", "why", "sharing", "house_id",
                      "is_active", "version"}
    },
    "tutor_sessions:step-update": {"NextStep": {"outcome", "due_on", "times_moved", "updated_at", "version"}},
}  # fmt: skip


# What a person must say for the form to be taken, where an opened form does not say it by itself.
SAID: dict[str, dict[str, list[str]]] = {
    "plans:plan-agree": {"student_agreed_on": [timezone.localdate().isoformat()]},
    "plans:plan-review": {"rating": ["1"]},
    "referrals:mentoring-edit": {"strengths": ["Explains it to others."]},
    "interventions:member-edit": {"left_why": ["Moved to another school"]},
    "tutor_sessions:tag-edit": {"is_active": []},
    "handover:handover-write": {"note": ["Changed by its form"]},
    "accounts:role-words": {"nurse": ["Matron"]},
}


def _rows() -> dict[tuple[str, Any], dict[str, Any]]:
    ours = [
        m for m in apps.get_models() if m.__module__.split(".")[0] in {"accounts", "students", "tutoring", "reports"}
    ]
    return {(m.__name__, row["pk"]): row for m in ours for row in m._default_manager.values("pk", *_columns(m))}


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _everything_else() -> dict[str, str]:
    """Every column of every table as a field of a form, pointing elsewhere or giving more than one has."""
    other = make.UserFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    values: dict[str, str] = {}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            value = "true" if isinstance(column, models.BooleanField) else str(other.pk)
            values |= {column.name: value, column.attname: value}
    return values | {"is_staff": "on", "role": "headteacher", "school": str(other.school_id)}


@pytest.mark.parametrize("name", MAY_CHANGE)
def test_a_form_changes_what_it_names_and_nothing_else(name: str) -> None:
    crawl = make_crawl()
    client, path = crawl.signed_in(), crawl.paths[name]
    extra, before = _everything_else(), _rows()
    form = next(f for f in forms_in(client.get(path).content.decode(), path) if f.action == path)
    named = form.data(None) | SAID.get(name, {})
    for text in {"happened", "outcome", "name", "reason", "title", "words", "student_agreed_how"} & set(named):
        named[text] = ["Changed by its form"] if form.fields[text].kind in FREE else named[text]
    if "date" in named:  # adds a row, in a term of today
        named["date"] = [_school_day().isoformat()]
    if "ends_on" in named:
        named["ends_on"] = [(timezone.localdate() + dt.timedelta(days=31)).isoformat()]
    answer = client.post(path, {n: [v] for n, v in extra.items() if n not in named} | named)
    assert answer.status_code == 302, html.unescape(answer.content.decode()).partition("<main")[2][:4000]
    changed: dict[str, set[str]] = {}
    for (model, pk), row in _rows().items():
        old = before.get((model, pk))
        differs = {column for column, value in row.items() if old and old[column] != value}
        if old is None and model in MAY_CHANGE[name]:
            assert row.get("school_id", crawl.user.school_id) == crawl.user.school_id
            differs = MAY_CHANGE[name][model]
        changed |= {model: changed.get(model, set()) | differs} if differs else {}
    assert changed, "nothing changed: the test proves nothing"
    assert {
        m: c - MAY_CHANGE[name].get(m, set()) for m, c in changed.items() if c - MAY_CHANGE[name].get(m, set())
    } == {}


def _school_day() -> dt.date:
    day = timezone.localdate() - dt.timedelta(days=14)
    return day - dt.timedelta(days=day.weekday())


# The walk opens no page of the safeguarding file: tests/safeguarding/retention/test_keeping.py holds this one.
IN_ITS_ROOM = {"RetentionClass"}


def test_every_form_that_edits_a_row_is_held_here() -> None:
    """The control of the table above: a new form over a model appears in it."""
    edited = {form._meta.model.__name__ for form in our_model_forms()} - IN_ITS_ROOM
    assert edited <= {model for changes in MAY_CHANGE.values() for model in changes}
