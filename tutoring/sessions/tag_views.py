"""School settings: the words that the school puts on its conversations."""

from django.db.models import QuerySet
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import SettingsFormMixin, StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.sessions.models import SessionTag
from tutoring.sessions.tag_forms import SessionTagForm
from tutoring.sessions.tags import save_tag, tags_of


class TagPage(StaffPageMixin):
    """A page of the school's tags."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[SessionTag]:
        return tags_of(self.school)


class TagList(TagPage, ListView):  # type: ignore[type-arg]
    """All of them, by word."""

    template_name = "tutor_sessions/tag_list.html"
    context_object_name = "tags"


class TagForm(TagPage, SettingsFormMixin):
    """The form of one."""

    list_url, list_name, adding = "tutor_sessions:tag-list", "Tags", "Add a tag"

    def save(self, thing: SessionTag) -> SessionTag:
        return save_tag(tag=thing, by=self.me)


class TagCreate(TagForm, CreateView):  # type: ignore[type-arg]
    """A word more."""

    form_class = SessionTagForm


class TagEdit(TagForm, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Retired, or used again."""

    form_class = SessionTagForm
