"""Changes to modules of the standard library, made when, and only if, a cell imports them."""
from burrow_guest import __builtins__

import sys

_actions = {}


def after_import(name, action):
    """Calls `action(module)` once module `name` has been imported; now, if it has been."""
    module = sys.modules.get(name)
    if module is not None:
        action(module)
    else:
        _actions.setdefault(name, []).append(action)


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        actions = _actions.pop(name, None)
        if actions is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is _Finder else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader.exec_module = _then(spec.loader.exec_module, actions)
                return spec
        return None

    @staticmethod
    def invalidate_caches():
        pass


def _then(exec_module, actions):
    def exec_then_act(module):
        exec_module(module)
        for action in actions:
            action(module)

    return exec_then_act


sys.meta_path.insert(0, _Finder)
