"""Pages of long lists."""

from django.core.paginator import Page, Paginator


class ShortListPaginator(Paginator):  # type: ignore[type-arg]
    """Counts only where there is more than one page: what fits on the first has been counted by showing it."""

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]
        if str(number) != "1":
            return super().page(number)
        rows = list(self.object_list[: self.per_page + 1])
        if len(rows) <= self.per_page:
            vars(self)["count"] = len(rows)
        return Page(rows[: self.per_page], 1, self)
