#pragma once

#include <QByteArray>

#include <vector>

namespace burrow {

/// Lines of one text that stand in the place of others: none on one side where lines were added or removed.
struct ChangedLines {
    int left = 0, leftCount = 0; ///< the first, from 0
    int right = 0, rightCount = 0;

    friend bool operator==(const ChangedLines&, const ChangedLines&) = default;
};

/// The fewest lines that make @p right out of @p left, in order. Where that would take long, all between the
/// first and the last difference.
std::vector<ChangedLines> changedLines(const QByteArray& left, const QByteArray& right);

} // namespace burrow
