"""Data in: a school's MIS exports, previewed and then applied; and the invented school of the demo."""
