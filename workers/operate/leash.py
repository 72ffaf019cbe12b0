"""Runs a program that ends when its parent does: `python -m workers.operate.leash PARENT PROGRAM ARGUMENT…`.

The kernel keeps the leash through exec, so this works for programs that know nothing of it (a Redis server).
"""

from __future__ import annotations

import os
import sys

from workers.operate.processes import die_with

if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the program is one that we chose
