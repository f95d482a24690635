#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace burrow {

/// What a guest needs of a Python: the files that its root is made of.
struct PythonInstall {
    struct Library {
        QString path;
        QStringList names; ///< the file names by which it is asked for
    };

    QString executable; ///< the interpreter itself, no symbolic link
    QString version; ///< `3.13.5`
    QString loader; ///< the dynamic linker, as the executable names it
    QString stdlib;
    QString stdlibAt; ///< relative to the prefix: `lib/python3.13`
    QString dynload; ///< empty where it lies in the standard library
    QString dynloadAt;
    std::vector<Library> libraries; ///< all that the interpreter and its extension modules link to

    /// Whether every file is still there.
    bool isIntact() const;

    QByteArray toJson() const;
    /// Nothing where @p json is of no known form.
    static std::optional<PythonInstall> fromJson(const QByteArray& json);
};

/// A program for an interpreter that prints such JSON about itself.
QString inspectionScript();

} // namespace burrow
