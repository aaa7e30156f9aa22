"""The text of business.yml as plain values, each exactly as written, with the line of every key."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from marketing_warehouse.errors import ConfigError

NULL = "tag:yaml.org,2002:null"
DEEPEST = 20

Place = tuple[str | int, ...]


@dataclass
class ConfigText:
    """A read file: its values as texts, lists and sections, and where each of them stands.

    Attributes:
        path: the file.
        values: the root section; scalars are the exact texts written, or None.
        lines: the line of each key, by its place such as `("sources", 0, "feed")`.
        problems: what is wrong with the text itself, as (line, sentence).
    """

    path: Path
    values: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest section around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def key_of(self, place: Place) -> str:
        """Return a place as people write it: `sources[shop].feed`."""
        key = ""
        for index, part in enumerate(place):
            if isinstance(part, int):
                key += f"[{self._name_of(place[: index + 1])}]"
            else:
                key += f".{part}" if key else part
        return key or "the file"

    def _name_of(self, place: Place) -> str:
        value = self.values
        for part in place:
            value = value[part]
        number = str(int(place[-1]) + 1)
        return str(value.get("name") or number) if isinstance(value, dict) else number


def read_config_text(path: Path) -> ConfigText:
    """Read a YAML 1.2 file without interpreting its scalars: 007 stays 007, `no` is a text.

    Raises:
        ConfigError: the file is missing, unreadable or no YAML.
    """
    text = ConfigText(path)
    root = _compose(path)
    if root is not None:
        text.values = _plain(root, (), text)
    return text


def _compose(path: Path) -> Node | None:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{path} does not exist: `warehouse init {path.parent}` writes one to start from."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            f"{path.name}, line {line}: this is not UTF-8 text; save the file as UTF-8."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        # The round-trip reader would leave its own marks in folded texts.
        return YAML(typ="safe", pure=True).compose(content)  # type: ignore[no-any-return]  # ruamel is half typed
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = error.problem or error.context
        raise ConfigError(f"{path.name}, line {line}: this is not YAML: {said}.") from None
    except YAMLError as error:
        said = " ".join(str(error).split())
        raise ConfigError(f"{path.name} is not YAML: {said}.") from None


def _plain(node: Node, place: Place, text: ConfigText) -> Any:
    text.lines.setdefault(place, node.start_mark.line + 1)
    if len(place) > DEEPEST:
        text.problems.append((node.start_mark.line + 1, "this is nested too deeply"))
        return None
    if isinstance(node, ScalarNode):
        return None if str(node.tag) == NULL else str(node.value)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*place, index), text) for index, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _section(node, place, text)
    raise AssertionError(node)


def _section(node: MappingNode, place: Place, text: ConfigText) -> dict[str, Any]:
    section: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            text.problems.append((line, "a key must be a plain text"))
            continue
        key = str(key_node.value)
        if key in section:
            first = text.lines[(*place, key)]
            text.problems.append(
                (
                    line,
                    f"{text_key(place, key)} stands here again (first in line {first}): keep one",
                )
            )
            continue
        text.lines[(*place, key)] = line
        section[key] = _plain(value_node, (*place, key), text)
    return section


def text_key(place: Place, key: str) -> str:
    """Return a key of a section that is still being read."""
    return "".join(
        f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in (*place, key)
    ).removeprefix(".")
