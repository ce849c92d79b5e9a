"""Who runs the jobs of a sweep: this process, or several beside it."""

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import torch

from helpers.code import loaded_code
from helpers.records.record import Record
from helpers.records.work import Job, Say, work


class Here:
    """Runs jobs one by one in this process."""

    def __init__(self, doing: Say) -> None:
        self._doing = doing

    def submit(self, job: Job) -> Future[Record]:
        """Run `job` now; the answer holds its record or its error."""
        future: Future[Record] = Future()
        try:
            future.set_result(work(job, self._doing))
        except Exception as error:  # the sweep shows it beside the configuration
            future.set_exception(error)
        return future

    def wait(self, futures: set[Future[Record]]) -> set[Future[Record]]:
        """Those of `futures` that are done: all."""
        return futures


class Workers:
    """Runs jobs in several processes, which share the processor's threads."""

    def __init__(self, count: int, doing: Say) -> None:
        self._count = count
        self._doing = doing
        self._context = multiprocessing.get_context("spawn")
        self._messages: multiprocessing.Queue[str] = self._context.Queue()
        self._interrupted = False
        self._handler = None
        if threading.current_thread() is threading.main_thread():
            # Raised wherever the main thread happens to be, KeyboardInterrupt can leave a lock of
            # the pool taken, and then its end waits for ever. `wait` raises it in a safe place.
            self._handler = signal.signal(signal.SIGINT, self._remember)
        self._pool = self._new_pool()

    def _remember(self, *_: object) -> None:
        self._interrupted = True

    def submit(self, job: Job) -> Future[Record]:
        """Hand `job` to a worker that is free; a pool that lost a worker is replaced."""
        try:
            return self._pool.submit(_work_there, job)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._new_pool()
            return self._pool.submit(_work_there, job)

    def wait(self, futures: set[Future[Record]]) -> set[Future[Record]]:
        """Those of `futures` that are done, at least one; shows meanwhile what the workers do."""
        done: set[Future[Record]] = set()
        while not done:
            if self._interrupted:
                raise KeyboardInterrupt
            done = wait(futures, timeout=0.2, return_when=FIRST_COMPLETED).done
            while True:
                try:
                    self._doing(self._messages.get_nowait())
                except queue.Empty:
                    break
        return done

    def close(self, *, at_once: bool) -> None:
        """End the workers; `at_once` in the middle of what they do."""
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
        if at_once:
            # Python 3.14 has terminate_workers for this; other children are the caller's own.
            for process in list((self._pool._processes or {}).values()):
                process.terminate()
        self._pool.shutdown(cancel_futures=True)

    def _new_pool(self) -> ProcessPoolExecutor:
        threads = max(1, torch.get_num_threads() // self._count)
        pool = ProcessPoolExecutor(
            self._count, self._context, _begin_worker, (self._messages, threads)
        )
        # The pool notes which workers to watch before it starts one for a job, and again only
        # when something is done: the death of the last would stay unseen until another's job
        # ends. These empty jobs start all workers, and their ends make it look again.
        for _ in range(self._count):
            pool.submit(_nothing)
        return pool


@contextmanager
def crew(workers: int, doing: Say) -> Iterator[Here | Workers]:
    """Whoever runs the jobs of a sweep; on an error its processes end with it."""
    if workers == 1:
        yield Here(doing)
        return
    pool = Workers(workers, doing)
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close(at_once=False)


_tell: Say = print  # in a worker: to the process that started it


def _begin_worker(messages: "multiprocessing.Queue[str]", threads: int) -> None:
    global _tell
    _tell = messages.put
    torch.set_num_threads(threads)
    messages.cancel_join_thread()  # a message that nobody reads any more holds up no exit
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted and ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _nothing() -> None:
    """A job that ends at once."""


def _end_with_parent() -> None:
    """A worker must not outlive its parent: the parent holds the locks of the runs."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work_there(job: Job) -> Record:
    # A worker loads the code when it begins, and one that died is replaced in the middle of a
    # sweep.
    if loaded_code(job.module) != job.code:
        raise RuntimeError("the code was changed after the sweep began; start the sweep again")
    return work(job, _tell)
