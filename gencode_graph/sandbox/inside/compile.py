"""Run with ``python -I -S``: compiles the packages below a folder, and runs nothing of them.

With ``-S`` no package's ``.pth`` file is read: a line of one can be code, which an installer that starts the new
environment's own interpreter would run. What cannot be compiled is left as it is.
"""

import compileall
import contextlib
import sys

with contextlib.suppress(Exception):
    compileall.compile_dir(sys.argv[1], quiet=2, workers=0)
