"""Makes a worker process die at the page that carries a marker, as a broken C library would: for one test only.

Python imports this module at start when its folder is on PYTHONPATH.
"""

import os
import signal
import sys

MARKER = b"RACUN-PROSES-PEKERJA"

if "worker" in sys.orig_argv:
    from workers.pipeline import reading

    read = reading.read

    def deadly(page, *arguments, **named):
        if MARKER in page.body:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(page, *arguments, **named)

    reading.read = deadly
