#pragma once

#include "trajectory/comparison.h"

namespace burrow {

struct RunBranch {
    QString path; ///< of the run file
    int branch = 1;

    friend bool operator==(const RunBranch&, const RunBranch&) = default;
};

/// Two branches beside each other, of one run or of two, as plain data that may cross threads.
struct BranchComparison {
    struct Side {
        RunBranch of;
        RunTree tree;
        std::vector<int> differenceOf; ///< by node: where in `differences`; -1: it is the same in both
        std::vector<bool> leads; ///< by node: below it is a difference
    };

    Side left, right;
    bool isSource = false; ///< the right branch came of the left one
    std::vector<NodeDifference> differences; ///< in the order of the trees

    bool isOneRun() const { return left.of.path == right.of.path; }
};

/// Errors: those of RunFile::open() and compare().
Result<BranchComparison> compareBranches(const RunBranch& left, const RunBranch& right);

/// What a node has on record.
struct NodeRecord {
    QString path; ///< of the run file
    NodeKind kind = NodeKind::Rlm;
    BlobId input = BlobId::None;
    BlobId output = BlobId::None;
};
/// Visible and under headings. Errors: those of RunFile::open() and text().
Result<QByteArray> readTexts(const NodeRecord& record);

} // namespace burrow
