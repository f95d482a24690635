#pragma once

#include "base/result.h"

#include <QByteArrayList>

#include <vector>

namespace burrow::escapes {

/// One way out of the sandbox, as attempts/*.py describe it. attempts/README.md explains the format.
struct Attempt {
    enum class Control {
        SameCode, ///< runs unprotected as an ordinary user
        OwnNamespaces, ///< runs as root of namespaces of its own, since it needs a right that only root has
        None, ///< `withoutControl` says why
    };
    enum class Extra { None, Neighbour, BoundHome, KilledHost };

    QByteArray group; ///< the name of its file: `files`
    QByteArray id;
    QByteArray title;
    QByteArray code; ///< Python
    QByteArray seenBy; ///< the witness that its control must convince
    QByteArrayList blockedWith; ///< exceptions that mean a refusal, beside OSError and its kinds
    QByteArrayList containedWhen; ///< ways to end that are harmless: `ok`, `crashed`, `timed out`, …
    QByteArray containedBy; ///< what makes them so
    QByteArray knownAtStrong; ///< what level Strong lets through; empty: nothing
    Control control = Control::SameCode;
    QByteArray withoutControl;
    QByteArray controlCode; ///< empty: the same code
    QByteArray controlNeeds; ///< what a kernel or system may lack, so that a control does nothing
    Extra extra = Extra::None;
    bool isQuick = false; ///< belongs to the few that every run of the tests tries
};

/// Errors: NotFound; InvalidArgument naming the file and the attempt that breaks the format.
Result<std::vector<Attempt>> readAttempts(const QString& folder);

} // namespace burrow::escapes
