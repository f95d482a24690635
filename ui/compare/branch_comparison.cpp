#include "compare/branch_comparison.h"

#include "base/visible_text.h"
#include "trajectory/recorded_request.h"
#include "trajectory/unfinished.h"

#include <QCoreApplication>

namespace burrow {

namespace {

using Entry = BranchComparison::Entry;

QByteArray tr(const char* text)
{
    return QCoreApplication::translate("Compare", text).toUtf8();
}

std::optional<Entry> entryOf(const RunTree& tree, NodeIndex index)
{
    if (index == noNode)
        return std::nullopt;
    const RunTree::Node& node = tree.node(index);
    return Entry{node.kind, node.input, node.output, node.subtree};
}

Result<QByteArray> textOf(RunFile& file, const std::optional<Entry>& entry)
{
    if (!entry)
        return QByteArray();
    const bool isCell = entry->kind == NodeKind::Cell;
    const auto part = [](const QByteArray& heading, const QByteArray& text) {
        return "── " + heading + " ──\n" + visibleText(text, LineMode::MultiLine)
            + (text.endsWith('\n') ? "" : "\n");
    };
    const Result<QByteArray> input = readInput(file, entry->kind, entry->input);
    if (!input)
        return input;
    return file.text(entry->output).transform([&](const QByteArray& output) {
        return part(isCell ? tr("code") : tr("prompt"), *input)
            + part(isCell                          ? tr("output")
                    : entry->kind == NodeKind::Rlm ? tr("answer")
                                                   : tr("reply"),
                output);
    });
}

} // namespace

Result<BranchComparison> compareBranches(const QString& path, int left, int right)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    const Result<RunTree> a = loadTree(*file, left);
    if (!a)
        return std::unexpected(a.error());
    const Result<RunTree> b = loadTree(*file, right);
    if (!b)
        return std::unexpected(b.error());
    return compare({*a, *file}, {*b, *file}).transform([&](const std::vector<NodeDifference>& found) {
        BranchComparison comparison{path, left, right, a->totals(), b->totals(), {}};
        for (const NodeDifference& difference : found)
            comparison.rows.push_back(
                {difference.left == noNode ? b->path(difference.right) : a->path(difference.left),
                    entryOf(*a, difference.left), entryOf(*b, difference.right), difference});
        return comparison;
    });
}

Result<ComparedTexts> readTexts(const QString& path, const BranchComparison::Row& row)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    return textOf(*file, row.left).and_then([&](const QByteArray& left) {
        return textOf(*file, row.right).transform([&](const QByteArray& right) {
            return ComparedTexts{left, right};
        });
    });
}

ChangedLines changedLines(const QByteArray& left, const QByteArray& right)
{
    const QList<QByteArray> a = left.split('\n'), b = right.split('\n');
    const qsizetype shorter = qMin(a.size(), b.size());
    qsizetype first = 0;
    while (first < shorter && a[first] == b[first])
        ++first;
    qsizetype same = 0;
    while (same < shorter - first && a[a.size() - 1 - same] == b[b.size() - 1 - same])
        ++same;
    return {int(first), int(a.size() - same - first), int(b.size() - same - first)};
}

} // namespace burrow
