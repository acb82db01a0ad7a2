"""A phone and a scanner made of arithmetic: pictures of drawn documents."""

from demo.documents.camera.photo import Photo, photograph, take_photo
from demo.documents.camera.scanner import scan_pages

__all__ = ["Photo", "photograph", "scan_pages", "take_photo"]
