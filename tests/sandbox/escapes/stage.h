#pragma once

#include <QByteArray>
#include <QString>

namespace burrow::escapes {

/// What lies around an attempt: a person's home and document, in a folder of the attempt's own. All of it is
/// open to every user of the machine, so that nothing but the sandbox keeps a guest away.
struct Stage {
    QString folder;
    QByteArray secret; ///< never told to the guest: where it turns up, the guest has got out
    QByteArray mark; ///< told to the guest, to name and fill what it leaves behind

    QString path(const char* name) const { return folder + u'/' + QLatin1StringView(name); }
    QString home() const { return path("home"); }
    QString secretFile() const { return path("home/.ssh/id_ed25519"); }
    QString socket() const { return path("home/socket"); }
    QString document() const { return path("home/document.txt"); }

    /// The names that the code of an attempt finds, as Python.
    QByteArray constants() const;
    /// Makes the folders and files. Returns whether all are there.
    bool build() const;
};

/// Bytes of the document: enough for the guest to map it rather than read it.
inline constexpr qint64 documentBytes = qint64(2) << 20;

} // namespace burrow::escapes
