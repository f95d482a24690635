#pragma once

#include "base/result.h"

#include <QByteArrayList>
#include <QList>

namespace burrow::escapes {

/// What keeps the guest in.
enum class Protection { Full, Strong, None };
const char* nameOf(Protection protection);

/// Something that a witness saw: an escape.
struct Sighting {
    QByteArray witness;
    QByteArray what;
};

/// What came of one attempt. It travels as a line of JSON from the process that is the host to the one that
/// judges.
struct Outcome {
    QByteArray trouble; ///< set: nothing was tried, and why
    QByteArray status; ///< how the cell ended: `ok`, `raised`, `timed out`, …
    QByteArray error; ///< the last line of its traceback
    QList<Sighting> seen;
    QList<qint64> processes; ///< of the guest, to be gone soon
    QList<qint64> sessions; ///< that they belong to
    qint64 victim = 0;

    QByteArray toJson() const;
    static Result<Outcome> fromJson(const QByteArray& line);
};

} // namespace burrow::escapes
