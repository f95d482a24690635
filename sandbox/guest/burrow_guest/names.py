"""The names that cells find, and what is told about the names that they make."""
from burrow_guest import __builtins__

import sys

from burrow_guest.frames import utf8

MAX_VARIABLES = 2000  # told of at most; models have a few dozen
MAX_NAME_CHARS = 200
MAX_ANSWER_CHARS = 4 << 20
MAX_DRAFT_CHARS = 64 << 10  # kept after each cell, for a run that ends without an answer


def describe(variables):
    """[[name, type, length or None]] of (name, value) pairs, sorted by name. Runs no code of a cell."""
    described = []
    for name, value in sorted(variables)[:MAX_VARIABLES]:
        described.append([_plain(name), _plain(_name_of(type(value))), _length(value)])
    return described


_name_of = type.__dict__["__name__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_in_c = type(object.__init__)


def _plain(text):
    return utf8(text[:MAX_NAME_CHARS]).decode()


def _length(value):
    for base in _mro_of(type(value)):
        method = base.__dict__.get("__len__")
        if method is not None:
            # A method written in Python may do anything; one written in C just counts.
            try:
                return len(value) if type(method) is _in_c else None
            except Exception:
                return None
    return None


class Names:
    """The module that cells run in, and the names in it that are the REPL's."""

    def __init__(self, context, documents, functions):
        self.module = type(sys)("__main__")
        sys.modules["__main__"] = self.module
        self.globals = self.module.__dict__
        self._builtins = sys.modules["builtins"]
        self._answer = _new_answer()
        self._given = {
            "context": context,
            "documents": documents,
            "SHOW_VARS": self._show_vars,
            "FINAL": self._final,
            "FINAL_VAR": self._final_var,
            **functions,
        }
        self.put_back()

    def put_back(self):
        """Puts the REPL's names in place. Returns those that a cell had bound to something else."""
        self.globals["__builtins__"] = self._builtins
        # `answer` may be a new dict: that is a way to set it.
        bound = self.globals.get("answer", self._answer)
        taken = [] if isinstance(bound, dict) else ["answer"]
        self.globals["answer"] = self._answer = self._answer if taken else bound
        for name, value in self._given.items():
            if self.globals.get(name, value) is not value:
                taken.append(name)
            self.globals[name] = value
        return sorted(taken)

    def variables(self):
        """The model's own, as (name, value)."""
        given = self._given
        return [
            (name, value)
            for name, value in list(self.globals.items())
            if type(name) is str
            and not (name.startswith("__") and name.endswith("__"))
            and name != "answer"
            and not (name in given and given[name] is value)
        ]

    def take_answer(self):
        """Returns (answer, draft), each a str or None. An answer is taken once: a further question starts anew."""
        answer = self.globals.get("answer")
        if not isinstance(answer, dict):
            answer = self._answer
        content = dict.get(answer, "content")
        text = "" if content is None else str(content)
        if not dict.get(answer, "ready"):
            return None, text[:MAX_DRAFT_CHARS] or None
        if len(text) > MAX_ANSWER_CHARS:
            dict.__setitem__(answer, "ready", False)
            raise ValueError(
                f"the answer has {len(text):,} characters; at most {MAX_ANSWER_CHARS:,} can be given. Answer with less"
            )
        self.globals["answer"] = self._answer = _new_answer()
        return text, None

    def _show_vars(self):
        """Names, types and lengths of your variables."""
        lines = [
            f"{name}: {kind}" + ("" if length is None else f", length {length}")
            for name, kind, length in describe(self.variables())
        ]
        return "\n".join(lines) or "No variables yet."

    def _final(self, value):
        """Finishes the call with `value` as its answer."""
        answer = self.globals.get("answer")
        if not isinstance(answer, dict):
            answer = self.globals["answer"] = self._answer
        answer["content"] = value
        answer["ready"] = True

    def _final_var(self, name):
        """Finishes the call with the value of the variable called `name`."""
        self._final(self._look_up(name, sys._getframe(1).f_locals))

    def _look_up(self, name, local):
        if not isinstance(name, str):
            return name  # FINAL_VAR(x) where FINAL_VAR("x") was meant
        stripped = name.strip().strip("\"'`")
        for scope in (local, self.globals):
            if stripped in scope:
                return scope[stripped]
        if not stripped.isidentifier() or any(value is name for value in [*local.values(), *self.globals.values()]):
            return name
        existing = ", ".join(sorted(name for name, _ in self.variables())) or "none"
        raise NameError(f"FINAL_VAR: there is no variable {stripped!r}. Variables: {existing}")


for _function in (Names._show_vars, Names._final, Names._final_var):
    _function.__name__ = _function.__qualname__ = _function.__name__[1:].upper()


def _new_answer():
    return {"content": "", "ready": False}
