"""Other children in one child's file: each is Pupil B, C … in every line, however their name was written."""

import uuid

import pytest

from safeguarding.pseudonyms import Named, Pseudonyms, letters, named

AMARA = Named(uuid.uuid4(), frozenset({("Amara", "Okafor"), ("Amarachi", "Okafor")}))


def hidden(text: str, *others: str | tuple[str, ...]) -> str:
    """`others`: full names, the last word (or what is behind |) the surname; a tuple has several names of one child."""
    children = []
    for other in others:
        names = other if isinstance(other, tuple) else (other,)
        pairs = frozenset(_parted(name) for name in names)
        children.append(Named(uuid.uuid4(), pairs))
    return Pseudonyms(AMARA, children).hide(text)


def _parted(name: str) -> tuple[str, str]:
    forename, _, surname = name.rpartition("|" if "|" in name else " ")
    return forename, surname


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ben Achterberg hit Amara.", "Pupil B hit Amara."),
        ("ben achterberg, BEN and Achterberg", "Pupil B, Pupil B and Pupil B"),
        ("Achterberg, Ben was there", "Pupil B was there"),
        ("Ben’s phone, BEN'S bag, bens mate", "Pupil B’s phone, Pupil B’s bag, Pupil B’s mate"),
        ("the Achterbergs' flat", "the Pupil B’s' flat"),
        ("BenAchterberg on Snapchat, ben_achterberg99", "Pupil B on Snapchat, Pupil B_Pupil B99"),
        ("Ben\u00adAchterberg and Be\u200bn", "Pupil B and Pupil B"),
        ("Benjamin and Bennett sat on the bench", "Benjamin and Bennett sat on the bench"),
        ("Amara Okafor and Amarachi said", "Amara Okafor and Amarachi said"),
        ("Ben\nAchterberg", "Pupil B"),
    ],
)  # fmt: skip
def test_every_way_of_writing_a_name(text: str, shown: str) -> None:
    assert hidden(text, "Ben Achterberg") == shown


@pytest.mark.parametrize(
    ("other", "text", "shown"),
    [
        ("Siobhán O’Brien", "Siobhan OBrien; O'Brien; o brien; SIOBHÁN", "Pupil B; Pupil B; Pupil B; Pupil B"),
        ("Mary-Jane Smith-Jones", "Mary Jane; mary; Smith; Smith Jones; Smith‐Jones; MaryJane",
         "Pupil B; Pupil B; Pupil B; Pupil B; Pupil B; Pupil B"),
        ("Lukas|van der Berg", "the van was Lukas Berg’s, van der Berg said", "the van was Pupil B’s, Pupil B said"),
        ("Zoë Şahin", "zoe sahin ZOE Sahin’s", "Pupil B Pupil B’s"),
        ("Will May", "Will will come in may; WILL’s mum", "Pupil B will come in may; Pupil B’s mum"),
        ("Jo Ng", "jo and Ng went; Jos bag", "Pupil B and Pupil B went; Pupil B’s bag"),
        ("Thi Ha", "this has begun; thi came", "this has begun; Pupil B came"),
        ("James Hughes", "James, James’s and James’ coat", "Pupil B, Pupil B’s and Pupil B’ coat"),
    ],
)  # fmt: skip
def test_names_of_every_kind(other: str, text: str, shown: str) -> None:
    assert hidden(text, other) == shown


def test_legal_preferred_and_former_names_are_one_child() -> None:
    names = ("Bea Achterberg", "Benjamin Achterberg-Low", "Ben Achterberg")
    text = "Bea, once Benjamin Low, Ben Achterberg-Low and Bea Low"
    assert hidden(text, names, "Cleo Marsh") == "Pupil B, once Pupil B, Pupil B and Pupil B"


def test_the_childs_own_name_stays_also_beside_a_sibling() -> None:
    text = "Ben and Amara Okafor; Ben Okafor; the Okafors; Amara Okafor, Ben and Mrs Okafor"
    assert (
        hidden(text, "Ben Okafor")
        == "Pupil B and Amara Okafor; Pupil B; the Okafors; Amara Okafor, Pupil B and Mrs Okafor"
    )


def test_a_short_part_of_the_childs_own_name_stays_as_well() -> None:
    own = Named(uuid.uuid4(), frozenset({("Jo Ann", "Li")}))
    names = Pseudonyms(own, [Named(uuid.uuid4(), frozenset({("Jo", "Achterberg")}))])
    assert names.hide("Jo and Jo Achterberg") == "Jo and Pupil B"


def test_of_two_with_one_surname_both_are_said() -> None:
    text = "Achterberg said that Cleo Achterberg and Ben"
    assert hidden(text, "Ben Achterberg", "Cleo Achterberg") == "Pupil B or Pupil C said that Pupil C and Pupil B"


def test_everything_in_what_was_written_is_looked_through_and_nothing_else_changed() -> None:
    names = Pseudonyms(AMARA, [Named(uuid.uuid4(), frozenset({("Ben", "Achterberg")}))])
    words = {"seen": "Ben", "marks": [{"by": "ben"}], "n": 3, "none": None}
    assert names.hide_in(words) == {"seen": "Pupil B", "marks": [{"by": "Pupil B"}], "n": 3, "none": None}


def test_letters_go_on_after_z() -> None:
    assert [letters(place) for place in (1, 2, 25, 26, 51, 52, 701, 702)] == [
        "B",
        "C",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_child_keeps_the_letter_in_whatever_order_names_come() -> None:
    ben, cleo = uuid.uuid4(), uuid.uuid4()
    rows = [(1, ben, "Ben", "Achterberg"), (1, ben, "Benjamin", "Achterberg"), (2, cleo, "Cleo", "Marsh")]
    names = Pseudonyms(AMARA, named(rows))
    assert (names.of(ben), names.of(cleo), names.of(AMARA.key)) == ("Pupil B", "Pupil C", "")
