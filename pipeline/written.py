"""A YAML file that a person filled in, as a record: every refusal names file, line or key, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import ERRNOS, InputError
from pipeline.reasons import reason_of
from pipeline.yaml_text import LARGEST, ControlCharacterError, OverblownError, RepeatedKeyError, parse_written

M = TypeVar("M", bound=BaseModel)


def mapping_of(path: Path, wanted: str, *, empty: bool = False) -> Mapping[str, Any]:
    """The YAML of `path` as a mapping. wanted: the keys it should have, for the refusal. Errors: InputError.

    empty: a file without content, or of comments alone, is a mapping without keys.
    """
    try:
        data = parse_written(path.read_text("utf-8-sig"))
    except RepeatedKeyError as err:
        said = f"第 {err.first_line} 行和第 {err.line} 行"
        raise InputError(f"{path}：{said}重复给出“{err.key}”，只能保留一处；请合并或删去其中一处") from err
    except ControlCharacterError as err:
        said = f"第 {err.line} 行含有控制字符 U+{ord(err.character):04X}"
        raise InputError(f"{path}：{said}，不能写入成果文件；请删去") from err
    except OSError as err:
        raise InputError(f"{path}：无法打开：{ERRNOS.get(err.errno or 0) or err.strerror}") from err
    except OverblownError as err:
        raise InputError(f"{path}：别名（*）展开后超过 {LARGEST} 项，不予读取；请不用别名，直接写出内容") from err
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as err:
        raise InputError(f"{path}：不是可读的 UTF-8 YAML：{_yaml_place(err)}") from err
    if data is None and empty:
        return {}
    if not isinstance(data, Mapping):
        raise InputError(f"{path}：内容应为键值表（{wanted}）")
    return data


def validated(model: type[M], data: Mapping[str, Any], path: Path) -> M:
    """`data` as a record of `model`. Errors: InputError naming the file and every key that is wrong, in Chinese."""
    try:
        return model.model_validate(data)
    except ValidationError as err:
        raise InputError("\n".join(_explained(path, item) for item in err.errors())) from err


def _explained(path: Path, item: Any) -> str:
    place = ".".join(str(part) for part in item["loc"])
    return f"{path}：{place}：{reason_of(item)}"


def _yaml_place(err: Exception) -> str:
    if isinstance(err, RecursionError):
        return "层层嵌套过深"
    mark = getattr(err, "problem_mark", None)
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列附近有语法错误" if mark else "编码不是 UTF-8"
