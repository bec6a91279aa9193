"""School settings: the kinds of conversations of the school."""

from django.db.models import QuerySet
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import SettingsFormMixin, StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.sessions.kind_forms import SessionKindForm
from tutoring.sessions.models import SessionKind
from tutoring.sessions.selectors import kinds_of
from tutoring.sessions.services import save_kind


class KindPage(StaffPageMixin):
    """A page of the school's kinds."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[SessionKind]:
        return kinds_of(self.school)


class KindList(KindPage, ListView):  # type: ignore[type-arg]
    """All of them, in the order of the log form."""

    template_name = "tutor_sessions/kind_list.html"
    context_object_name = "kinds"


class KindForm(KindPage, SettingsFormMixin):
    """The form of one."""

    list_url, list_name, adding = "tutor_sessions:kind-list", "Kinds of sessions", "Add a kind"

    def save(self, thing: SessionKind) -> SessionKind:
        return save_kind(kind=thing, by=self.me)


class KindCreate(KindForm, CreateView):  # type: ignore[type-arg]
    """A kind of the school's own."""

    form_class = SessionKindForm


class KindEdit(KindForm, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, other prompts, whether it counts."""

    form_class = SessionKindForm
