"""The `fields` parameter of Spotify's playlist calls: which parts of the answer are wanted. Pure.

Grammar, from the Web API reference: names joined by commas, a dot or parentheses to go deeper, `!` to leave out.
For example `items(added_at,item(id,uri)),next` or `items.item.id` or `tracks.items(!added_by)`.
"""

from typing import Any


def select(document: Any, fields: str | None) -> Any:
    """The wanted parts of a document; all of it when nothing was asked."""
    return _apply(document, _parse(fields)[0]) if fields else document


_Tree = dict[str, Any]


def _parse(text: str, position: int = 0) -> tuple[_Tree, int]:
    tree: _Tree = {}
    while position < len(text) and text[position] != ")":
        path, position = _name(text, position)
        inner: _Tree = {}
        if position < len(text) and text[position] == "(":
            inner, position = _parse(text, position + 1)
            position += 1  # the closing parenthesis
        _plant(tree, path.split("."), inner)
        if position < len(text) and text[position] == ",":
            position += 1
    return tree, position


def _name(text: str, position: int) -> tuple[str, int]:
    end = position
    while end < len(text) and text[end] not in ",()":
        end += 1
    return text[position:end].strip(), end


def _plant(tree: _Tree, path: list[str], inner: _Tree) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree.setdefault(path[-1], {}).update(inner)


def _apply(document: Any, tree: _Tree) -> Any:
    if not tree:
        return document
    if isinstance(document, list):
        return [_apply(item, tree) for item in document]
    if not isinstance(document, dict):
        return document
    if all(name.startswith("!") for name in tree):
        left_out = {name[1:] for name in tree}
        return {key: value for key, value in document.items() if key not in left_out}
    return {name: _apply(document[name], inner) for name, inner in tree.items() if name in document}
