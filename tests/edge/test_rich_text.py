"""Rich text: nine tags stay, nothing that runs, loads or leads astray does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rich_text import SCHEMES, TAGS, clean, shown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<p onclick=alert(1)>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa&#x09;Script:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//elsewhere.example'>x</a>",
    "<a href='http://elsewhere.example'>x</a>",
    "<a href=' https://elsewhere.example' target=_blank onmouseover=alert(1)>x</a>",
    "<iframe src='https://elsewhere.example'></iframe>",
    "<form action='https://elsewhere.example'><input name=password></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://elsewhere.example'</style>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<base href='https://elsewhere.example/'>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example'>",
    "<link rel=stylesheet href='https://elsewhere.example'>",
    "<template><script>alert(1)</script></template>",
    "<p>\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "{{7*7}}<p id=x class=y data-x=z hx-get=/school/>x</p>",
]
GOOD = "<p>A <strong>firm</strong> <em>word</em><br>and</p><ul><li>one</li></ul><blockquote>said</blockquote>"


def _harmless(html: str) -> bool:
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", html)}
    links = re.findall(r'href="([^"]*)"', html)
    attributes = set(re.findall(r'<[a-z]+\s[^>]*?([\w-]+)="', html))
    led = all(link.partition(":")[0].lower() in SCHEMES for link in links)
    return tags <= TAGS and led and attributes <= {"href", "rel"}


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_runs_or_leads_astray_stays(html: str) -> None:
    for text in (clean(html), str(shown(html))):
        assert _harmless(text), text
        assert "javascript:" not in text.lower().replace("\t", "")


def test_the_nine_tags_stay() -> None:
    assert clean(GOOD) == GOOD
    link = clean('<a href="https://www.gov.uk/">x</a> <a href="mailto:a@b.example">y</a>')
    assert link.count("href=") == 2
    assert "noopener" in link
    assert len(TAGS) == 9


def test_an_old_row_is_cleaned_again_when_it_is_shown() -> None:
    assert "script" not in shown("<p>x</p><script>alert(1)</script>")


@given(st.text(alphabet="<>/'\"=&;: \tascriptonherfjv#x09!-", max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert _harmless(once)
