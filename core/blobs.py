"""Files by the SHA-256 of their bytes: never changed, never overwritten, in a folder or in S3."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlparse

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from core.errors import DomainError, Kind
from core.settings import Settings


class BlobMissing(DomainError):
    """The store has no file of that hash, or its bytes no longer have it."""

    kind = Kind.NOT_FOUND
    code = "file-missing"


class StorageUnavailable(DomainError):
    kind = Kind.UNAVAILABLE
    code = "storage-unavailable"


class Blobs(Protocol):
    """What the house needs of a file store."""

    def put(self, data: bytes) -> str:
        """Store `data` durably, once; returns its SHA-256 in hex."""

    def get(self, sha256: str) -> bytes:
        """The bytes of that hash, checked. Raises `BlobMissing`."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes (retention only)."""

    def check(self) -> None:
        """Raise `StorageUnavailable` unless the store can be reached."""


def _path(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise BlobMissing(f"{sha256[:80]!r} is no SHA-256 in hex")
    return f"{sha256[:2]}/{sha256}"


class StoredBlobs:
    """Blobs over any `obstore` store; for a local folder each new file is flushed to the disk."""

    def __init__(self, store: ObjectStore, *, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = _path(sha256)
        try:
            obstore.put(self._store, path, data, mode="create")
        except AlreadyExistsError:
            return sha256
        except (BaseError, OSError) as error:
            raise StorageUnavailable(str(error)) from error
        if self._folder is not None:
            _flush(self._folder / path)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            data = bytes(obstore.get(self._store, _path(sha256)).bytes())
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        except (BaseError, OSError) as error:
            raise StorageUnavailable(str(error)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobMissing(f"{sha256} was changed in the store")
        return data

    def delete(self, sha256: str) -> None:
        try:
            obstore.delete(self._store, _path(sha256))
        except FileNotFoundError:
            return

    def check(self) -> None:
        try:
            obstore.list_with_delimiter(self._store, "health/")
        except (BaseError, OSError) as error:
            raise StorageUnavailable(str(error)) from error


def _flush(path: Path) -> None:
    # An answer of 201 promises that the file survives a power cut: flush the file, then its folder.
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_blobs(settings: Settings) -> StoredBlobs:
    """The store that the settings name; makes a local folder when it is absent."""
    url = urlparse(settings.files_url)
    if url.scheme == "file":
        folder = Path(unquote(url.path))
        folder.mkdir(parents=True, exist_ok=True)
        return StoredBlobs(LocalStore(folder), folder=folder)
    if url.scheme == "s3":
        options: dict[str, object] = {"prefix": url.path.strip("/") or None}
        if settings.storage_endpoint:
            options["endpoint"] = settings.storage_endpoint
            options["virtual_hosted_style_request"] = False
            if settings.storage_endpoint.startswith("http://"):
                options["client_options"] = {"allow_http": True}
        if settings.storage_key_id:
            options["access_key_id"] = settings.storage_key_id
            options["secret_access_key"] = settings.storage_secret.get_secret_value()
        return StoredBlobs(S3Store(url.netloc, region="auto", **options))  # type: ignore[arg-type]
    raise ValueError(f"STORAGE_URL begins with {url.scheme}:, but only file: and s3: are known.")
