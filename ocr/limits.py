"""How much of one document we are willing to read; the numbers alone."""

from __future__ import annotations

# Bytes, looked at before anything is parsed.
IMAGE_BYTES = 25_000_000
PDF_BYTES = 10_000_000
XML_BYTES = 3_000_000  # KSeF's own limit with attachments
DOCUMENT_BYTES = 60_000_000  # all files of one document together
FILES = 20

# Pictures, looked at in the header before a pixel is decoded.
IMAGE_PIXELS = 50_000_000
IMAGE_SIDE_PX = 12_000
# What is handed on: enough for an A4 page at 400 dpi, small enough for ten pages in one gigabyte.
PAGE_PIXELS = 16_000_000
DOCUMENT_PIXELS = 64_000_000

# PDF, looked at by PDFium before pdfplumber or a renderer sees the page.
PAGES = 20
RENDERED_SIDE_PX = 5_000
PAGE_GLYPHS = 20_000  # a page of small print holds about 8,000
DOCUMENT_GLYPHS = 120_000
PAGE_OBJECTS = 30_000  # texts, paths, pictures and forms
PAGE_SEGMENTS = 400_000  # points of all paths; text drawn as outlines has up to 100,000

# XML
XML_DEPTH = 64
XML_LINES = 10_000  # what FA(3) allows

# The page images that a person sees and that boxes refer to.
SHOWN_SIDE_PX = 2_000
SHOWN_QUALITY = 80
SHOWN_BYTES = 4_000_000

# The child process: bytes, seconds.
# Resident, all processes of one document: what is promised, and where the watcher ends it. Between
# two looks something more is taken; no honest document comes near.
MEMORY_BYTES = 900 << 20
MEMORY_ENDED_BYTES = 820 << 20
DECODER_ADDRESS_BYTES = 800 << 20  # address space while foreign bytes are decoded
ADDRESS_BYTES = 4 << 30  # address space with onnxruntime's mappings
# Processor time ends what loops, of a process for each stage, of all processes for the document.
# The clock on the wall is the last resort against what waits for ever: on a busy machine an honest
# document may have a small share of a processor and still has to be read.
STAGE_CPU_S = 20
DOCUMENT_CPU_S = 90
STAGE_WALL_S = 240
DOCUMENT_WALL_S = 300
FILE_BYTES = 64 << 20
OPEN_FILES = 64
READING_BYTES = 1_000_000  # words are left out of a reading that is longer
RESULT_BYTES = 8_000_000  # 10,000 lines are legal and take this much
