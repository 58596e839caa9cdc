from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from agencies.roles import Role


def _nobody(user) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """One thing an official may do: who, when, with which form, by which service."""

    label: str | Promise
    roles: tuple[Role, ...]
    when: Callable
    form: Callable
    act: Callable
    done: str | Promise
    style: str = "secondary"
    intro: str | Promise = ""
    also: Callable = _nobody  # who enters without one of the roles: a deputy

    def is_for(self, user) -> bool:
        return user.has_role(*self.roles) or self.also(user)
