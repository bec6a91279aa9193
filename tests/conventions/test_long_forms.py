"""Every form with a box to write in keeps what is typed as a draft: docs/how-to/long-forms.md says how."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from tests.conventions.access import TABLE
from tests.edge.crawl import make_crawl

pytestmark = pytest.mark.sweep

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "audit", "core", "exchange", "reports", "safeguarding", "students", "tutoring")
# Where boxes are made → addresses of pages that show them.
MADE_IN = {
    "tutoring/sessions/forms.py": {"tutor_sessions:session-create", "desk:student-story"},
    "tutoring/plans/forms.py": {
        "plans:plan-create",
        "plans:plan-from-session",
        "plans:plan-from-model",
        "plans:plan-update",
        "plans:plan-review",
        "plans:plan-close",
    },
    "tutoring/followup/forms.py": {
        "followup:warning-create",
        "followup:warning-response",
        "followup:warning-appeal",
        "followup:warning-decide",
        "followup:alert-create",
        "followup:alert-detail",
        "referrals:referral-create",
        "referrals:referral-detail",
        "referrals:referral-close",
        "referrals:meeting-create",
    },
    "tutoring/referrals/meeting_form.py": {"referrals:meeting-create", "referrals:meeting-update"},
    "tutoring/tutorials/forms.py": {"tutorials:meeting-write"},
    "tutoring/events/forms.py": {"events:outcome"},
    "tutoring/interventions/forms.py": {"interventions:create", "interventions:update"},
    "tutoring/interventions/outcome_forms.py": {"interventions:evaluate"},
    "tutoring/strategies/forms.py": {"strategies:own-words", "strategies:handling-write"},
    "tutoring/visits/forms.py": {"visits:visit-plan"},
    "tutoring/handover/forms.py": {"handover:handover-write"},
    "tutoring/plans/bank_forms.py": {"plans:model-create", "plans:model-from-plan", "plans:model-update"},
    "tutoring/sessions/together_form.py": {"tutor_sessions:together"},
    "tutoring/sessions/home_forms.py": {"tutor_sessions:praise-home"},
    "tutoring/sessions/comment_form.py": {"tutor_sessions:comment-list", "tutor_sessions:comment-update"},
}
# Boxes that need no draft, and why.
WITHOUT = {
    "templates/partials/send_again.html": "gives back what was typed; nobody types in it",
    "templates/safeguarding/_offline.html": "a sheet that keeps a draft of the form as soon as there is a connection",
    "templates/safeguarding/_mark_row.html": "a row of the field of marks; every form with it is looked at below",
}
# A sentence or two of the school's own, about nobody; and a few lines of a student's in whose hands nothing else opens,
# so that no draft of a tutor's is ever shown to one. send_again gives both back after signing in.
MADE_WITHOUT = {
    "accounts/forms.py": {"accounts:school-settings"},
    "safeguarding/forms.py": {
        "safeguarding:raise-concern",
        "safeguarding:concern-more",
        "safeguarding:entry-create",
        "restraint:create",
        "restraint:entry-create",
        "restraint:letter-create",
        "investigations:open",
        "investigations:entry-create",
        "investigations:ask",
        "investigations:statement-take",
        "investigations:asked",
        "investigations:finding",
        "investigations:follow-up",
    },
    "tutoring/sessions/reflection_forms.py": {"tutor_sessions:reflect"},
}
HIDDEN = {"draft_form", "draft_token", "draft_revision", "writer", "csrfmiddlewaretoken"}


@dataclass
class Form:
    attributes: dict[str, str | None]
    boxes: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page and what is in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.outside: list[str] = []
        self.says_when_saved = self.has_script = self._is_asleep = False
        self._open: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._is_asleep |= tag == "template"  # of no page until a script wakes it
        if self._is_asleep:
            return
        self.says_when_saved |= "data-autosave-status" in found
        self.has_script |= "js/autosave" in (found.get("src") or "")
        if tag == "form":
            self._open = Form(found)
            self.forms.append(self._open)
        elif tag in ("input", "textarea") and self._open:
            self._open.names.add(str(found.get("name")))
        if tag == "textarea" and "readonly" not in found:
            (self._open.boxes if self._open else self.outside).append(str(found.get("name")))

    def handle_endtag(self, tag: str) -> None:
        self._is_asleep &= tag != "template"
        if tag == "form":
            self._open = None


def test_boxes_are_made_only_where_this_test_looks() -> None:
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    made = {str(path.relative_to(ROOT)) for path in sources if "Textarea(" in path.read_text()}
    assert made == MADE_IN.keys() | MADE_WITHOUT.keys(), (
        "Name the page that shows the new box here, and give its form drafts."
    )
    templates = (ROOT / "templates").rglob("*.html")
    drawn = {str(path.relative_to(ROOT)) for path in templates if "<textarea" in path.read_text()}
    assert drawn == set(WITHOUT), "A box drawn by hand needs drafts as well, or a reason here."


@pytest.mark.django_db
def test_every_form_with_a_box_has_drafts() -> None:
    crawl = make_crawl()
    client, seen = crawl.signed_in(), set()
    for name, access in TABLE.items():
        if not access.get:
            continue
        answer = client.get(crawl.paths[name])
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = Forms(answer.content.decode())
        assert page.outside == [], f"{name}: a box outside of any form"
        for form in page.forms:
            if form.boxes and name not in set().union(*MADE_WITHOUT.values()):
                seen.add(name)
                assert "data-autosave" in form.attributes, f"{name}: {form.boxes} without data-autosave"
                assert form.names >= HIDDEN, f"{name}: {HIDDEN - form.names} missing (_draft_fields.html)"
                assert page.says_when_saved, f"{name}: nothing says when it was saved"
                assert page.has_script, f"{name}: js/autosave.js is missing"
    assert seen >= set().union(*MADE_IN.values())
