"""Names inside a zip: decoded, and refused when some system would write them to another place or over each other."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_PART = 255  # bytes of one name that file systems take
UTF8_FLAG, ENCRYPTED = 0x800, 0x1 | 0x40 | 0x2000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FORBIDDEN = set('<>:"|?*') | {chr(code) for code in range(32)}
RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a zip: its path with forward slashes as it will be written, and the code page its name was in."""

    path: str
    encoding: str  # UTF-8 | GB18030 | ASCII
    info: zipfile.ZipInfo


def member_of(info: zipfile.ZipInfo, *, depth: float | None) -> tuple[Member | None, str | None]:
    """The member as it may be written, or why not."""
    name, encoding = _name(info)
    shown = f"“{name:.80}”".replace("\0", "␀")
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    fault = _kind_fault(info) or _name_fault(name, parts)
    if not fault and depth is not None and len(parts) - 1 > depth:
        fault = f"文件夹超过 {depth:g} 层"
    if fault:
        return None, f"{shown}：{fault}"
    return Member("/".join(parts), encoding, info), None


def _name(info: zipfile.ZipInfo) -> tuple[str, str]:
    """The name and its code page: flagged UTF-8, else bytes that are UTF-8 or, as Chinese Windows writes them, GBK."""
    name = info.orig_filename
    if name.isascii():
        return name, "ASCII"
    if info.flag_bits & UTF8_FLAG:
        return name, "UTF-8"
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:  # from the extra field for Unicode names
        return name, "UTF-8"
    for codec, label in (("utf-8", "UTF-8"), ("gb18030", "GB18030")):
        try:
            return raw.decode(codec), label
        except UnicodeDecodeError:
            continue
    return "\0" + name, "UTF-8"  # no code page: refused by its first character


def _kind_fault(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if stat.S_ISLNK(kind):
        return "是符号链接"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "不是普通文件"
    if info.flag_bits & ENCRYPTED:
        return "已加密，请去掉密码后重新压缩"
    return None if info.compress_type in METHODS else f"压缩方法 {info.compress_type} 不支持，请用普通的 zip 压缩"


def _name_fault(name: str, parts: Sequence[str]) -> str | None:
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return "是绝对路径"
    if ".." in parts:
        return "指向压缩包之外"
    if not parts:
        return "没有文件名"
    return next((fault for part in parts if (fault := part_fault(part))), None)


def part_fault(part: str) -> str | None:
    """Why some system does not take this as the name of a file or folder."""
    if FORBIDDEN & set(part):
        return "文件名含有不允许的字符或无法解码"
    if part.endswith((" ", ".")) or part.partition(".")[0].strip().lower() in RESERVED:
        return "文件名在 Windows 上不能使用"
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART:
        return f"文件名超过 {LONGEST_PART} 字节"
    return None


def collisions(members: Sequence[Member]) -> Iterator[str]:
    """Names that some file system takes for one: equal, differing in case or in composition, or a file as a folder."""
    seen: dict[str, str] = {}
    folders = {_key(str(parent)) for member in members for parent in PurePosixPath(member.path).parents}
    for member in members:
        key = _key(member.path)
        if key in seen:
            yield f"“{member.path}”重名" if seen[key] == member.path else f"“{seen[key]}”与“{member.path}”仅大小写不同"
        elif key in folders:
            yield f"“{member.path}”既是文件又是文件夹"
        seen.setdefault(key, member.path)


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
