#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace burrow {

/// What a guest needs of a Python: the files that its root is made of. Of one that cannot run cells only the
/// first facts are known.
struct PythonInstall {
    struct Library {
        QString path;
        QStringList names; ///< the file names by which it is asked for
    };

    QString executable; ///< the interpreter itself, no symbolic link
    QString version; ///< `3.13.5`
    QString implementation; ///< `cpython`
    int bits = 0; ///< of an address
    bool isDebugBuild = false;
    bool isFreeThreaded = false; ///< built without the global lock

    QString loader; ///< the dynamic linker, as the executable names it
    QString stdlib;
    QString stdlibAt; ///< relative to the prefix: `lib/python3.13`
    QString dynload; ///< empty where it lies in the standard library
    QString dynloadAt;
    std::vector<Library> libraries; ///< all that the interpreter and its extension modules link to

    /// Why it cannot run cells: `it is PyPy`; empty where it can.
    QString unfitness() const;
    /// Whether every file is still there.
    bool isIntact() const;

    QByteArray toJson() const;
    /// Nothing where @p json is of no known form.
    static std::optional<PythonInstall> fromJson(const QByteArray& json);
};

/// A program for an interpreter that prints such JSON about itself.
QString inspectionScript();

} // namespace burrow
