#pragma once

#include "base/result.h"

#include <QSettings>

namespace burrow {

/// What a person has chosen for all runs: an INI file in the user's folder for settings, which can be edited
/// by hand. No secrets.
class Settings {
public:
    /// `burrow/burrow.ini` in that folder.
    static QString defaultPath();

    explicit Settings(const QString& path = defaultPath());

    /// The interpreter for cells; empty: the first that is found.
    QString python() const;
    void setPython(const QString& path);

    /// Writes what was set. Errors: Io.
    Result<void> save();

private:
    QSettings m_file;
};

} // namespace burrow
