#pragma once

#include <QString>

namespace burrow {

/// A branch of a run, as people name it: `RUN` is the run as it was asked, `RUN@2` its second branch.
struct RunReference {
    QString path;
    int branch = 1;

    /// A file that is really called so goes before a branch.
    static RunReference from(const QString& text);
    QString text() const;
};

} // namespace burrow
