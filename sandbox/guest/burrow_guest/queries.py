"""`llm_query`, `rlm_query`, their batched and async forms, as cells see them."""
from burrow_guest import __builtins__

import builtins

from burrow_guest.frames import dumps
from burrow_guest.host_calls import Refused

MAX_COPIED_BYTES = 64 << 20


class LimitReached(Exception):
    """A limit of the run would be passed; nothing was sent."""


LimitReached.__module__ = "builtins"
builtins.LimitReached = LimitReached
_EXCEPTIONS = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, (Exception, KeyboardInterrupt))
}


class Queries:
    """The public functions. `context` is the REPL's own, so that it and its documents travel by reference."""

    def __init__(self, host, context):
        self._host = host
        self._context = context
        self._documents = {}
        if type(context) is list:
            self._documents = {id(document): index for index, document in enumerate(context)}

    def functions(self):
        host = self._host

        def llm_query(prompt, model=None):
            """Asks the sub-model and returns its answer."""
            return _single(_raising(host.ask, *_completion([prompt], model, False)))

        async def llm_query_async(prompt, model=None):
            """`llm_query` for a coroutine."""
            return _single(await _raising_async(host.ask_async, *_completion([prompt], model, False)))

        def llm_query_batched(prompts, model=None):
            """Asks the sub-model all prompts at once; the answers in order, a failure as an `Error: …` text."""
            prompts = _listed("prompts", prompts)
            return _batch(_raising(host.ask, *_completion(prompts, model, True))) if prompts else []

        async def llm_query_batched_async(prompts, model=None):
            """`llm_query_batched` for a coroutine."""
            prompts = _listed("prompts", prompts)
            return _batch(await _raising_async(host.ask_async, *_completion(prompts, model, True))) if prompts else []

        def rlm_query(prompt, context=None, model=None):
            """Gives a task to a child with a REPL of its own; `context` None: it reads the same corpus."""
            return _single(_raising(host.ask, *self._rlm([prompt], [context], model, False)))

        async def rlm_query_async(prompt, context=None, model=None):
            """`rlm_query` for a coroutine."""
            return _single(await _raising_async(host.ask_async, *self._rlm([prompt], [context], model, False)))

        def rlm_query_batched(prompts, contexts=None, model=None):
            """Children in parallel; the answers in order, a failure as an `Error: …` text."""
            prompts = _listed("prompts", prompts)
            contexts = _contexts(prompts, contexts)
            return _batch(_raising(host.ask, *self._rlm(prompts, contexts, model, True))) if prompts else []

        async def rlm_query_batched_async(prompts, contexts=None, model=None):
            """`rlm_query_batched` for a coroutine."""
            prompts = _listed("prompts", prompts)
            contexts = _contexts(prompts, contexts)
            if not prompts:
                return []
            return _batch(await _raising_async(host.ask_async, *self._rlm(prompts, contexts, model, True)))

        found = [value for value in locals().values() if callable(value)]
        for function in found:
            function.__module__ = "__main__"
            function.__qualname__ = function.__name__
        return {function.__name__: function for function in found}

    def _rlm(self, prompts, contexts, model, batched):
        header, parts = _completion(prompts, model, batched)
        header["kind"] = "rlm"
        if all([context is None or context is self._context for context in contexts]):
            return header, parts  # as where nothing is said of them
        header["contexts"] = references = []
        for context in contexts:
            reference, copied = self._reference(context)
            references.append(reference)
            parts += copied
        return header, parts

    def _reference(self, value):
        """How a child's context travels: what the header says of it, and its copy as a list of no or one part."""
        if value is None or value is self._context:
            return "corpus", []
        index = self._documents.get(id(value))
        if index is not None:
            return {"document": index}, []
        if isinstance(value, str):
            _check_copied(len(value))
            data = value.encode("utf-8", "surrogatepass")
            kind = "text"
        else:
            if isinstance(value, (list, tuple)):
                _check_copied(sum([len(item) for item in value if isinstance(item, str)]))
            try:
                data = dumps(value).encode()
            except (TypeError, ValueError, RecursionError) as error:
                raise TypeError(
                    "context must be a str, or lists, dicts, strings and numbers; "
                    f"this {type(value).__name__} cannot be copied: {error}"
                ) from None
            kind = "json"
        _check_copied(len(data))
        return {"copied": kind}, [data]


def _check_copied(size):
    if size > MAX_COPIED_BYTES:
        raise ValueError(
            f"a context of {size:,} bytes is too large to copy (the limit is 64 MB, {MAX_COPIED_BYTES:,} bytes): "
            "pass `context`, one of its documents, or a smaller part"
        )


def _completion(prompts, model, batched):
    if model is not None and not isinstance(model, str):
        raise TypeError(f"model must be a str or None, not {type(model).__name__}")
    for index, prompt in enumerate(prompts):
        if not isinstance(prompt, str):
            which = f"prompts[{index}]" if batched else "prompt"
            raise TypeError(f"{which} must be a str, not {type(prompt).__name__}")
    return {"op": "query", "kind": "llm", "batched": batched, "model": model, "contexts": []}, list(prompts)


def _listed(name, values):
    if isinstance(values, (str, bytes, dict)):
        raise TypeError(f"{name} must be a list, not {type(values).__name__}")
    try:
        return list(values)
    except TypeError:
        raise TypeError(f"{name} must be a list, not {type(values).__name__}") from None


def _contexts(prompts, contexts):
    if contexts is None:
        return [None] * len(prompts)
    contexts = _listed("contexts", contexts)
    if len(contexts) != len(prompts):
        raise ValueError(f"prompts has {len(prompts)} items and contexts has {len(contexts)}: they must pair up")
    return contexts


def _raising(ask, header, parts):
    try:
        return ask(header, parts)
    except Refused as refused:
        refusal = refused
    raise _exception(refusal)


async def _raising_async(ask, header, parts):
    try:
        return await ask(header, parts)
    except Refused as refused:
        refusal = refused
    raise _exception(refusal)


def _exception(refusal):
    return _EXCEPTIONS.get(refusal.name, RuntimeError)(refusal.message)


def _single(results):
    ok, text = results[0]
    if not ok:
        raise RuntimeError(text)
    return text


def _batch(results):
    return [text if ok or text.startswith("Error: ") else "Error: " + text for ok, text in results]
