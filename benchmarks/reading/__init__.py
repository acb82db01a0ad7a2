"""How well, how fast and at what cost documents are read, beside simpler ways to do it."""

import os

# As in a worker: one core, and libraries that would start threads of their own otherwise wait for
# each other at the cost of processor seconds. Said before anything imports them.
for _threads in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
