"""Every measured thing by its kernel's name, as rulebook/signals/measures.yaml asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.domain import kernels_flows, kernels_loans, kernels_notices, kernels_registers, kernels_statements, kernels_trade
from tools.domain.signal_case import Case
from tools.domain.signals import Measured

Kernel = Callable[[Case, Mapping[str, Any]], Measured]
_MODULES = (kernels_loans, kernels_notices, kernels_flows, kernels_registers, kernels_statements, kernels_trade)

KERNELS: Mapping[str, Kernel] = {
    name: kernel
    for module in _MODULES
    for name, kernel in vars(module).items()
    if callable(kernel)
    and not name.startswith("_")
    and getattr(kernel, "__module__", "") == module.__name__
    and not isinstance(kernel, type)
}
"""The public functions of the kernel modules."""
