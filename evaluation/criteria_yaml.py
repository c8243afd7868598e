"""YAML with line numbers: every slip is noted as `file:line: message`, and reading goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class YamlReader:
    """Turns YAML nodes into plain values, noting each slip with its line and going on."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file = file
        self.problems = problems

    def problem(self, line: int, message: str) -> None:
        self.problems.append(f"{self.file}:{line}: {message}")

    def compose(self, path: Path) -> yaml.Node | None:
        """Parse the file to nodes, which keep their lines; note a syntax error and give None."""
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except UnicodeDecodeError:
            self.problem(1, "tệp không phải UTF-8")
        except OSError as error:
            self.problem(1, f"không đọc được tệp ({error.strerror})")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.problem(mark.line + 1 if mark else 1, f"YAML sai cú pháp: {reason}")
        else:
            if node is None:
                self.problem(1, "tệp trống")
            return node
        return None

    def fields(
        self, node: yaml.Node, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, yaml.Node] | None:
        """Return key -> node of a mapping; note unknown, repeated and missing keys."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(line_of(node), "phải là các cặp khóa: giá trị")
            return None
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in found:
                self.problem(line_of(key_node), f'khóa "{key}" lặp lại')
            elif key not in required and key not in optional:
                self.problem(line_of(key_node), f'khóa "{key}" không được dùng')
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.problem(line_of(node), f'thiếu khóa "{key}"')
        return found

    def items(self, node: yaml.Node | None, what: str = "") -> list[yaml.Node]:
        """Return the nodes of a list; note anything else."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(line_of(node), f"{what} phải là danh sách".strip())
            return []
        return list(node.value)

    def text(self, node: yaml.Node | None, what: str) -> str:
        """Return a text that is not empty and is composed (NFC); "" when the key is missing."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
            self.problem(line_of(node), f"{what} phải là chữ")
            return ""
        value = str(node.value)
        if not value.strip():
            self.problem(line_of(node), f"{what} để trống")
        elif value != value.strip():
            self.problem(line_of(node), f"{what} có dấu cách thừa ở đầu hoặc cuối")
        if not unicodedata.is_normalized("NFC", value):
            self.problem(line_of(node), f"{what} không ở dạng Unicode dựng sẵn (NFC)")
        return value

    def texts(self, node: yaml.Node | None, what: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        if node is None:
            return ()
        nodes = self.items(node, what)
        if isinstance(node, yaml.SequenceNode) and not nodes and not may_be_empty:
            self.problem(line_of(node), f"{what} để trống")
        return tuple(self.text(item, what) for item in nodes)

    def number(self, node: yaml.Node | None, what: str) -> int:
        """Return a whole number, 0 or more; 0 after noting anything else."""
        if node is None:
            return 0
        is_int = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":int")
        if not is_int or not re.fullmatch(r"\d{1,4}", str(node.value)):
            shown = node.value if isinstance(node, yaml.ScalarNode) else "danh sách"
            self.problem(line_of(node), f"{what} phải là số nguyên không âm, không phải {shown}")
            return 0
        return int(node.value)

    def flag(self, node: yaml.Node | None, what: str) -> bool:
        """Return true or false; a missing key is false."""
        if node is None:
            return False
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("true", "false"):
            self.problem(line_of(node), f"{what} phải là true hoặc false")
            return False
        return bool(node.value == "true")

    def day(self, node: yaml.Node | None, what: str) -> date:
        """Return a date written YYYY-MM-DD."""
        value = self.text(node, what)
        try:
            return date.fromisoformat(value)
        except ValueError:
            if node is not None and value:
                self.problem(line_of(node), f"{what} phải có dạng NĂM-THÁNG-NGÀY, không phải {value}")
            return date.min
