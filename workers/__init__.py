"""Background processes: workers, relay, schedule and the supervisor that runs them all."""

import os

# One core a reader: engines that start threads of their own only fight each other. Said before
# anything imports them; a process without threads is also one that may be forked.
for _threads in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
