"""A second look at a line to staff: it tells them what to do and never that there is a file, or why.

Local rules, as in safeguarding.writing_check: nothing leaves the server, and whoever is sure publishes all the same.
"""

import re

from safeguarding.writing_check import remarks

# What says, or lets one guess, that a child is known to the leads or to an agency (KCSIE: the file stands apart).
TELLS = re.compile(
    r"\b(?:files?|on record|concerns?|safeguarding|child protection|CP plan|child in need|CIN"
    r"|social (?:work\w*|care|services)|section (?:17|47)|strategy meeting|MASH|LADO|CPOMS|police|court"
    r"|disclos\w+|alleg\w+|abus\w+|neglect\w*|referr\w+)\b",
    re.IGNORECASE,
)


def second_look(text: str) -> list[str]:
    """What a careful colleague would say before it is published; nothing where it is as it should be."""
    found = list(dict.fromkeys(match.group().lower() for match in TELLS.finditer(text)))
    said = []
    if found:
        words = ", ".join(f"“{word}”" for word in found)
        said.append(f"{words}: lets people guess that there is a file, or why. Say only what they are to do.")
    initials = [remark.words for remark in remarks(text, words_of="child") if remark.kind == "initials"]
    if initials:
        said.append(f"{', '.join(initials)}: initials. Write the name, or leave the person out.")
    return said
