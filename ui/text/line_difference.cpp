#include "text/line_difference.h"

#include <QList>

namespace burrow {

std::vector<ChangedLines> changedLines(const QByteArray& left, const QByteArray& right)
{
    const QList<QByteArray> a = left.split('\n'), b = right.split('\n');
    const qsizetype shorter = qMin(a.size(), b.size());
    qsizetype first = 0;
    while (first < shorter && a[first] == b[first])
        ++first;
    qsizetype same = 0;
    while (same < shorter - first && a[a.size() - 1 - same] == b[b.size() - 1 - same])
        ++same;
    const int rows = int(a.size() - same - first), columns = int(b.size() - same - first);
    if (rows == 0 && columns == 0)
        return {};
    constexpr qint64 most = 4'000'000; // pairs of lines
    if (rows == 0 || columns == 0 || qint64(rows) * columns > most)
        return {{int(first), rows, int(first), columns}};
    // How many lines from here to the end both have in the same order.
    std::vector<int> common(size_t(rows + 1) * size_t(columns + 1));
    const auto at = [&](int row, int column) -> int& {
        return common[size_t(row) * size_t(columns + 1) + size_t(column)];
    };
    const auto isSame = [&](int row, int column) { return a[first + row] == b[first + column]; };
    for (int row = rows - 1; row >= 0; --row)
        for (int column = columns - 1; column >= 0; --column)
            at(row, column) = isSame(row, column) ? at(row + 1, column + 1) + 1
                                                  : qMax(at(row + 1, column), at(row, column + 1));
    std::vector<ChangedLines> changes;
    for (int row = 0, column = 0; row < rows || column < columns;) {
        ChangedLines change{int(first) + row, 0, int(first) + column, 0};
        while ((row < rows || column < columns) && !(row < rows && column < columns && isSame(row, column))) {
            const bool isRemoved
                = column == columns || (row < rows && at(row + 1, column) >= at(row, column + 1));
            isRemoved ? ++row : ++column;
            ++(isRemoved ? change.leftCount : change.rightCount);
        }
        if (change.leftCount > 0 || change.rightCount > 0)
            changes.push_back(change);
        for (; row < rows && column < columns && isSame(row, column); ++column)
            ++row;
    }
    return changes;
}

} // namespace burrow
