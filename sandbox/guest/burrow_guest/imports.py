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


def forget_orphans():
    """Of a package whose import was interrupted, Python keeps the modules that were complete. The next import would
    find them and not bind them to the package, which then fails for ever: they go as well."""
    for name in sorted(name for name in sys.modules if isinstance(name, str)):
        package = name.rpartition(".")[0]
        if package and package not in sys.modules:
            del sys.modules[name]


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _actions:
            return None
        for finder in sys.meta_path:
            spec = None if finder is _Finder else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader.exec_module = _then(spec.loader.exec_module, name)
                return spec
        return None

    @staticmethod
    def invalidate_caches():
        pass


def _then(exec_module, name):
    def exec_then_act(module):
        exec_module(module)
        for action in _actions[name]:
            action(module)
        del _actions[name]  # not sooner: an import that is interrupted may come again

    return exec_then_act


sys.meta_path.insert(0, _Finder)
