"""The bank of proformas: two to four short questions, each answered with one of three to five words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    text: str
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 3 <= len(self.words) <= 5:
            raise ValueError("a question has three to five answers to choose from")


@dataclass(frozen=True)
class Proforma:
    """The last question's answers are the buttons that send: as many taps as questions."""

    key: str
    title: str
    questions: tuple[Question, ...]

    @property
    def as_data(self) -> list[dict[str, object]]:
        """As it is kept with each request: later changes of the bank do not change what was asked."""
        return [{"text": q.text, "words": list(q.words)} for q in self.questions]

    @property
    def outline(self) -> str:
        """The questions in a line."""
        return " · ".join(q.text for q in self.questions)


EFFORT = Question("Effort in lessons", ("Gives their best", "Usually good", "Up and down", "Rarely tries"))
HOMEWORK = Question("Homework", ("Always done", "Mostly done", "Often missing", "None set"))
GOING = Question("How is it going?", ("Well", "All right", "Some worries", "I am worried"))
BANK = (
    Proforma("going", "How is it going", (EFFORT, GOING)),
    Proforma("homework", "Homework and effort", (HOMEWORK, EFFORT, GOING)),
    Proforma(
        "review",
        "Before a review of support",
        (
            Question("Agreed support in your lessons", ("Always", "Mostly", "Sometimes", "Not yet")),
            Question("Works without help", ("Often", "Sometimes", "Seldom")),
            Question(
                "Progress with that support", ("More than hoped", "As hoped", "Less than hoped", "Too early to say")
            ),
        ),
    ),
)
BY_KEY = {proforma.key: proforma for proforma in BANK}
