"""Text with a little form to it: paragraphs, emphasis, lists, quotes, links. Nine tags and nothing else.

Cleaned when it is saved and again when it is shown, so that neither an old row nor another way in can carry more.
No page uses it yet: plain text is enough until a longer document needs headings of its own.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
SCHEMES = {"https", "mailto"}


def clean(html: str) -> str:
    """What may be saved: allowed tags, links that lead to https or mailto, no other attribute at all."""
    return nh3.clean(
        html.replace("\x00", ""),
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        attribute_filter=_only_whole_addresses,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _only_whole_addresses(tag: str, attribute: str, value: str) -> str | None:
    """A relative address could lead anywhere, beginning with two slashes."""
    return value if attribute != "href" or value.partition(":")[0].lower() in SCHEMES else None


def shown(html: str) -> SafeString:
    """What a page may hold: the saved text, cleaned once more."""
    return mark_safe(clean(html))  # noqa: S308 (the one place: nh3 has just cleaned it)
