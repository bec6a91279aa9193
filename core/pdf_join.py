"""Finished PDFs into one file to print, bookmarks and tags kept: the only place that knows pikepdf."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf


@dataclass(frozen=True)
class Part:
    """A finished PDF and the bookmark under which it stands in the joined file."""

    title: str
    path: Path


def join_pdfs(parts: Iterable[Part], target: IO[bytes], *, title: str, right_hand: bool = True) -> int:
    """Write all parts as one tagged PDF with a bookmark each; returns its number of pages.

    With `right_hand` every part begins on an odd page, so that a two-sided print can be taken apart.
    """
    with pikepdf.new() as joined, ExitStack() as sources:
        tags = _Tags(joined)
        bookmarks = []
        for part in parts:
            if right_hand and len(joined.pages) % 2:
                joined.add_blank_page(page_size=tuple(float(side) for side in joined.pages[-1].mediabox[2:]))
            bookmarks.append(OutlineItem(part.title, len(joined.pages)))
            # Read whole, because a source must stay open until the end and a school has more students than open files.
            source = sources.enter_context(pikepdf.open(BytesIO(part.path.read_bytes())))
            first = len(joined.pages)
            for page in source.pages:
                joined.pages.append(page)
            tags.take_over(source, joined.pages[first:])
        with joined.open_outline() as outline:
            outline.root.extend(bookmarks)
        tags.write()
        _name_document(joined, title)
        joined.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(joined.pages)


def _name_document(joined: Pdf, title: str) -> None:
    joined.Root.Lang = pikepdf.String("en-GB")
    joined.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    joined.Root.PageMode = Name.UseOutlines
    joined.docinfo["/Title"] = title
    with joined.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {"en-GB"}


class _Tags:
    """The structure trees of the parts under one root.

    Each page names its row in its part's parent tree by a number; all rows go into one tree, so the numbers move up.
    """

    def __init__(self, joined: Pdf) -> None:
        self.joined = joined
        self.root = joined.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = joined.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root))
        self.tops: list[Object] = []
        self.rows: list[Object] = []
        self.next_number = 0

    def take_over(self, source: Pdf, pages: Iterable[pikepdf.Page]) -> None:
        """Call after the pages were copied: only then do the tags' references follow them."""
        tree = source.Root.get("/StructTreeRoot")
        if tree is None:
            return
        for top in tree.K:
            copy = self.joined.copy_foreign(top)
            copy.P, copy.S = self.document, Name.Part
            self.tops.append(copy)
        first, numbers = self.next_number, list(tree.ParentTree.Nums)
        for number, row in zip(numbers[::2], numbers[1::2], strict=True):
            self.rows += [int(number) + first, self._copied(row)]
            self.next_number = max(self.next_number, int(number) + first + 1)
        for page in pages:
            if "/StructParents" in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + first
            for note in page.obj.get("/Annots", Array()):
                if "/StructParent" in note:
                    note.StructParent = int(note.StructParent) + first

    def _copied(self, row: Object) -> Object:
        if row.is_indirect:
            return self.joined.copy_foreign(row)
        return Array([self.joined.copy_foreign(element) for element in row])

    def write(self) -> None:
        self.document.K = Array(self.tops)
        self.root.K = Array([self.document])
        self.root.ParentTree = self.joined.make_indirect(Dictionary(Nums=Array(self.rows)))
        self.root.ParentTreeNextKey = self.next_number
        self.joined.Root.StructTreeRoot = self.root
        self.joined.Root.MarkInfo = Dictionary(Marked=True)
