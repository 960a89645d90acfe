"""A whole batch: what is there, what still stands, the rest run, the records in order, the roll-up of the district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from pipeline.batch import plan, store
from pipeline.batch.cluster import ConnectionLost, on_cluster
from pipeline.batch.discover import Found, Zone, discover
from pipeline.batch.environment import environment, software
from pipeline.batch.loop import in_turn
from pipeline.batch.outfolder import Journal, alone, announce, claimed
from pipeline.batch.record import Ended, Record
from pipeline.batch.rollup import RolledUp, rolled_up
from pipeline.batch.seal import SEAL
from pipeline.batch.settings import Settings
from pipeline.errors import InputError


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asks for. workers: a local cluster of so many; scheduler: a running one; neither: the loop.

    resume: go on with a batch that was broken off: what crashed in it is not tried again. fresh: nothing that stands
    is used. roll_up: also the district's own results. settings: changes to the settings made from the profile, by
    name, for tests.
    """

    patterns: tuple[str, ...] = ()
    workers: int | None = None
    scheduler: str | None = None
    resume: bool = False
    fresh: bool = False
    reports: bool = False
    roll_up: bool = True
    profile: str | None = None
    edition: str | None = None
    as_of: dt.date | None = None
    standards_in: tuple[Path, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


class Listener(Protocol):
    """Who is told how the batch goes."""

    def found(self, zone: Zone, *, standing: Sequence[Ended], gone: Sequence[str], how: str) -> None:
        """Once, before anything is run. how: loop | cluster | scheduler."""

    def ended(self, ended: Ended) -> None:
        """One project."""

    def step(self, name: str) -> None:
        """What is done after the projects."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How it went. records: sorted by key. stopped: why it was broken off; None when it came to its end.

    fault: why projects.jsonl could not be written. whole: the district's own results.
    """

    records: tuple[Record, ...]
    cached: int
    stopped: str | None = None
    fault: str | None = None
    whole: RolledUp = field(default_factory=RolledUp)


def run_batch(zone: Path, out: Path, options: Options, listener: Listener) -> Batch:
    """Every project of the zone that has no valid result yet is run; `out` then holds the results of all of them.

    Errors: InputError when the batch cannot begin; a project's fault never raises. Interrupted (Ctrl-C) it keeps what
    has ended and says so in the result.
    """
    zone, out = zone.resolve(), out.resolve()
    if not zone.is_dir():
        raise InputError(f"找不到文件夹：{zone}")
    there = discover(zone, patterns=options.patterns, without=[out])
    if not there.found:
        only = f"（只找符合 {'、'.join(options.patterns)} 的）" if options.patterns else ""
        raise InputError(f"{zone}：没有找到项目文件夹（含 project.yaml）或交付压缩包{only}")
    with alone(out):
        earlier = claimed(out, zone, resume=options.resume, fresh=options.fresh)
        return _run(there, _settings(zone, out, options), options, listener, earlier)


def _run(there: Zone, settings: Settings, options: Options, listener: Listener, earlier: RolledUp) -> Batch:
    store.sweep(settings)
    settings.writing.mkdir(parents=True)
    gone = store.set_aside({found.key for found in there.found}, settings)
    standing = {} if options.fresh else _standing(there.found, settings, options)
    rest = [found for found in there.found if found.key not in standing]
    if rest:
        settings = replace(settings, **{**_limits(options.profile), **options.settings})
    run, how = _way(rest, settings, options)
    listener.found(there, standing=list(standing.values()), gone=gone, how=how)
    with Journal(settings.out, [ended.record for ended in standing.values()], len(rest)) as journal:
        announce(settings, options.patterns, finished=False, whole=earlier)
        for found in rest:
            (settings.projects / found.key / SEAL).unlink(missing_ok=True)
        stopped = _followed(run, journal, listener)
        store.sweep(settings)
    if stopped is not None:
        return Batch(journal.records, len(standing), stopped, journal.fault)
    whole = rolled_up(settings, journal.records, earlier, progress=listener.step) if options.roll_up else RolledUp()
    announce(settings, options.patterns, finished=True, whole=whole)
    return Batch(journal.records, len(standing), None, journal.fault, whole)


def _followed(run: Callable[[], Generator[Ended]], journal: Journal, listener: Listener) -> str | None:
    """Writes down each project as it ends. Returns why the batch was broken off; None when it came to its end."""
    ends = run()
    try:
        for ended in ends:
            journal.add(ended.record)
            listener.ended(ended)
    except KeyboardInterrupt:
        return "已按要求中止"
    except ConnectionLost as err:
        return str(err)
    finally:
        ends.close()  # what is at work ends now
    return None


def _standing(found: Sequence[Found], settings: Settings, options: Options) -> dict[str, Ended]:
    pairs = ((one.key, store.standing(one, settings, ended=options.resume)) for one in found)
    return {key: ended for key, ended in pairs if ended is not None}


def _way(rest: Sequence[Found], settings: Settings, options: Options) -> tuple[Callable[[], Generator[Ended]], str]:
    """How the rest is run, as a function and in a word."""
    tasks = plan.groups(rest, reports=settings.reports)
    if options.scheduler:
        return lambda: on_cluster(tasks, settings, scheduler=options.scheduler), "scheduler"
    if options.workers and not plan.small(rest, reports=settings.reports):
        return lambda: on_cluster(tasks, settings, workers=options.workers), "cluster"
    return lambda: in_turn(tasks, settings), "loop"


def _settings(zone: Path, out: Path, options: Options) -> Settings:
    standards_in = tuple(path.resolve() for path in options.standards_in)
    whole = environment(
        standards_in=standards_in, profile=options.profile, edition=options.edition, as_of=options.as_of
    )
    return Settings(
        zone,
        out,
        whole,
        software(),
        standards_in=standards_in,
        profile=options.profile,
        edition=options.edition,
        as_of=options.as_of,
        reports=options.reports,
    )


def _limits(profile: str | None) -> dict[str, Any]:
    """The limits of one project, as the profile states them."""
    from pipeline.isolation.worker import Limits
    from pipeline.standard.loading import BASE, load_profile
    from pipeline.unpacking import unpack

    numbers = load_profile(profile or BASE).numbers
    return {
        "limits": Limits(numbers["batch.wall_seconds"].at(0), None, numbers["batch.memory_mb"].at(0)),
        "zip_limits": unpack.limits_of(numbers),
        "deaths": int(numbers["batch.deaths"].at(0) or 0),
    }
