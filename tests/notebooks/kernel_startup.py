"""Run by every kernel under test as it starts: what asyncio would only log becomes output of the next cell,
where nbval finds it. An exception in a task that nobody awaits would otherwise pass."""


def show_lost_errors() -> None:
    # Imported here, so that the notebook does not find these names and forget to import them itself.
    import asyncio
    import gc
    import logging
    import sys
    import weakref

    lost: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: lost.append(logging.Formatter().format(record))
    logging.getLogger("asyncio").addHandler(handler)
    tasks: weakref.WeakSet[asyncio.Task[object]] = weakref.WeakSet()

    def noted(loop, coroutine, **how):  # type: ignore[no-untyped-def]  # as asyncio calls it
        task = asyncio.Task(coroutine, loop=loop, **how)
        tasks.add(task)
        return task

    def before_each_cell(_info: object) -> None:
        asyncio.get_running_loop().set_task_factory(noted)

    def after_each_cell(_result: object) -> None:
        # A task speaks up only when it is thrown away. To look for what can be costs more than most cells.
        if any(task.done() for task in tasks):
            gc.collect()
        while lost:
            print(lost.pop(0), file=sys.stderr)

    events = get_ipython().events  # noqa: F821 (a name of IPython's)
    events.register("pre_run_cell", before_each_cell)
    events.register("post_run_cell", after_each_cell)


show_lost_errors()
del show_lost_errors
