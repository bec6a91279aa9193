"""Primary keys: UUIDv7, so that rows made together lie together in the index."""

import uuid

from uuid_utils.compat import uuid7

__all__ = ["uuid7"]

UUID = uuid.UUID
