"""Marks seen on a child: areas of the body, the drawing, and the form field that takes them.

Source: the practice of English schools with body maps: what was seen, where, how large, who saw it and when, and the
child's explanation in their words. A child is never undressed for it, no injury is photographed, and nobody in school
says how old a bruise is.
"""

from safeguarding.body_map.areas import AREAS, Area, name_of, places_by_group
from safeguarding.body_map.drawing import ShownMark, ShownMarks, figures_with, marks_shown
from safeguarding.body_map.fields import MOST_MARKS, MarksField, MarksWidget, typed_marks
from safeguarding.body_map.lines import KINDS, LINES

__all__ = [
    "AREAS",
    "KINDS",
    "LINES",
    "MOST_MARKS",
    "Area",
    "MarksField",
    "MarksWidget",
    "ShownMark",
    "ShownMarks",
    "figures_with",
    "marks_shown",
    "name_of",
    "places_by_group",
    "typed_marks",
]
