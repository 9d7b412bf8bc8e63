"""Import a library of pydantic models without building them: each is built when it is first used.

aiogram rebuilds its 450 models at import, and each of them again holds nearly all others: four seconds of a fast
machine's CPU at every start, for the dozen models that are used.
"""

from __future__ import annotations

import sys
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
