"""What people send."""

from submissions.forms.account import AccountForm, SignupExtras
from submissions.forms.files import FilesForm
from submissions.forms.statement import (
    LEVEL_WORDS,
    SignatureForm,
    Statement,
    WorkForm,
    with_reading,
    with_tool,
    without_tool,
)

__all__ = [
    "LEVEL_WORDS",
    "AccountForm",
    "FilesForm",
    "SignatureForm",
    "SignupExtras",
    "Statement",
    "WorkForm",
    "with_reading",
    "with_tool",
    "without_tool",
]
