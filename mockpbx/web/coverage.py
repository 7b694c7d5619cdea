"""How much of the documented API was exercised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .documented import statuses

if TYPE_CHECKING:
    from .catalog import Catalog


def report(catalog: Catalog, exercised: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    """Operations and statuses that were exercised, out of those documented.

    `exercised` counts answers by operation and status.
    """
    operations = []
    for operation in catalog.operations:
        label = operation.label
        seen = {status: count for (name, status), count in exercised.items() if name == label}
        documented = statuses(operation)
        operations.append(
            {
                "operation": label,
                "statuses": {str(status): seen[status] for status in sorted(seen)},
                "missing": [status for status in documented if status not in seen],
            }
        )
    used = [one for one in operations if one["statuses"]]
    pairs = sum(len(one["statuses"]) for one in used)
    return {
        "operations": _share(len(used), len(operations)),
        "statuses": _share(pairs, pairs + sum(len(one["missing"]) for one in operations)),
        "exercised": used,
        "missing": [one["operation"] for one in operations if not one["statuses"]],
    }


def _share(part: int, whole: int) -> dict[str, Any]:
    return {"exercised": part, "documented": whole, "percent": round(100 * part / whole, 1)}
