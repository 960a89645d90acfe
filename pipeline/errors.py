"""What can go wrong outside the data: three words, one tree, and what the system says when a file cannot be used.

Faults *in* the survey data are never exceptions; they are findings (see `model.Finding`).
"""

import errno

#: what the system refuses, in words
ERRNOS = {
    errno.EACCES: "没有权限",
    errno.EBUSY: "正被其他程序占用",
    errno.EDQUOT: "超出磁盘配额",
    errno.EEXIST: "已存在同名的文件",
    errno.EFBIG: "超出允许的文件大小",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENOENT: "找不到文件或文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EPERM: "系统不允许此操作",
    errno.EROFS: "磁盘只读",
}


class PipelineError(Exception):
    """Base of every error this package raises on purpose; its text is Chinese and complete."""


class InputError(PipelineError):
    """The project cannot be run at all: unreadable `project.yaml`, unknown CRS, unsafe package (exit code 2)."""


class StandardError(PipelineError):
    """A standard or profile is wrong; the text names file and key (exit code 2)."""
