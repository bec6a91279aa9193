"""What the school knows beside the tutor: subjects, grades, effort, behaviour, the term's comment."""
