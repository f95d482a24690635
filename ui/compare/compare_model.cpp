#include "compare/compare_model.h"

#include "base/quantities.h"
#include "look/look.h"
#include "trajectory/badge.h"
#include "trajectory/node_words.h"

#include <QApplication>
#include <QThreadPool>

namespace burrow {

namespace {

constexpr size_t rootPair = 0;

bool isNumeric(int column)
{
    return column >= CompareModel::LeftMoney;
}

// What a reused reply once cost counts, or a branch would seem cheap for what another paid.
QString money(const RunTree& tree, NodeIndex node)
{
    if (node == noNode)
        return {};
    const Totals& used = tree.node(node).subtree;
    return formatMoney(used.spent + used.reused, used.estimated);
}

QString tokens(const RunTree& tree, NodeIndex node)
{
    if (node == noNode)
        return {};
    const Totals& used = tree.node(node).subtree;
    return formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens);
}

} // namespace

CompareModel::CompareModel(QObject* parent) : QAbstractItemModel(parent), m_pairs(1) { }

void CompareModel::setComparison(BranchComparison comparison)
{
    beginResetModel();
    // To free a million nodes takes a while.
    QThreadPool::globalInstance()->start([old = std::exchange(m_comparison, std::move(comparison))] { });
    m_pairs.assign(1, {});
    endResetModel();
}

void CompareModel::setShows(Shows shows)
{
    beginResetModel();
    m_shows = shows;
    m_pairs.assign(1, {});
    endResetModel();
}

/// What only one branch has differs with all below it.
bool CompareModel::leadsToDifference(const Pair& pair) const
{
    return (pair.left != noNode && m_comparison.left.leads[size_t(pair.left)])
        || (pair.right != noNode && m_comparison.right.leads[size_t(pair.right)]);
}

int CompareModel::differenceOf(const Pair& pair) const
{
    return pair.left != noNode ? m_comparison.left.differenceOf[size_t(pair.left)]
                               : m_comparison.right.differenceOf[size_t(pair.right)];
}

int CompareModel::differenceOf(const QModelIndex& index) const
{
    return index.isValid() ? differenceOf(m_pairs[pairAt(index)]) : -1;
}

QModelIndex CompareModel::indexOfDifference(int difference) const
{
    const NodeDifference& wanted = m_comparison.differences[size_t(difference)];
    const bool isLeft = wanted.left != noNode;
    const RunTree& tree = isLeft ? m_comparison.left.tree : m_comparison.right.tree;
    std::vector<NodeIndex> way;
    for (NodeIndex at = isLeft ? wanted.left : wanted.right; at != noNode; at = tree.node(at).parent)
        way.push_back(at);
    size_t pair = rootPair;
    for (; !way.empty(); way.pop_back()) {
        const std::vector<size_t>& children = childrenOf(pair);
        const auto child = std::ranges::find(
            children, way.back(), [&](size_t at) { return isLeft ? m_pairs[at].left : m_pairs[at].right; });
        if (child == children.end())
            return {};
        pair = *child;
    }
    return indexOf(pair);
}

bool CompareModel::isOneSided(const QModelIndex& index) const
{
    const Pair& pair = m_pairs[pairAt(index)];
    return (pair.left == noNode) != (pair.right == noNode);
}

NodePath CompareModel::path(const QModelIndex& index) const
{
    const Pair& pair = m_pairs[pairAt(index)];
    return pair.left != noNode ? m_comparison.left.tree.path(pair.left)
                               : m_comparison.right.tree.path(pair.right);
}

std::pair<std::optional<NodeRecord>, std::optional<NodeRecord>> CompareModel::records(
    const QModelIndex& index) const
{
    const auto record = [](const BranchComparison::Side& side, NodeIndex at) -> std::optional<NodeRecord> {
        if (at == noNode)
            return std::nullopt;
        const RunTree::Node& node = side.tree.node(at);
        return NodeRecord{side.of.path, node.kind, node.input, node.output};
    };
    const Pair& pair = m_pairs[pairAt(index)];
    return {record(m_comparison.left, pair.left), record(m_comparison.right, pair.right)};
}

const RunTree::Node& CompareModel::node(const Pair& pair) const
{
    return pair.left != noNode ? m_comparison.left.tree.node(pair.left)
                               : m_comparison.right.tree.node(pair.right);
}

const std::vector<size_t>& CompareModel::childrenOf(size_t at) const
{
    if (m_pairs[at].hasAllChildren)
        return m_pairs[at].children;
    const Pair above = m_pairs[at];
    const bool isRoot = at == rootPair;
    const bool isOneSided = !isRoot && (above.left == noNode || above.right == noNode);
    std::vector<size_t> children;
    const auto add = [&](NodeIndex left, NodeIndex right) {
        Pair pair{left, right, at, int(children.size()), {}};
        const bool isShown = m_shows == Shows::Everything || isOneSided || differenceOf(pair) >= 0
            || leadsToDifference(pair);
        if (!isShown)
            return;
        children.push_back(m_pairs.size());
        m_pairs.push_back(std::move(pair));
    };
    static const std::vector<NodeIndex> none;
    const auto below = [&](const RunTree& tree, NodeIndex node) -> const std::vector<NodeIndex>& {
        return isRoot ? tree.roots() : node == noNode ? none : tree.node(node).children;
    };
    const auto counterpart = [&](const RunTree& tree, NodeIndex parent, const RunTree::Node& node) {
        return isOneSided ? noNode : tree.findChild(parent, node.kind, node.ordinal);
    };
    const RunTree &left = m_comparison.left.tree, &right = m_comparison.right.tree;
    for (const NodeIndex child : below(left, above.left))
        add(child, counterpart(right, above.right, left.node(child)));
    for (const NodeIndex child : below(right, above.right))
        if (counterpart(left, above.left, right.node(child)) == noNode)
            add(noNode, child);
    m_pairs[at].children = std::move(children);
    m_pairs[at].hasAllChildren = true;
    return m_pairs[at].children;
}

size_t CompareModel::pairAt(const QModelIndex& index) const
{
    return index.isValid() ? size_t(index.internalId()) : rootPair;
}

QModelIndex CompareModel::indexOf(size_t pair, int column) const
{
    return pair == rootPair ? QModelIndex() : createIndex(m_pairs[pair].row, column, quintptr(pair));
}

QModelIndex CompareModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, quintptr(childrenOf(pairAt(parent))[size_t(row)]));
}

QModelIndex CompareModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(m_pairs[pairAt(child)].parent) : QModelIndex();
}

/// A view asks this of each row that it shows, and most of them stay folded.
bool CompareModel::hasChildren(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return false;
    const Pair& pair = m_pairs[pairAt(parent)];
    if (!parent.isValid() || pair.hasAllChildren)
        return rowCount(parent) > 0;
    if (m_shows == Shows::Differences && !isOneSided(parent))
        return leadsToDifference(pair);
    return (pair.left != noNode && !m_comparison.left.tree.node(pair.left).children.empty())
        || (pair.right != noNode && !m_comparison.right.tree.node(pair.right).children.empty());
}

int CompareModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : int(childrenOf(pairAt(parent)).size());
}

int CompareModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QString CompareModel::differenceText(const Pair& pair) const
{
    if (pair.left == noNode || pair.right == noNode) {
        const bool isLeft = pair.left != noNode;
        if (!m_comparison.isOneRun())
            return isLeft ? tr("only on the left") : tr("only on the right");
        return tr("only in branch %1").arg((isLeft ? m_comparison.left : m_comparison.right).of.branch);
    }
    const int at = differenceOf(pair);
    if (at < 0)
        return {};
    const NodeDifference& difference = m_comparison.differences[size_t(at)];
    const bool isCell = node(pair).kind == NodeKind::Cell;
    QStringList parts;
    if (difference.input)
        parts << (isCell ? tr("code") : tr("prompt"));
    if (difference.output)
        parts << (isCell ? tr("output") : node(pair).kind == NodeKind::Rlm ? tr("answer") : tr("reply"));
    if (difference.model)
        parts << tr("model");
    if (difference.state)
        parts << tr("state");
    return parts.join(QStringLiteral(", "));
}

QString CompareModel::badgeText(const Pair& pair) const
{
    if (pair.right != noNode)
        return wordFor(badgeOf(m_comparison.right.tree.node(pair.right), m_comparison.right.of.branch > 1));
    if (!m_comparison.isSource)
        return {};
    size_t above = pair.parent;
    while (above != rootPair && m_pairs[above].right == noNode)
        above = m_pairs[above].parent;
    return wordFor(badgeOfMissing(m_comparison.right.tree, m_pairs[above].right));
}

QString CompareModel::text(const Pair& pair, Column column) const
{
    const RunTree &left = m_comparison.left.tree, &right = m_comparison.right.tree;
    switch (column) {
    case Node:
        return nameOf(node(pair));
    case Difference:
        return differenceText(pair);
    case Badge:
        return badgeText(pair);
    case LeftMoney:
        return money(left, pair.left);
    case RightMoney:
        return money(right, pair.right);
    case LeftTokens:
        return tokens(left, pair.left);
    case RightTokens:
        return tokens(right, pair.right);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant CompareModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Pair& pair = m_pairs[pairAt(index)];
    switch (role) {
    case Qt::DisplayRole:
        return text(pair, Column(index.column()));
    case Qt::TextAlignmentRole:
        return isNumeric(index.column()) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ForegroundRole: // what is the same steps back
        return differenceText(pair).isEmpty() ? QVariant(look::colours(QApplication::palette()).muted)
                                              : QVariant();
    case Qt::ToolTipRole:
        return index.column() == Node ? QVariant(QString::fromLatin1(path(index).text())) : QVariant();
    default:
        return {};
    }
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const bool isLeft = section == LeftMoney || section == LeftTokens;
    const int branch = (isLeft ? m_comparison.left : m_comparison.right).of.branch;
    if (role == Qt::ToolTipRole) {
        if (section == Badge)
            return tr("What became of it in the branch on the right");
        if (!isNumeric(section))
            return {};
        const QString whose = !m_comparison.isOneRun() ? isLeft ? tr("On the left") : tr("On the right")
                                                       : tr("In branch %1").arg(branch);
        return section == LeftMoney || section == RightMoney
            ? tr("%1: what was spent, and what the replies that were reused cost once").arg(whose)
            : tr("%1: tokens of live requests, in and out").arg(whose);
    }
    if (role != Qt::DisplayRole)
        return {};
    const auto of = [&](const QString& what) {
        if (!m_comparison.isOneRun())
            return isLeft ? tr("%1 (left)").arg(what) : tr("%1 (right)").arg(what);
        return tr("%1 (%2)").arg(what).arg(branch);
    };
    switch (section) {
    case Node:
        return tr("Node");
    case Difference:
        return tr("Differs in");
    case Badge:
        return tr("Badge");
    case LeftMoney:
    case RightMoney:
        return of(tr("$"));
    case LeftTokens:
    case RightTokens:
        return of(tr("Tokens"));
    default:
        return {};
    }
}

} // namespace burrow
