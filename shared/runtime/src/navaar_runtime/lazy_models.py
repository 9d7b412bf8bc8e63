"""Import a library of pydantic models without building them: each is built when it is first used.

aiogram rebuilds its 450 models at import, and each of them again holds nearly all others: four seconds of a fast
machine's CPU at every start, for the dozen models that are used.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import Literal, Optional, Union

from pydantic import BaseModel


def import_unbuilt(library: str, names_from: str) -> None:
    """Import `library`; its modules see each public name of the module `names_from`, which their annotations speak of.

    pydantic then finds by itself what an annotation means, at a model's first use. Nothing changes where the library
    builds its models otherwise.
    """
    built_at_once = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(lambda cls, **_: None)  # type: ignore[assignment, method-assign]
    try:
        import_module(library)
    finally:
        BaseModel.model_rebuild = built_at_once  # type: ignore[method-assign]
    types = import_module(names_from)
    names = {name: getattr(types, name) for name in types.__all__}
    names |= {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal}
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{library}."):
            for missing in names.keys() - vars(module).keys():
                setattr(module, missing, names[missing])


def keep_built(model: type[BaseModel]) -> None:
    """Keep what is made of a generic model, `model[T]`, for the life of the process.

    pydantic holds it weakly: whoever names it anew for each answer that he reads lets it be built again after each
    collection of garbage, with all that it consists of. Of aiogram's that is a tenth of a second of CPU.
    """
    model.__class_getitem__ = staticmethod(cache(model.__class_getitem__))  # type: ignore[assignment, method-assign]
