"""The list of events as a file: the same term and filters as on screen."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import View

from accounts.permissions import Permission
from core.exports import Sheet, Value
from core.limits import EXPORTS, limited
from reports.exports.responses import as_download
from reports.exports.services import Format, export_sheets
from tutoring.events.models import SchoolEvent
from tutoring.events.views import EventsMixin

FORMATS = (Format.XLSX, Format.CSV)
HEADINGS = [
    "Event", "Kind", "First day", "Last day", "Where", "For", "Who runs it", "What it is for", "Where it stands",
    "How many came", "What came of it", "Next time",
]  # fmt: skip


class EventsExport(EventsMixin, View):
    """For those who keep the school’s events; on the record before anybody has it."""

    permission_required = Permission.KEEP_EVENTS

    @limited(EXPORTS)
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in FORMATS:
            raise Http404("No such kind of file.")
        rows = [row_of(event) for event in self.rows()]
        sheet = Sheet("Events", HEADINGS, rows)
        made = export_sheets(
            [sheet], by=self.me, kind=Format(kind), name="events", title=sheet.title, filters=self.query
        )
        return as_download(made, Format(kind), f"events-{timezone.localdate():%Y-%m-%d}")


def row_of(event: SchoolEvent) -> list[Value]:
    """One event, in the order of HEADINGS."""
    stands = event.called_off and f"Called off: {event.called_off}"
    return [
        event.title, event.get_kind_display(), event.starts_on, event.ends_on, event.place, event.for_whom,
        str(event.lead), event.purpose, stands or str(event.state_on(timezone.localdate()).label), event.came,
        event.outcome, event.next_time,
    ]  # fmt: skip
