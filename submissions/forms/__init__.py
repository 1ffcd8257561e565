"""What people send."""

from submissions.forms.account import AccountForm, SignupExtras

__all__ = ["AccountForm", "SignupExtras"]
