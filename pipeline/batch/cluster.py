"""The projects of a batch on Dask: a local cluster of processes, or a scheduler that is running somewhere.

Dask sends the tasks out, sends those of a dead worker elsewhere, gives up one that has killed too many, and hands back
each answer as it comes. Its workers stay light: geometry is in the processes of `runner`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import uuid
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.batch import inputs, one
from pipeline.batch.discover import Found
from pipeline.batch.environment import software
from pipeline.batch.record import Ended
from pipeline.batch.runner import run_group, stop
from pipeline.batch.settings import Settings
from pipeline.errors import InputError, PipelineError

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 20
WORKERS_SECONDS = 60
#: Dask has its workers hand back freed memory at once; the processes that run the projects would inherit it and take
#: a tenth longer (measured)
TRIMMING = "MALLOC_TRIM_THRESHOLD_"
Task = tuple[Found, ...]


class ConnectionLost(PipelineError):
    """The scheduler is gone in the middle of the batch; what has ended stands."""


def on_cluster(
    tasks: Sequence[Task], settings: Settings, *, workers: int | None = None, scheduler: str | None = None
) -> Generator[Ended]:
    """Each record as its project ends, in any order. Leaving the iteration ends the projects at work.

    workers: processes of a local cluster; scheduler: the address of a running one, instead.
    Errors: InputError when Dask is not installed or no worker can do the work; ConnectionLost.
    """
    if not tasks:
        return
    with _client(settings, workers=workers, scheduler=scheduler) as client:
        try:
            if scheduler:
                _checked(client, settings)
            yield from _answers(client, tasks, settings)
        except (asyncio.CancelledError, OSError) as err:  # nobody else cancels, and a project's faults never raise
            raise ConnectionLost("与 Dask 调度器的连接已中断") from err
        finally:
            if client.status == "running":  # else there is nobody left to stop anything
                with contextlib.suppress(Exception):
                    client.run(stop, on_error="ignore")


def _answers(client: Client, tasks: Sequence[Task], settings: Settings) -> Iterator[Ended]:
    from distributed import as_completed

    sent: dict[str, Task] = {}
    waiting = as_completed(_submitted(client, tasks, settings, sent))
    for future in waiting:
        task = sent.pop(future.key)
        if future.status == "finished":
            yield from future.result()
        elif future.status in ("cancelled", "lost"):
            raise ConnectionLost("与 Dask 调度器的连接已中断")
        elif len(task) > 1:  # one of them may be to blame: each by itself
            for single in _submitted(client, [(found,) for found in task], settings, sent):
                waiting.add(single)
        else:
            yield _given_up(task[0], future.exception(), settings)
        future.release()


def _submitted(client: Client, tasks: Sequence[Task], settings: Settings, sent: dict[str, Task]) -> list[Any]:
    """One future a task, in order of priority; `sent` remembers which is which."""
    run = uuid.uuid4().hex[:8]
    keys = [f"duoce-{run}-{number}" for number in range(len(tasks))]
    sent.update(zip(keys, tasks, strict=True))
    return list(client.map(in_worker, tasks, key=keys, settings=settings, pure=False))


def _given_up(found: Found, error: BaseException | None, settings: Settings) -> Ended:
    """A project that Dask gave up: it took its workers with it, or the task itself failed."""
    from distributed import KilledWorker

    table = inputs.stamps(settings.source(found.path))
    if isinstance(error, KilledWorker):
        deaths = settings.deaths + 1
        return one.conclude(
            found, settings, table, "killed", f"运行该项目的工作进程接连终止，共试 {deaths} 次，不再重试"
        )
    return one.conclude(found, settings, table, "exception", f"{type(error).__name__}：{error!s:.300}")


# ---------------------------------------------------------------- in a worker


def in_worker(task: Task, settings: Settings) -> list[Ended]:
    """One task, in a process of Dask."""
    os.environ.pop(TRIMMING, None)
    return run_group(task, settings)


# ---------------------------------------------------------------- connecting


@contextlib.contextmanager
def _client(settings: Settings, *, workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """A client of the running scheduler, or of a cluster that lives as long as it."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as err:
        raise InputError("并行批处理需要 Dask，尚未安装；请运行：pip install 'duoce[batch]'") from err
    if scheduler:
        try:
            client = Client(scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as err:
            raise InputError(
                f"连接不上 Dask 调度器 {scheduler}：{err!s:.200}；请核对地址，并确认 dask scheduler 已启动"
            ) from err
        with client:
            yield client
        return
    settled = {
        "distributed.scheduler.allowed-failures": settings.deaths,
        "distributed.worker.profile.enabled": False,  # it looks at the worker a hundred times a second
    }
    with (
        dask.config.set(settled),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            memory_limit=0,  # a worker holds nothing: memory is limited where the projects run
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _checked(client: Client, settings: Settings) -> None:
    """Waits for a worker and asks all of them whether they can do the work.

    Errors: InputError naming the worker and what is wrong with it.
    """
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as err:
        raise InputError("Dask 调度器上没有工作进程；请用 dask worker 启动至少一个") from err
    try:
        faults = client.run(_fault, settings)
    except ImportError as err:
        raise InputError(f"Dask 工作进程里没有安装 duoce（{err}）；请在每台机器上安装相同版本") from err
    for address, fault in sorted(faults.items()):
        if fault:
            raise InputError(f"工作进程 {address}：{fault}")


def _fault(settings: Settings) -> str | None:
    """Why this worker cannot run the projects; None when it can."""
    if software() != settings.software:
        return f"软件不一致：那里是 duoce {__version__}，程序、依赖库或标准与本机不同；请安装相同版本"
    for path in (settings.zone, settings.writing, *settings.standards_in):
        if not path.exists():
            return f"看不到 {path}；ZONE、OUT 与标准须在各机器都能以同一路径访问的共享存储上"
    return None
