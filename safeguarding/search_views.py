"""Search on the file: that one searches stands on the record, committed, before a word is opened.

What is looked for is a name or worse, so it is in no address, no session and no log: the answer to the note is 307, on
which the browser itself sends the same form once more, and then it is answered.
"""

import datetime as dt

from django import forms
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.requests import UserRequest
from audit.models import Event
from audit.services import record
from core.limits import SEARCHES, limited
from core.patience import take_your_time
from safeguarding.opening import FilePage
from safeguarding.search import digest_of, find, terms_of

# Less than the minute of `guard.concerns_opened`, by the same clock: what the note opened must last to the end.
HOLDS = dt.timedelta(seconds=40)
LONGEST = 200


class SearchForm(forms.Form):
    """Words that all stand in a concern."""

    words = forms.CharField(
        label="Words on the file", max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"}),
        error_messages={"required": "Write a word to look for."},
    )  # fmt: skip

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if not any(len(term) > 1 for term in terms_of(words)):
            raise forms.ValidationError("Write a word of two letters or more.")
        return words


class FileSearch(FilePage, View):
    """All concerns that whoever acts may read, looked through for some words."""

    def get(self, request: UserRequest) -> HttpResponse:
        return self._page(SearchForm())

    @limited(SEARCHES)
    def post(self, request: UserRequest) -> HttpResponse:
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        terms = terms_of(form.cleaned_data["words"])
        if not self._is_noted(digest_of(terms)):
            record("file.searched", by=self.me, query=digest_of(terms))
            return redirect("safeguarding:search", preserve_request=True)
        take_your_time()
        return self._page(form, found=find(terms))

    def _is_noted(self, digest: str) -> bool:
        """By a request that is over; each search by itself."""
        mine = Event.objects.filter(actor_id=self.me.pk, action="file.searched", detail__query=digest)
        return mine.filter(at__gt=Now() - HOLDS).exists()

    def _page(self, form: SearchForm, **more: object) -> HttpResponse:
        return render(self.request, "safeguarding/search.html", {"form": form} | more)
