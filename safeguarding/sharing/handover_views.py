"""At every handover: does the next tutor need to know something? Asked of all, so that the asking says nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from safeguarding.opening import FilePage
from safeguarding.sharing import lines, services


class HandoverLines(FilePage, View):
    """Handovers of the last weeks that one has not answered: a line to the next tutor, or none is needed."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        shown = {"handovers": list(lines.handovers_to_answer())}
        return render(request, "safeguarding/sharing/handover_lines.html", shown)

    def post(self, request: UserRequest) -> HttpResponse:
        ticked = set(request.POST.getlist("none"))
        chosen = [one for one in lines.handovers_to_answer() if str(one.pk) in ticked]
        if chosen:
            done = services.answer_handovers(by=self.me, handovers=chosen)
            messages.success(request, f"No line needed: said of {done} handover{'' if done == 1 else 's'}.")
        else:
            messages.error(request, "Tick whose next tutor needs no line, or write one.")
        return redirect("safeguarding:handover-lines")
