"""Compiled functions, kept as machine code: numba, which compiles them, takes longer to load than most logs to read.

A kernel is a plain function over integers and one-dimensional arrays, which it sees as bare memory: no bounds, no
objects, no exceptions. It holds no lock, so threads can run it side by side; and it runs as it is written, too.
"""

from backdesk.evidence.kernels.reflecting import Kernel
from backdesk.evidence.kernels.running import compiled

__all__ = ["Kernel", "compiled"]
