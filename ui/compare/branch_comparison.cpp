#include "compare/branch_comparison.h"

#include "base/visible_text.h"
#include "trajectory/recorded_request.h"
#include "trajectory/unfinished.h"

#include <QCoreApplication>

namespace burrow {

namespace {

QByteArray tr(const char* text)
{
    return QCoreApplication::translate("Compare", text).toUtf8();
}

bool isAncestor(int branch, int of, std::span<const Branch> branches)
{
    const auto found = std::ranges::find(branches, of, &Branch::id);
    return found != branches.end() && found->parent != 0
        && (found->parent == branch || isAncestor(branch, found->parent, branches));
}

/// Makes it quick to ask of a node of @p side whether and how it differs.
void addIndex(BranchComparison::Side& side, const std::vector<NodeDifference>& differences,
    NodeIndex NodeDifference::* node)
{
    const RunTree& tree = side.tree;
    side.differenceOf.assign(size_t(tree.size()), -1);
    side.leads.assign(size_t(tree.size()), false);
    for (size_t i = 0; i < differences.size(); ++i) {
        NodeIndex at = differences[i].*node;
        if (at == noNode)
            continue;
        side.differenceOf[size_t(at)] = int(i);
        while ((at = tree.node(at).parent) != noNode && !side.leads[size_t(at)])
            side.leads[size_t(at)] = true;
    }
}

} // namespace

Result<BranchComparison> compareBranches(const RunBranch& left, const RunBranch& right)
{
    Result<RunFile> first = RunFile::open(left.path, RunFile::Access::Read);
    if (!first)
        return std::unexpected(first.error());
    const bool isOneRun = left.path == right.path;
    std::optional<RunFile> second;
    if (!isOneRun) {
        Result<RunFile> other = RunFile::open(right.path, RunFile::Access::Read);
        if (!other)
            return std::unexpected(other.error());
        second = std::move(*other);
    }
    RunFile& rightFile = second ? *second : *first;
    Result<RunTree> a = loadTree(*first, left.branch);
    if (!a)
        return std::unexpected(a.error());
    Result<RunTree> b = loadTree(rightFile, right.branch);
    if (!b)
        return std::unexpected(b.error());
    return compare({*a, *first}, {*b, rightFile}).transform([&](std::vector<NodeDifference> differences) {
        BranchComparison comparison{{left, std::move(*a), {}, {}}, {right, std::move(*b), {}, {}},
            isOneRun && isAncestor(left.branch, right.branch, first->branches()), std::move(differences)};
        addIndex(comparison.left, comparison.differences, &NodeDifference::left);
        addIndex(comparison.right, comparison.differences, &NodeDifference::right);
        return comparison;
    });
}

Result<QByteArray> readTexts(const NodeRecord& record)
{
    Result<RunFile> file = RunFile::open(record.path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    const bool isCell = record.kind == NodeKind::Cell;
    const auto part = [](const QByteArray& heading, const QByteArray& text) {
        return "── " + heading + " ──\n" + visibleText(text, LineMode::MultiLine)
            + (text.endsWith('\n') ? "" : "\n");
    };
    const Result<QByteArray> input = readInput(*file, record.kind, record.input);
    if (!input)
        return input;
    return file->text(record.output).transform([&](const QByteArray& output) {
        return part(isCell ? tr("code") : tr("prompt"), *input)
            + part(isCell                          ? tr("output")
                    : record.kind == NodeKind::Rlm ? tr("answer")
                                                   : tr("reply"),
                output);
    });
}

} // namespace burrow
