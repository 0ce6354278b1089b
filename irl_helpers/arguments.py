"""What a call of ours is given, compared with its annotations before anything is sent.

Stripe's client leaves out a parameter that is None, and makes text of an object: without a look at them, a
call with the wrong argument does something else than was meant, and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from types import FrameType, FunctionType, NoneType, UnionType
from typing import (
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import stripe

from .ids_of_objects import Kind, kind_called

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = {
    NoneType: "None",
    str: "a string",
    int: "an integer",
    bool: "True or False",
    Mapping: "a dict",
    Iterable: "a list",
}
_AMOUNTS = ("amount", "net", "tax", "tip")


class WrongArgument(TypeError):
    """A call was given something that its parameter does not take; nothing was sent.

    `wanted` are the classes that it takes, `kind` says which object is meant by a parameter for an id.
    """

    def __init__(
        self, call: str, parameter: str, wanted: tuple[type, ...], given: object, kind: Kind | None = None
    ) -> None:
        self.call, self.parameter, self.wanted, self.given = call, parameter, wanted, given
        self.kind = kind or (kind_called(parameter.removesuffix("_id")) if str in wanted else None)
        super().__init__(f"{call}() needs {self.needed}, and was given {self.what}.")

    @property
    def object_wanted(self) -> str:
        """The name of the class of Stripe's that is wanted; "" for none."""
        found = (each.__name__ for each in self.wanted if issubclass(each, stripe.StripeObject))
        return next(found, "")

    @property
    def needed(self) -> str:
        """What would be right: "a Reader's id", "the Reader itself", "a string as label"."""
        if self.object_wanted:
            return f"the {self.object_wanted} itself"
        if self.kind:
            return f"a {self.kind.name}'s id"
        names = " or ".join(_words(each) for each in self.wanted if each is not NoneType)
        return f"{names} as {self.parameter}"

    @property
    def right(self) -> str:
        """The same, with where it comes from."""
        if self.kind and not self.object_wanted:
            return f"an id that begins with {self.kind.prefix}; {self.kind.found_by}"
        if self.parameter in _AMOUNTS:
            return f"{self.needed}, in the smallest unit: 1250 is 12.50"
        kind = kind_called(self.object_wanted)
        return f"{self.needed}; {kind.found_by if kind else f'help({self.call}) says more'}"

    @property
    def what(self) -> str:
        """What was given: "None", "a string", "a Reader"."""
        return _words(type(self.given))


def _words(kind: type) -> str:
    article = "an" if kind.__name__[0] in "aeiouAEIO" else "a"
    return _WORDS.get(kind, f"{article} {kind.__name__}")


def checked(call: Callable[P, R]) -> Callable[P, R]:
    """The same call, which raises WrongArgument for what its annotations do not allow: None where they have
    no None, an object where they say `str`, a string where they name an object of Stripe's.

    What is inside of a list or a dict is Stripe's to judge, and so is the text of a string.
    """

    @wraps(call)
    def with_arguments(*args: P.args, **kwargs: P.kwargs) -> R:
        positional, wanted = _wanted(call)
        for name, given in (*zip(positional, args, strict=False), *kwargs.items()):
            classes = wanted.get(name, (object,))
            if not isinstance(given, classes):
                raise WrongArgument(call.__name__, name, classes, given)
        return call(*args, **kwargs)

    return with_arguments


def may_give(call: Callable[..., object]) -> tuple[type, ...]:
    """The classes of what a call of ours gives, NoneType for one that may find nothing."""
    return _classes(get_type_hints(call).get("return", object))


def called(frame: FrameType) -> str:
    """The name of what this frame calls, also where it is a checked call."""
    call = frame.f_locals["call"] if frame.f_code.co_name == "with_arguments" else frame.f_code
    return str(getattr(call, "__name__", frame.f_code.co_name))


@cache  # at the first call: annotations are text until somebody needs them
def _wanted(call: Callable[..., object]) -> tuple[tuple[str, ...], Mapping[str, tuple[type, ...]]]:
    """The names of the parameters that have a position, and the classes that each parameter takes."""
    code = cast(FunctionType, call).__code__
    hints = get_type_hints(call)
    wanted = {name: _classes(hint) for name, hint in hints.items() if name != "return"}
    return code.co_varnames[: code.co_argcount], wanted


def _classes(hint: object) -> tuple[type, ...]:
    """The classes of what an annotation allows; `object` where it cannot be told by the class."""
    origin = get_origin(hint) or hint
    if origin in (Union, UnionType):
        return tuple(one for part in get_args(hint) for one in _classes(part))
    if origin is Literal:
        return tuple({type(each) for each in get_args(hint)})
    if hasattr(origin, "__required_keys__"):  # a TypedDict, Python's or the one that Stripe's library has
        return (Mapping,)
    return (origin,) if isinstance(origin, type) and origin is not Any else (object,)
