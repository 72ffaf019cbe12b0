"""What every stage does around its work: claim, budget, outcome, hand-on."""

from __future__ import annotations

import secrets
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
import structlog

from workers.errors import KabarError, Permanent, StoreUnavailable, Transient
from workers.identify import normalise
from workers.pipeline.parts import Parts
from workers.pipeline.refetching import again
from workers.retry import Retry, decide
from workers.state.dead_letters import DeadLetter
from workers.state.entries import Job, Stage

Failure = tuple[Transient | Permanent, BaseException | None]
log = structlog.get_logger("kabar")
MESSAGE_LENGTH = 2_000  # characters of an error kept in a dead letter
TRACEBACK_LENGTH = 8_000
# failures that tell of a fault of ours, also when they come at a later look at a page
LOUD = {"killed_its_worker", "unforeseen", "unreadable_entry", "broken_handover", "out_of_memory", "too_slow"}
STORE_PAUSE = 5.0  # seconds before an item is tried again when the store, not the item, failed


class Batch:
    """One task's work: its lease token, its budget, its stopwatch."""

    def __init__(self, parts: Parts, stage: str) -> None:
        self.parts = parts
        self.stage = stage
        self.token = secrets.token_hex(8)
        self._ends = time.monotonic() + parts.rules.batch_budget
        self._spent: defaultdict[str, float] = defaultdict(float)

    @property
    def open(self) -> bool:
        """Whether there is time for another item."""
        return time.monotonic() < self._ends and not self.parts.limits.stopping.is_set()

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the block's wall time to the totals of `step` (microseconds, under `us_<step>`)."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._spent[step] += time.perf_counter() - begin

    def flush(self) -> None:
        """Add what the stopwatch holds to the running totals."""
        spent = {f"us_{step}": int(seconds * 1e6) for step, seconds in self._spent.items()}
        self._spent.clear()
        if spent:
            self.parts.state.overview.count(spent)

    def entries(self, stage: Stage, ids: Sequence[str], work: Callable[[Job], None]) -> list[Job]:
        """Claim and work off `ids` one by one and return the claimed jobs; what the budget leaves is given back."""
        done: list[Job] = []
        for number, entry_id in enumerate(ids):
            if not self.open:
                self.parts.state.entries.release(list(ids[number:]), self.token)
                break
            for job in self.parts.state.entries.claim(stage, [entry_id], self.token).jobs:
                done.append(job)
                self.guarded(job, work)
        self.flush()
        return done

    def guarded(self, job: Job, work: Callable[[Job], None]) -> None:
        """Do one job; whatever goes wrong becomes its outcome and nobody else's."""
        if job.broken:
            self.settle(job, Permanent(f"its entry can't be read: {job.broken}", reason="unreadable_entry"))
            return
        if job.poison:
            message = f"{job.claims - 1} claims in stage {self.stage} ended without an outcome"
            self.settle(job, Permanent(message, reason="killed_its_worker"))
            return
        failure = self.failure(lambda: work(job))
        if failure is not None:
            self.settle(job, *failure)

    def failure(self, work: Callable[[], None]) -> Failure | None:
        """Do `work`; returns what it failed with (and the cause), None when it did not."""
        return failure_of(work, self.parts.limits.errors)

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Bound pure work by the item limit: Permanent("too_slow") beyond it. Not for calls that wait for servers."""
        limit = self.parts.rules.item_limit
        try:
            with self.parts.limits.item(limit):
                yield
        except self.parts.limits.errors as error:
            raise Permanent(f"took longer than {limit:g} s", reason="too_slow") from error

    def settle(self, job: Job, error: Transient | Permanent, cause: BaseException | None = None) -> bool:
        """Give a failed job its outcome: another try later, or a dead letter. True when it is one."""
        rules, entries = self.parts.rules, self.parts.state.entries
        if error.reason == "shutdown":
            entries.release([job.id], job.token)
            return False
        if isinstance(error, StoreUnavailable):
            delay = max(error.retry_after or 0, STORE_PAUSE * (1 + self.parts.random()))
            entries.retry(job, delay, str(error)[:MESSAGE_LENGTH], counted=False)
            log.warning("store_unavailable", stage=self.stage, entry=job.id, error=str(error), delay=delay)
            return False
        decision = decide(
            error, job.failures + 1, max_attempts=rules.max_attempts, base=rules.retry_base,
            ceiling=rules.retry_ceiling, jitter=self.parts.random(),
        )  # fmt: skip
        if isinstance(decision, Retry):
            pushed_back = isinstance(error, Transient) and error.reason in ("http_429", "http_503")
            host_delay = min(decision.delay, rules.retry_ceiling) if pushed_back and self.stage == "fetch" else 0.0
            entries.retry(job, decision.delay, str(error)[:MESSAGE_LENGTH], host_delay=host_delay)
            log.info(
                "retry", stage=self.stage, entry=job.id, url=job.entry.url, reason=error.reason, delay=decision.delay
            )
            return False
        if self._is_removed(job):
            entries.acknowledge(job, how="removed")
            return False
        if job.refetch and self.stage in ("fetch", "process") and error.reason not in LOUD:  # its article is stored
            entries.acknowledge(job, how="unseen", again=again(self.parts, job))
            log.info("not_seen_again", stage=self.stage, entry=job.id, url=job.entry.url, reason=error.reason)
            return False
        if entries.bury(job, msgspec.json.encode(self._letter(job, error, cause)), rules.dead_letters):
            log.warning("dead_letter", stage=self.stage, entry=job.id, url=job.entry.url, reason=error.reason)
            return True
        return False

    def _is_removed(self, job: Job) -> bool:
        """Whether its article was removed by command: then a dead letter would keep what its feed said."""
        try:
            address = normalise(job.entry.url)
        except Permanent:
            return False
        return self.parts.state.identities.are_removed((self.parts.sites().addresses.fold(address), address))

    def hand_on(self, stage: str, ids: Sequence[str]) -> None:
        """Wake the next stage; when the broker does not listen, the dispatcher will do it later."""
        if not ids:
            return
        try:
            self.parts.courier.send(stage, ids)
        except StoreUnavailable as error:
            log.warning("hand_on_failed", stage=stage, count=len(ids), error=str(error))

    def _letter(self, job: Job, error: Transient | Permanent, cause: BaseException | None) -> DeadLetter:
        return DeadLetter(
            id=job.id,
            kind="entry",
            stage=self.stage,
            reason=error.reason,
            message=str(error)[:MESSAGE_LENGTH],
            url=job.entry.url,
            feed_id=job.entry.feed_id,
            title=job.entry.title,
            attempts=max(job.failures + 1, job.claims - job.poison),
            buried_at=self.parts.clock(),
            traceback=trace_of(error, cause),
        )


def failure_of(work: Callable[[], None], out_of_time: tuple[type[BaseException], ...]) -> Failure | None:
    """Do `work`; return what it failed with (and the cause), None when it did not. `out_of_time`: of the limits."""
    try:
        work()
    except (Transient, Permanent) as error:
        return error, None
    except MemoryError as error:
        return Permanent("needs more memory than a worker may have", reason="out_of_memory"), error
    except out_of_time as error:  # outside `limited`: it waited for a server, not for its page
        return Transient("stopped by the task's time limit while it waited", reason="stalled"), error
    except Exception as error:  # noqa: BLE001 - the one place: the unforeseen is counted and dead-lettered
        return Permanent(f"unforeseen: {error!r}", reason="unforeseen"), error
    return None


def trace_of(error: KabarError, cause: BaseException | None) -> str:
    """Return the traceback of what lies behind `error`, "" when nothing does."""
    shown = cause or error.__cause__
    return "".join(traceback.format_exception(shown))[-TRACEBACK_LENGTH:] if shown else ""
