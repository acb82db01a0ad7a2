"""Tesseract inside of this process: the library that its program is made of, models loaded once.

The program spends a quarter of a page's time on starting and on loading its models. The library is
the very one that the program uses, so both read the same; only its C interface (capi.h) is used,
which has not changed since 4.0. A page is foreign only as pixels: they were decoded before.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import time
from typing import Any

import numpy as np

from ocr.engines import Image

_LIBRARY = "libtesseract.so.5"
_LSTM_ONLY, _WHOLE_PAGE = 1, 3

_Handle = ctypes.c_void_p
_Cancel = ctypes.CFUNCTYPE(ctypes.c_bool, _Handle, ctypes.c_int)  # asked before each word
_SIGNATURES = {
    "TessVersion": (ctypes.c_char_p, ()),
    "TessBaseAPICreate": (_Handle, ()),
    "TessBaseAPIInit2": (ctypes.c_int, (_Handle, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int)),
    "TessBaseAPISetVariable": (ctypes.c_int, (_Handle, ctypes.c_char_p, ctypes.c_char_p)),
    "TessBaseAPISetPageSegMode": (None, (_Handle, ctypes.c_int)),
    "TessBaseAPISetImage": (None, (_Handle, ctypes.c_void_p, *(ctypes.c_int,) * 4)),
    "TessBaseAPIRecognize": (ctypes.c_int, (_Handle, _Handle)),
    "TessBaseAPIGetTsvText": (_Handle, (_Handle, ctypes.c_int)),
    "TessBaseAPIClear": (None, (_Handle,)),
    "TessBaseAPIDelete": (None, (_Handle,)),
    "TessDeleteText": (None, (_Handle,)),
    "TessMonitorCreate": (_Handle, ()),
    "TessMonitorSetCancelFunc": (None, (_Handle, _Cancel)),
    "TessMonitorDelete": (None, (_Handle,)),
}


class TesseractLibrary:
    """The library with the models of `languages` ("pol+eng") loaded; use it from one thread.

    OSError where the library is not installed or lacks a function, or its models are not found.
    """

    def __init__(self, languages: str) -> None:
        # Its threads wait for each other longer than they work. Read when the library is loaded.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        library = ctypes.CDLL(_LIBRARY)
        self._functions = {name: _function(library, name) for name in _SIGNATURES}
        self._page = self._call("TessBaseAPICreate")
        if self._call("TessBaseAPIInit2", self._page, None, languages.encode(), _LSTM_ONLY):
            self._call("TessBaseAPIDelete", self._page)
            raise OSError(f"Tesseract has no models for {languages}")
        atexit.register(self._call, "TessBaseAPIDelete", self._page)
        self._call("TessBaseAPISetVariable", self._page, b"debug_file", b"/dev/null")
        self._call("TessBaseAPISetPageSegMode", self._page, _WHOLE_PAGE)

    @property
    def version(self) -> str:
        """As its program says it: `5.3.0`."""
        told: bytes = self._call("TessVersion")
        return told.decode()

    def table(self, grey: Image, *, limit_cpu_s: float) -> str:
        """What stands on a page (height × width) in Tesseract's tab-separated columns.

        TimeoutError when it takes more processor time. Time that passes while others have the
        processor does not count: on a busy machine a dense page is read as on an idle one.
        """
        ends = time.process_time() + limit_cpu_s
        too_long = _Cancel(lambda _monitor, _words: time.process_time() > ends)
        pixels = np.ascontiguousarray(grey)
        height, width = pixels.shape
        monitor = self._call("TessMonitorCreate")
        try:
            self._call(
                "TessBaseAPISetImage", self._page, pixels.ctypes.data, width, height, 1, width
            )
            self._call("TessMonitorSetCancelFunc", monitor, too_long)
            if self._call("TessBaseAPIRecognize", self._page, monitor):
                raise TimeoutError
            text = self._call("TessBaseAPIGetTsvText", self._page, 0)
            if not text:
                return ""
            told = ctypes.string_at(text).decode("utf-8", "replace")
            self._call("TessDeleteText", text)
            return told
        finally:
            self._call("TessMonitorDelete", monitor)
            self._call("TessBaseAPIClear", self._page)

    def _call(self, name: str, *arguments: object) -> Any:
        return self._functions[name](*arguments)


def _function(library: ctypes.CDLL, name: str) -> Any:
    try:
        function = library[name]
    except AttributeError as error:
        raise OSError(f"{_LIBRARY} has no {name}") from error
    function.restype, function.argtypes = _SIGNATURES[name]
    return function
