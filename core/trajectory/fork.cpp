#include "trajectory/fork.h"

#include "base/json.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"
#include "repl/cell_parser.h"

namespace burrow {

namespace {

using What = Change::What;

using words::tr;

/// Works out one fork.
class Planner {
public:
    Planner(RunFile& file, const RunTree& tree, NodeIndex node, const Change& change)
        : m_file(file), m_tree(tree), m_index(node), m_node(tree.node(node)), m_change(change)
    {
    }

    Result<void> plan(Fork& fork)
    {
        fork.edit.at = m_tree.path(m_index);
        fork.edit.text = m_change.text;
        fork.seq = beforeRerun();
        switch (m_change.what) {
        case What::Nothing:
            return {};
        case What::Code:
            return planCode(fork);
        case What::Reply:
            return planReply(fork);
        case What::Prompt:
            return planPrompt(fork);
        case What::Model:
            return planModel(fork, Edit::Kind::Model);
        case What::Parameters:
            return planParameters(fork);
        case What::Sample:
            return planSample(fork);
        }
        return {};
    }

private:
    /// A node is asked or run again from its own start, a call from the start of the cell that made it: the
    /// variables of that cell come from nowhere else.
    qint64 beforeRerun() const
    {
        const bool isCall = m_node.kind == NodeKind::Completion
            || (m_node.kind == NodeKind::Rlm && m_node.parent != noNode);
        return (isCall ? m_tree.node(m_node.parent).id : m_node.id) - 1;
    }

    std::unexpected<Error> cannot(const QString& why) const
    {
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral("%1: %2").arg(QString::fromUtf8(m_tree.path(m_index).text()), why));
    }

    /// The model must see what ran, so its reply is edited with the code.
    Result<void> planCode(Fork& fork)
    {
        if (m_node.kind != NodeKind::Cell)
            return cannot(tr("only a cell has code. Name one, such as root/turn1/cell1."));
        const RunTree::Node& turn = m_tree.node(m_node.parent);
        const Result<QByteArray> reply = m_file.text(turn.output);
        if (!reply)
            return std::unexpected(reply.error());
        const std::optional<QByteArray> edited = withCell(*reply, m_node.ordinal, m_change.text);
        if (!edited)
            return cannot(tr("the model did not write this cell. Edit the reply of its turn instead."));
        fork.edit = {m_tree.path(m_node.parent), Edit::Kind::Reply, Edit::Reach::Node, *edited, {}};
        fork.editedNode = turn.id;
        return {};
    }

    Result<void> planReply(Fork& fork)
    {
        if (m_node.kind == NodeKind::Cell)
            return cannot(tr("a cell has no reply. Change its code, or the reply of its turn."));
        if (m_node.kind == NodeKind::Rlm && m_node.parent == noNode)
            return cannot(tr("the answer of a run follows from its turns. Change the reply of one."));
        fork.edit.kind = Edit::Kind::Reply;
        return {};
    }

    Result<void> planPrompt(Fork& fork)
    {
        if (m_node.kind == NodeKind::Cell || m_node.kind == NodeKind::Compaction)
            return cannot(tr("this has no prompt that could be changed. Name a turn or a call."));
        fork.edit.kind = Edit::Kind::Prompt;
        return {};
    }

    Result<void> planParameters(Fork& fork)
    {
        if (!decodeParameters(m_change.text))
            return cannot(tr("these parameters cannot be sent. A temperature is from 0 to 2, the tokens of a "
                             "reply are at least 1."));
        return planModel(fork, Edit::Kind::Parameters);
    }

    /// A change that may reach beyond the node: to all requests of the model that it asks.
    Result<void> planModel(Fork& fork, Edit::Kind kind)
    {
        if (!isRequest(m_node.kind) && m_change.reach == Edit::Reach::Node)
            return cannot(tr(
                "this asks no model by itself. Name a turn or a call, or change what comes from here on."));
        const auto model = size_t(m_node.model);
        fork.edit.kind = kind;
        fork.edit.reach = m_change.reach;
        fork.edit.instead = model < m_file.models().size() ? m_file.models()[model] : QByteArray();
        if (m_change.reach != Edit::Reach::Node && fork.edit.instead.isEmpty())
            return cannot(tr("this has no model. Name a turn, a call or a root."));
        if (m_change.reach == Edit::Reach::All)
            fork.seq = m_tree.node(m_tree.roots().front()).id - 1;
        return {};
    }

    Result<void> planSample(Fork& fork)
    {
        if (!isRequest(m_node.kind))
            return cannot(tr("this asks no model by itself. Name a turn or a call to sample again."));
        const Result<QByteArray> request = m_file.text(m_node.input);
        if (!request)
            return std::unexpected(request.error());
        const auto json = parseJson(*request);
        const int ordinal = json.is_object() && json.contains("sample") && json["sample"].is_number_integer()
            ? json["sample"].get<int>()
            : 0;
        fork.edit.kind = Edit::Kind::Sample;
        fork.edit.text = QByteArray::number(std::max(ordinal, 0) + 1);
        return {};
    }

    RunFile& m_file;
    const RunTree& m_tree;
    NodeIndex m_index;
    const RunTree::Node& m_node;
    const Change& m_change;
};

QString reasonFor(What what, const NodePath& at)
{
    const QString node = QString::fromUtf8(at.text());
    switch (what) {
    case What::Nothing:
        return tr("played again");
    case What::Code:
        return tr("code of %1").arg(node);
    case What::Reply:
        return tr("reply of %1").arg(node);
    case What::Prompt:
        return tr("prompt of %1").arg(node);
    case What::Model:
        return tr("model at %1").arg(node);
    case What::Parameters:
        return tr("parameters at %1").arg(node);
    case What::Sample:
        return tr("another sample of %1").arg(node);
    }
    return {};
}

} // namespace

Result<Fork> planFork(
    RunFile& file, const RunTree& tree, int branch, const NodePath& at, const Change& change)
{
    const NodeIndex node = tree.findPath(at);
    if (node == noNode)
        return fail(ErrorCode::InvalidArgument,
            tr("%1 has no node %2: choose one that its tree shows.")
                .arg(file.path(), QString::fromUtf8(at.text())));
    Fork fork{.parent = branch, .reason = reasonFor(change.what, at)};
    return Planner(file, tree, node, change).plan(fork).transform([&] { return std::move(fork); });
}

ForkOutlook outlookOf(const RunTree& source, std::span<const QByteArray> models, const Fork& fork)
{
    ForkOutlook outlook;
    qint64 input = 0, output = 0;
    bool isOnRecord = true;
    const auto nameOf
        = [models](ModelId id) { return size_t(id) < models.size() ? models[size_t(id)] : QByteArray(); };
    for (int i = 0; i < source.size(); ++i) {
        const RunTree::Node& node = source.node(NodeIndex(i));
        if (!isRequest(node.kind))
            continue;
        ++(node.id <= fork.seq ? outlook.kept : outlook.later);
        if (node.id <= fork.seq)
            continue;
        const MicroUsd cost = node.own.spent + node.own.reused;
        outlook.laterCost += cost;
        if (!changesRequest(fork.edit, source.path(NodeIndex(i)), nameOf(node.model)))
            continue;
        ++outlook.changed;
        outlook.changedCost += cost;
        input += node.own.inputTokens;
        output += node.own.outputTokens;
        // What was served used no tokens, and is counted with none.
        isOnRecord &= !node.reused && node.own.unknown == 0;
    }
    if (outlook.changed > 0 && isOnRecord)
        outlook.changedUsage = Usage{input, output, {}};
    return outlook;
}

QString describe(const ForkOutlook& outlook, const QByteArray& model, const PriceTable& prices)
{
    const auto requests
        = [](int count) { return count == 1 ? tr("1 request") : tr("%1 requests").arg(formatCount(count)); };
    QStringList said{tr("Kept: %1 before it.").arg(requests(outlook.kept))};
    if (outlook.later == 0)
        said << tr("Nothing after it was asked so far.");
    else
        said << tr("From here on: %1, which cost %2. Those that the change does not reach are reused, the "
                   "others are sent again.")
                    .arg(requests(outlook.later), formatMoney(outlook.laterCost));
    if (outlook.changed > 0 && model.isEmpty()) {
        said << tr("For certain sent again: %1, which cost %2.")
                    .arg(requests(outlook.changed), formatMoney(outlook.changedCost));
    } else if (outlook.changed > 0) {
        const auto cost
            = outlook.changedUsage.and_then([&](const Usage& usage) { return prices.cost(model, usage); });
        said << tr("For certain sent to %1: %2, %3.")
                    .arg(visibleText(QString::fromUtf8(model), LineMode::SingleLine),
                        requests(outlook.changed),
                        cost ? tr("about %1 by its price").arg(formatMoney(*cost))
                             : tr("at a cost that is not known"));
    }
    return said.join(QLatin1Char(' '));
}

Result<int> openFork(RunFile& file, const Fork& fork, const Clock& clock)
{
    const Result<int> branch = file.addBranch(fork.parent, fork.seq, fork.reason, clock.now());
    if (!branch)
        return branch;
    Event edited;
    edited.kind = EventKind::Edited;
    edited.branch = *branch;
    edited.time = clock.now();
    edited.node = fork.editedNode;
    edited.detail = quint8(fork.edit.kind);
    return file.put(fork.edit.text)
        .transform([&](BlobId text) { edited.body = text; })
        .and_then([&] { return file.put(encodeEdit(fork.edit)); })
        .transform([&](BlobId json) { edited.extra = json; })
        .and_then([&] { return file.append(edited); })
        .and_then([&] { return file.commit(); })
        .transform([&] { return *branch; });
}

} // namespace burrow
