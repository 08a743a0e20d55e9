"""The one exception tree of the landing zone.

Every error that a person can cause or mend is a `GovcloudError`; a verb prints it as one paragraph and
exits with its code. Anything else that escapes, but for what the system refuses, is a defect and shows its
traceback.
"""

from __future__ import annotations

from typing import ClassVar


class GovcloudError(Exception):
    """What went wrong, in one sentence, and what to do about it.

    Args:
        what: what happened and where; names the object, the value and what was expected.
        hint: what the reader should do next; a command where there is one.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        """The whole paragraph, as a person reads it."""
        return f"{self.what} {self.hint}".strip()


class RequestError(GovcloudError):
    """A request or platform file is wrong; nothing was touched."""

    exit_code = 2


class PlanError(GovcloudError):
    """The requests are well formed but cannot be met together (addresses, quotas, flows)."""

    exit_code = 2


class MachineError(GovcloudError):
    """This machine cannot do what was asked: a missing program, port, right, memory or disk."""

    exit_code = 3


class LabError(GovcloudError):
    """A service of the lab failed; the message names it, its last log lines and what to do."""

    exit_code = 4


class CloudError(GovcloudError):
    """The cloud refused or did not answer: unknown name, wrong password, quota, 5xx."""

    exit_code = 5


class HostError(GovcloudError):
    """A host could not be reached or configured."""

    exit_code = 6


class VerificationError(GovcloudError):
    """An audit or a proof found a difference between what is and what should be."""

    exit_code = 7
