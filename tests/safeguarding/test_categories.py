"""The kinds of concern: codes that no record loses, guidance for each that a shaken person can read."""

import re

import pytest
from django.template.loader import render_to_string

from safeguarding.categories import (
    ALWAYS,
    GROUP_OF,
    GROUPS,
    LABELS,
    OWN,
    Guidance,
    category_choices,
    guidance_for,
    label_of,
)

DSL = "safeguarding captain"
GUIDANCE = {"always": ALWAYS} | {group.code: group.guidance for group in GROUPS} | OWN
MOST_WORDS, LONGEST_SENTENCE = 90, 24
# Kept in records: a code may be added, none may go or change what it means.
CODES = """abuse-physical abuse-emotional abuse-sexual abuse-neglect child-bullying child-online-bullying
    child-prejudice child-physical child-sexual-violence child-sexual-harassment child-nudes child-hazing
    child-relationship-abuse exploit-sexual exploit-criminal exploit-slavery exploit-financial exploit-violence
    exploit-weapon family-domestic-abuse family-substances family-mental-health family-prison family-young-carer
    family-housing family-fostering family-bereavement family-forced-marriage family-honour family-fgm
    family-faith family-illness self-harm self-suicide self-eating self-mental-health self-substances
    self-missing self-absence self-no-school self-pregnancy online-content online-contact online-conduct
    online-commerce online-ai extremism-radicalisation other-medical other-court other-abduction
    other-cybercrime other-hate other-place other-past other"""
# Words of offices, which somebody who raises a concern for the first time need not know.
JARGON = re.compile(
    r"\b(?:disclos\w+|perpetrator|safeguarding|DSL|threshold|multi-agency|strategy|section 47|LADO|MASH|allegation"
    r"|proforma|escalat\w+|contextual|stakeholder|implement\w*|ensure|regarding|prior to|in order to|incident)\b",
    re.IGNORECASE,
)


def _whole(guidance: Guidance) -> str:
    return " ".join([guidance.write, guidance.now, guidance.never])


def test_no_code_of_a_record_is_lost() -> None:
    assert LABELS.keys() >= set(CODES.split())


def test_codes_and_labels_stand_once_and_fit_a_column() -> None:
    listed = [code for group in GROUPS for code in group.categories]
    assert len(listed) == len(set(listed)) == len(LABELS)
    assert len(set(LABELS.values())) == len(LABELS)
    assert len({group.code for group in GROUPS}) == len(GROUPS) == 8
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) and len(code) <= 40 for code in listed)
    assert all(label[0].isupper() and len(label) <= 60 for label in LABELS.values())
    assert OWN.keys() <= LABELS.keys()


@pytest.mark.parametrize("code", LABELS)
def test_every_code_leads_to_guidance_in_the_schools_words(code: str) -> None:
    guidance = guidance_for(code, dsl=DSL)
    assert guidance.write
    assert guidance.never
    assert f"the {DSL}" in guidance.now
    assert "{" not in _whole(guidance)


def test_a_code_of_another_time_is_shown_and_has_what_always_holds() -> None:
    assert label_of("gone") == "gone"
    assert guidance_for("gone", dsl=DSL) == ALWAYS.for_school(DSL)


def test_choices_hold_every_code_under_its_group() -> None:
    assert [(group, code) for group, rows in category_choices() for code, _ in rows] == [
        (group.label, code) for code, group in GROUP_OF.items()
    ]


@pytest.mark.parametrize("name", GUIDANCE)
def test_it_is_short_and_plain(name: str) -> None:
    text = _whole(GUIDANCE[name].for_school("lead"))
    assert len(text.split()) <= MOST_WORDS
    sentences = re.split(r"(?<=[.?!])\s+", text)
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE
    assert not JARGON.search(text), JARGON.search(text)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("family-fgm", ["101", "If you are a teacher", "yourself tell the police", "under 18", "Never examine"]),
        ("child-nudes", ["Do not look at, copy", "forward", "Delete nothing"]),
        ("online-ai", ["do not look at, copy or forward"]),
        ("extremism-radicalisation", ["999", "Prevent"]),
        ("family-forced-marriage", ["Do not speak to the family", "999"]),
        ("self-suicide", ["Do not leave the child alone", "999"]),
        ("abuse-physical", ["Do not undress", "photograph"]),
    ],
)
def test_what_must_not_be_left_out(code: str, words: list[str]) -> None:
    text = _whole(guidance_for(code, dsl=DSL))
    assert [word for word in words if word not in text] == []


def test_what_holds_for_every_concern() -> None:
    text = _whole(ALWAYS.for_school(DSL))
    assert text.index("999 first") < text.index(DSL)
    for words in (
        "quotation marks",
        "Tell me. Explain to me. Describe it to me.",
        "Do not promise",
        "Do not investigate",
    ):
        assert words in text


def test_the_page_says_all_three() -> None:
    guidance = guidance_for("other", dsl="<lead>")
    page = render_to_string("safeguarding/_category_guidance.html", {"guidance": guidance, "title": "Something else"})
    assert "Something else" in page
    assert "Tell the &lt;lead&gt; today." in page
    assert all(heading in page for heading in ("<dt>Now</dt>", "<dt>Write</dt>", "<dt>Never</dt>"))
