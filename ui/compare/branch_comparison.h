#pragma once

#include "trajectory/comparison.h"

namespace burrow {

/// Two branches of a run beside each other, as plain data that may cross threads.
struct BranchComparison {
    /// What a side has at a node.
    struct Entry {
        NodeKind kind = NodeKind::Rlm;
        BlobId input = BlobId::None;
        BlobId output = BlobId::None;
        Totals used; ///< of the node and all below it
    };
    /// A node that differs. A side without the node has no entry.
    struct Row {
        NodePath path;
        std::optional<Entry> left;
        std::optional<Entry> right;
        NodeDifference difference;
    };

    QString path; ///< of the run file
    int left = 1, right = 1; ///< the branches
    RunTotals leftTotals, rightTotals;
    std::vector<Row> rows; ///< in the order of the tree
};

/// Errors: those of RunFile::open() and compare().
Result<BranchComparison> compareBranches(const QString& path, int left, int right);

/// The texts of @p row in both branches, visible and under headings.
struct ComparedTexts {
    QByteArray left, right;
};
Result<ComparedTexts> readTexts(const QString& path, const BranchComparison::Row& row);

/// The lines of one text that are not the same in the other: all between the first and the last difference.
struct ChangedLines {
    int first = 0;
    int leftCount = 0;
    int rightCount = 0;

    friend bool operator==(const ChangedLines&, const ChangedLines&) = default;
};
ChangedLines changedLines(const QByteArray& left, const QByteArray& right);

} // namespace burrow
