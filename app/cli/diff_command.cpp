#include "diff_command.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"
#include "trajectory/comparison.h"
#include "trajectory/difference.h"
#include "trajectory/recorded_request.h"
#include "trajectory/unfinished.h"

#include <cstdio>

namespace burrow {

namespace {

using words::tr;

/// One of the two that are compared.
struct Opened {
    RunFile* file = nullptr;
    RunTree tree;

    const RunTree::Node& node(NodeIndex index) const { return tree.node(index); }
    QByteArray text(BlobId id) const { return file->text(id).value_or(QByteArray()); }
    /// What went in: of a request its messages.
    QByteArray input(NodeIndex index) const
    {
        const QByteArray stored = text(node(index).input);
        if (node(index).kind == NodeKind::Rlm || node(index).kind == NodeKind::Cell)
            return stored;
        QByteArray all;
        for (const Message& message : readMessages(*file, stored).value_or(std::vector<Message>()))
            all += message.text + '\n';
        return all;
    }
    QByteArray model(NodeIndex index) const
    {
        const auto id = size_t(node(index).model);
        return id < file->models().size() ? file->models()[id] : QByteArray();
    }
};

QString wordForInput(NodeKind kind)
{
    return kind == NodeKind::Cell ? tr("code") : kind == NodeKind::Rlm ? tr("question") : tr("prompt");
}

QString wordForOutput(NodeKind kind)
{
    return kind == NodeKind::Cell ? tr("output") : kind == NodeKind::Rlm ? tr("answer") : tr("reply");
}

/// What a node and all below it used, and whether some of it was reused.
QString amounts(const Totals& totals)
{
    const QString text = tr("%1 tokens, %2")
                             .arg(formatCount(totals.inputTokens + totals.outputTokens),
                                 formatMoney(totals.spent, totals.estimated));
    return totals.reused.value > 0 ? tr("%1 (%2 reused)").arg(text, formatMoney(totals.reused)) : text;
}

class Report {
public:
    Report(const Opened& left, const Opened& right) : m_left(left), m_right(right) { }

    void add(const NodeDifference& difference)
    {
        if (difference.right == noNode)
            line('-', m_left.tree.path(difference.left), amounts(m_left.node(difference.left).subtree));
        else if (difference.left == noNode)
            line('+', m_right.tree.path(difference.right), amounts(m_right.node(difference.right).subtree));
        else
            addChanged(difference);
    }

    void addTotals()
    {
        const auto row = [&](const QString& name, const QString& left, const QString& right) {
            std::printf("%s\n", qUtf8Printable(tr("%1: %2 → %3").arg(name, left, right)));
        };
        const RunTotals &a = m_left.tree.totals(), &b = m_right.tree.totals();
        row(tr("spent"), formatMoney(a.totals.spent, a.totals.estimated),
            formatMoney(b.totals.spent, b.totals.estimated));
        row(tr("reused"), formatMoney(a.totals.reused), formatMoney(b.totals.reused));
        row(tr("tokens"), formatCount(a.totals.inputTokens + a.totals.outputTokens),
            formatCount(b.totals.inputTokens + b.totals.outputTokens));
        row(tr("requests"), formatCount(a.totals.requests), formatCount(b.totals.requests));
        const QByteArray before = m_left.text(a.answer), now = m_right.text(b.answer);
        if (before == now)
            std::printf("%s\n", qUtf8Printable(tr("answer: the same")));
        else
            row(tr("answer"), shown(before), shown(now));
    }

private:
    static QString shown(const QByteArray& text)
    {
        return QString::fromUtf8(visibleText(text, LineMode::SingleLine));
    }

    static void line(char mark, const NodePath& path, const QString& text)
    {
        std::printf("%c %s  %s\n", mark, path.text().constData(), qUtf8Printable(text));
    }

    void addChanged(const NodeDifference& difference)
    {
        const RunTree::Node &a = m_left.node(difference.left), &b = m_right.node(difference.right);
        QStringList parts;
        if (difference.input)
            parts << tr("%1, %2").arg(wordForInput(a.kind),
                firstDifference(m_left.input(difference.left), m_right.input(difference.right)));
        if (difference.output)
            parts << tr("%1, %2").arg(
                wordForOutput(a.kind), firstDifference(m_left.text(a.output), m_right.text(b.output)));
        if (difference.model)
            parts << tr("model %1 → %2")
                         .arg(shown(m_left.model(difference.left)), shown(m_right.model(difference.right)));
        if (difference.state)
            parts << tr("ended in another way");
        if (const QString before = amounts(a.subtree), now = amounts(b.subtree); before != now)
            parts << tr("%1 → %2").arg(before, now);
        line('~', m_left.tree.path(difference.left), parts.join(QStringLiteral("; ")));
    }

    const Opened& m_left;
    const Opened& m_right;
};

} // namespace

Result<ExitStatus> diff(const DiffOptions& options)
{
    Result<RunFile> first = RunFile::open(options.left.path, RunFile::Access::Read);
    if (!first)
        return std::unexpected(first.error());
    std::optional<RunFile> second;
    if (options.left.path != options.right.path) {
        Result<RunFile> other = RunFile::open(options.right.path, RunFile::Access::Read);
        if (!other)
            return std::unexpected(other.error());
        second = std::move(*other);
    }
    RunFile& rightFile = second ? *second : *first;
    Result<RunTree> left = loadTree(*first, options.left.branch);
    if (!left)
        return std::unexpected(left.error());
    Result<RunTree> right = loadTree(rightFile, options.right.branch);
    if (!right)
        return std::unexpected(right.error());
    const Opened a{&*first, std::move(*left)}, b{&rightFile, std::move(*right)};
    const auto found = compare({a.tree, *a.file}, {b.tree, *b.file});
    if (!found)
        return std::unexpected(found.error());
    Report report(a, b);
    for (const NodeDifference& difference : *found)
        report.add(difference);
    report.addTotals();
    return ExitStatus::Answered;
}

} // namespace burrow
