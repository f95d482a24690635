"""The guest's own modules.

Cells share the interpreter with them and may replace whatever a module lets them replace: builtins, `os.write`,
`json.dumps`. So each module of the package takes its builtins from the copy below, with

    from burrow_guest import __builtins__

as its first line (functions look builtins up in the globals they were made with), and binds what it needs of other
modules when it is imported, before any cell runs.
"""
import builtins

__builtins__ = dict(vars(builtins))
