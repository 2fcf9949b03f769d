"""Every exception of the library. A message says what is wrong and how to put it right.

GencodeError
├── InputError            what the user gave cannot be used                    exit 2
│   ├── RequestError      the request is empty, too long or not text
│   ├── SettingError      an unknown name or a value out of range
│   ├── PathError         a path would leave the workspace or cannot exist
│   ├── WorkspaceError    the folder is a file, not empty, not writable, in use
│   └── RunNotFoundError  no such run
├── MissingError          something is missing on this machine                 exit 3
├── WiringError           a graph that cannot work, found when it is built
├── StoppedError          the run stopped and can be resumed                   exit 4
│   ├── StorageError      the disk is full or a store cannot be written
│   ├── BudgetError       the budget does not allow another call
│   ├── ApprovalError     a person is to approve of something first
│   └── SandboxError      the sandbox itself failed (never the program in it)
│       └── SandboxLost   it is gone, with all that was in it; another one can be opened
├── ModelError            no model answered
│   └── ContextError      the prompt is too long for every model that could be asked
├── RefusedError          the sandbox will not run this code
└── ServeError            a program was to serve and did not; carries its output
"""


class GencodeError(Exception):
    """Base of everything raised on purpose."""

    exit_status = 1


class InputError(GencodeError, ValueError):
    """What the user gave cannot be used."""

    exit_status = 2


class RequestError(InputError):
    """The request is empty, too long or not text."""


class SettingError(InputError):
    """An unknown name, or a value out of range; the message lists what is known."""


class PathError(InputError):
    """A path that would leave the workspace, that cannot exist everywhere, or whose content hides something."""

    def __init__(self, message: str, *, rule: str = "path/refused", path: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        """For programs, for instance ``path/duplicate`` or ``text/bidi``."""
        self.path = path
        """As ``ascii`` shows it."""


class WorkspaceError(InputError):
    """The workspace folder cannot be used as it is."""


class RunNotFoundError(InputError, LookupError):
    """There is no such run."""


class MissingError(GencodeError, RuntimeError):
    """Something is missing on this machine; the message says how to get it."""

    exit_status = 3


class WiringError(GencodeError, TypeError):
    """A graph that cannot work, found when it is built."""


class StoppedError(GencodeError, RuntimeError):
    """The run stopped before its end and can be resumed."""

    exit_status = 4


class StorageError(StoppedError, OSError):
    """The disk is full, or a store cannot be written."""


class BudgetError(StoppedError):
    """The budget does not allow another call to a model; the message says which limit, and how to raise it."""


class ApprovalError(StoppedError):
    """A person is to approve of something before the run can go on; the message says of what, and how."""


class SandboxError(StoppedError):
    """The sandbox itself failed; never raised for what the program in it did."""


class SandboxLost(SandboxError):  # noqa: N818 - what is lost is no error of ours
    """The sandbox is gone or broken by what happened around it: what it was to do is done again in another one."""


class ModelError(GencodeError, RuntimeError):
    """No model answered; the message says what each one did."""


class ContextError(ModelError):
    """The prompt is too long for every model that could be asked."""


class RefusedError(GencodeError, PermissionError):
    """The sandbox will not run this code."""


class ServeError(GencodeError, RuntimeError):
    """A program was to serve and did not answer; a fault of the program, for a check to report."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output
        """The end of what the program wrote."""
