"""All addresses the resolver knows, and for each of ours what it asks of a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One named address: its full name and the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    pattern: URLPattern


def all_addresses() -> list[Address]:
    """Every address of the site, namespaces included, in the order of the resolver."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner)
        else:
            arguments = tuple(entry.pattern.regex.groupindex)
            yield Address(f"{namespace}{entry.name}", arguments, entry)
