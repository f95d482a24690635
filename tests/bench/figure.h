#pragma once

#include "programs.h"

#include <QFile>

#include <algorithm>
#include <vector>

namespace burrow::bench {

/// What one row shows, with units.
struct Figure {
    QString measured;
    QString floor; ///< what the machine itself takes; may be empty
};

/// As `12.34 ms` below a tenth of a second, else as `1.23 s`.
QString seconds(double value);
/// @p value megabytes.
QString megabytes(double value);

inline constexpr int runs = 3;

/// The middle one of several runs of a whole ask, by @p key. Their run files are removed.
template <typename Run, typename Key> Measured<Asked> median(Run run, Key key)
{
    std::vector<Asked> all;
    for (int i = 0; i < runs; ++i) {
        const Measured<Asked> asked = run();
        if (!asked)
            return asked;
        all.push_back(*asked);
        QFile::remove(asked->runFile);
    }
    std::ranges::sort(all, {}, key);
    return all[all.size() / 2];
}

} // namespace burrow::bench
