"""YAML as a person writes a form: fields, lists, words and numbers; every other thing is refused with its line.

Nothing in it stands for anything else: without aliases, merges and tags a file is never larger than it looks, and every
value has one line of its own.
"""

from typing import Any, Final

import yaml

from pipelines.errors import LabError
from scenarios.kit.utf8 import decoded

_MOST_IN_A_NUMBER: Final = 100
"""Characters of a number, a date or a yes or no; anything longer is none, and takes long to be worked out."""

_TAG: Final = "tag:yaml.org,2002:"
_TEXT: Final = f"{_TAG}str"
_MERGE: Final = f"{_TAG}merge"
_SCALARS: Final = frozenset(f"{_TAG}{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_ENDLESS: Final = "line 1: not YAML a person writes: things inside things without end."


def composed(content: bytes, name: str) -> yaml.Node | None:
    """The tree of nodes in the bytes of a file called `name`; None where it holds nothing.

    Raises
    ------
    LabError
        Where it is no text, no YAML, or holds an alias; the line is named.
    """
    text = decoded(content, name)
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise LabError(f"{name}: line {line}: is not YAML: the character {error.character:#04x} is no text.") from error
    try:
        return loader.get_single_node()
    except yaml.YAMLError as error:
        raise LabError(f"{name}: {_stopped(error)}") from error
    except (ValueError, OverflowError) as error:  # a number of a character that there is not
        line = loader.get_mark().line + 1
        raise LabError(f"{name}: line {line}: is not YAML: there is no such character ({error}).") from error
    except RecursionError as error:
        raise LabError(f"{name}: {_ENDLESS}") from error
    finally:
        loader.dispose()


def constructed(root: yaml.Node, name: str) -> Any:  # noqa: ANN401 - any YAML value
    """What the nodes stand for, as dicts, lists and scalars.

    Raises
    ------
    LabError
        For a value that cannot be read, a tag, a merge, or a field that stands there twice; the line is named.
    """
    loader = _Loader("")
    try:
        return _value(loader, root, name)
    except RecursionError as error:
        raise LabError(f"{name}: {_ENDLESS}") from error
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """A safe loader that follows no alias."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            why = (
                f"'*{str(event.anchor)[:40]}' stands for something else; write it out, and put text with a * in quotes"
            )
            raise yaml.composer.ComposerError(None, None, why, event.start_mark)
        return super().compose_node(parent, index)


def _stopped(error: yaml.YAMLError) -> str:
    """Where reading stopped, and why."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    why = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"line {mark.line + 1 if mark is not None else 1}: is not YAML: {why}"


def _value(loader: _Loader, node: yaml.Node, name: str) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(node, yaml.ScalarNode):
        return _scalar(loader, node, name)
    _refuse_tag(node, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, inner, name) for inner in node.value]
    return _fields(loader, node, name)


def _fields(loader: _Loader, node: yaml.Node, name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, inner in node.value:
        field = _key(loader, key, name)
        if field in found:
            raise LabError(f"{_at(key, name)}: '{str(field)[:80]}' stands here for the second time; leave one of them.")
        found[field] = _value(loader, inner, name)
    return found


def _key(loader: _Loader, key: yaml.Node, name: str) -> Any:  # noqa: ANN401 - any scalar
    if key.tag == _MERGE:
        raise LabError(f"{_at(key, name)}: is not plain YAML: '<<' takes fields from elsewhere; write them out.")
    if not isinstance(key, yaml.ScalarNode):
        raise LabError(f"{_at(key, name)}: is not plain YAML: a field's name is a word, and no list of things.")
    return _scalar(loader, key, name)


def _scalar(loader: _Loader, node: yaml.ScalarNode, name: str) -> Any:  # noqa: ANN401 - any scalar
    if node.tag not in _SCALARS:
        raise LabError(f"{_at(node, name)}: is not plain YAML: '{_short(node.tag)}' is not read here.")
    if node.tag != _TEXT and len(node.value) > _MOST_IN_A_NUMBER:
        raise LabError(f"{_at(node, name)}: a value cannot be read: {len(node.value):,} characters are no number.")
    try:
        found = loader.construct_object(node)
        str(found).encode("utf-8")
    except UnicodeEncodeError as error:
        raise LabError(f"{_at(node, name)}: a value cannot be read: it holds half a character.") from error
    except (ValueError, OverflowError) as error:
        raise LabError(f"{_at(node, name)}: a value cannot be read: {str(error)[:200]}") from error
    except (KeyError, AttributeError, TypeError) as error:  # what the constructors make of a tag that does not fit
        said = f"{node.value[:40]!r} is no {_short(node.tag)}"
        raise LabError(f"{_at(node, name)}: a value cannot be read: {said}") from error
    return found


def _refuse_tag(node: yaml.Node, name: str) -> None:
    if node.tag not in (f"{_TAG}map", f"{_TAG}seq"):
        raise LabError(f"{_at(node, name)}: is not plain YAML: '{_short(node.tag)}' is not read here.")


def _short(tag: str) -> str:
    return tag.removeprefix(_TAG)[:80]


def _at(node: yaml.Node, name: str) -> str:
    return f"{name}: line {node.start_mark.line + 1}"
