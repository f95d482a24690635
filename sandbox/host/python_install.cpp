#include "host/python_install.h"

#include "base/words.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QVersionNumber>

#include <algorithm>

namespace burrow {

namespace {

QString text(const QJsonObject& object, const char* name)
{
    return object[QLatin1StringView(name)].toString();
}

using words::tr;

bool exists(const QString& path)
{
    return path.isEmpty() || QFileInfo::exists(path);
}

} // namespace

QString PythonInstall::unfitness() const
{
    const QVersionNumber number = QVersionNumber::fromString(version);
    if (implementation != QLatin1String("cpython"))
        return tr("it is %1, and CPython is needed").arg(implementation);
    if (number < QVersionNumber(3, 9) || number >= QVersionNumber(3, 15))
        return tr("it is Python %1, and 3.9 to 3.14 are supported").arg(version);
    if (bits != 64)
        return tr("it is a 32-bit build, and 64 bits are needed");
    if (isDebugBuild)
        return tr("it is a debug build, whose objects are laid out differently");
    if (isFreeThreaded)
        return tr("it is a free-threaded build, which is not supported yet");
    if (stdlib.isEmpty() || stdlibAt.isEmpty())
        return tr("its standard library was not found");
    return {};
}

bool PythonInstall::isIntact() const
{
    return exists(executable) && exists(loader) && exists(stdlib) && exists(dynload)
        && std::ranges::all_of(libraries, exists, &Library::path);
}

QByteArray PythonInstall::toJson() const
{
    QJsonArray list;
    for (const Library& library : libraries)
        list.append(QJsonObject{{QStringLiteral("path"), library.path},
            {QStringLiteral("names"), QJsonArray::fromStringList(library.names)}});
    return QJsonDocument(
        QJsonObject{{QStringLiteral("executable"), executable}, {QStringLiteral("version"), version},
            {QStringLiteral("implementation"), implementation}, {QStringLiteral("bits"), bits},
            {QStringLiteral("debug"), isDebugBuild}, {QStringLiteral("free_threaded"), isFreeThreaded},
            {QStringLiteral("loader"), loader}, {QStringLiteral("stdlib"), stdlib},
            {QStringLiteral("stdlib_at"), stdlibAt}, {QStringLiteral("dynload"), dynload},
            {QStringLiteral("dynload_at"), dynloadAt}, {QStringLiteral("libraries"), list}})
        .toJson(QJsonDocument::Compact);
}

std::optional<PythonInstall> PythonInstall::fromJson(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    PythonInstall install;
    install.executable = text(object, "executable");
    install.version = text(object, "version");
    install.implementation = text(object, "implementation");
    install.bits = object[QLatin1StringView("bits")].toInt();
    install.isDebugBuild = object[QLatin1StringView("debug")].toBool();
    install.isFreeThreaded = object[QLatin1StringView("free_threaded")].toBool();
    install.loader = text(object, "loader");
    install.stdlib = text(object, "stdlib");
    install.stdlibAt = text(object, "stdlib_at");
    install.dynload = text(object, "dynload");
    install.dynloadAt = text(object, "dynload_at");
    for (const QJsonValue& entry : object[QLatin1StringView("libraries")].toArray()) {
        Library library{text(entry.toObject(), "path"), {}};
        for (const QJsonValue& name : entry.toObject()[QLatin1StringView("names")].toArray())
            library.names << name.toString();
        install.libraries.push_back(std::move(library));
    }
    if (install.executable.isEmpty() || install.version.isEmpty() || install.implementation.isEmpty())
        return std::nullopt;
    return install;
}

QString inspectionScript()
{
    // Loads every extension module to learn from the memory map which ELF libraries they link to; the names
    // by which those are asked for are the links beside them. libgcc_s is loaded by glibc itself, when a
    // thread ends. The beginning runs on any Python since 2.7, to say why that one is refused. A virtual
    // environment lends the interpreter that it was made with.
    return QStringLiteral(R"python(
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json, os, struct

flags = getattr(sys, 'abiflags', '')
pypy = hasattr(sys, 'pypy_version_info')
lent = getattr(sys, '_base_executable', '')
# Of a copied interpreter it says `python`, whichever that is now.
named = os.path.join(os.path.dirname(lent), 'python%d.%d' % sys.version_info[:2])
if lent and os.path.realpath(lent) != os.path.realpath(sys.executable) and os.path.exists(named):
    lent = named
facts = {
    'executable': os.path.realpath(lent if lent and os.path.exists(lent) else sys.executable),
    'version': '%d.%d.%d' % sys.version_info[:3],
    'implementation': sys.implementation.name if hasattr(sys, 'implementation') else 'pypy' if pypy else 'cpython',
    'bits': 8 * struct.calcsize('P'),
    'debug': hasattr(sys, 'gettotalrefcount'),
    'free_threaded': 't' in flags}
if facts['implementation'] != 'cpython' or sys.version_info < (3, 9):
    print(json.dumps(facts))
    raise SystemExit

import importlib
stdlib = os.path.dirname(os.path.realpath(os.__file__))
prefix = os.path.realpath(sys.base_prefix)
dynload = next((p for p in sys.path if os.path.basename(p) == 'lib-dynload'), '')
for file in sorted(os.listdir(dynload)) if os.path.isdir(dynload) else []:
    name = file.split('.')[0]
    if not name.startswith(('_test', '_xx', 'xx', '_ctypes_test', '_tkinter')):
        try:
            importlib.import_module(name)
        except BaseException:
            pass
try:
    import ctypes
    ctypes.CDLL('libgcc_s.so.1')
except BaseException:
    pass

def loader(path):
    with open(path, 'rb') as file:
        start = file.read(64)
        if start[:5] != b'\x7fELF\x02':
            return ''
        order = '<' if start[5] == 1 else '>'
        offset = struct.unpack_from(order + 'Q', start, 32)[0]
        size, count = struct.unpack_from(order + 'HH', start, 54)
        for i in range(count):
            file.seek(offset + i * size)
            header = file.read(size)
            if struct.unpack_from(order + 'I', header)[0] == 3:
                file.seek(struct.unpack_from(order + 'Q', header, 8)[0])
                return file.read(struct.unpack_from(order + 'Q', header, 32)[0]).rstrip(b'\0').decode()
    return ''

libraries = []
with open('/proc/self/maps') as maps:
    mapped = {line.split(None, 5)[5].rstrip('\n') for line in maps if '/' in line}
for path in sorted(mapped):
    folder, file = os.path.split(path)
    if '.so' not in file or path.startswith((stdlib + '/', dynload + '/')) or not os.path.exists(path):
        continue
    names = [entry.name for entry in os.scandir(folder)
             if entry.is_symlink() and os.path.realpath(entry.path) == path]
    libraries.append({'path': path, 'names': sorted(names)})

inside = not dynload or os.path.realpath(dynload).startswith(stdlib + os.sep)
facts.update({
    'loader': loader(facts['executable']),
    'stdlib': stdlib,
    'stdlib_at': os.path.relpath(stdlib, prefix),
    'dynload': '' if inside else os.path.realpath(dynload),
    'dynload_at': '' if inside else os.path.relpath(os.path.realpath(dynload), prefix),
    'libraries': libraries})
print(json.dumps(facts))
)python");
}

} // namespace burrow
