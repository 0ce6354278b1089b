"""Run by every kernel under test as it starts: what asyncio would only log becomes output of the next cell,
where nbval finds it. An exception in a task that nobody awaits would otherwise pass."""


def show_lost_errors() -> None:
    # Imported here, so that the notebook does not find these names and forget to import them itself.
    import gc
    import logging
    import sys

    lost: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: lost.append(logging.Formatter().format(record))
    logging.getLogger("asyncio").addHandler(handler)

    def after_each_cell(_result: object) -> None:
        gc.collect()  # a task speaks up only when it is thrown away
        while lost:
            print(lost.pop(0), file=sys.stderr)

    get_ipython().events.register("post_run_cell", after_each_cell)  # noqa: F821 (a name of IPython's)


show_lost_errors()
del show_lost_errors
