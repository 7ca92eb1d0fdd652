"""Kernels that show what code can be made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def weighed(numbers: Whole, count: int) -> int:
    """Adds up several at a time, for which the processor wants constants beside the code."""
    total = 0
    for place in range(count):
        total += numbers[place] * (place ^ 5)
    return total


def chosen(number: int) -> int:
    """Goes to one of many places, which a table of them is made for."""
    if number == 0:
        return 17
    if number == 1:
        return twice(number + 4)
    if number == 2:
        return 11
    if number == 3:
        return -5
    if number == 4:
        return 23
    return 1


def twice(number: int) -> int:
    return 2 * number


def emptied(numbers: Whole, count: int) -> int:
    """Sets all to nothing, which compilers leave to a function of the system's."""
    for place in range(count):
        numbers[place] = 0
    return count
