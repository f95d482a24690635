#include "calls/call_tree_model.h"

#include "base/quantities.h"
#include "look/icons.h"
#include "look/look.h"

#include <QApplication>
#include <QFont>

namespace burrow {

namespace {

bool isNumeric(int column)
{
    return column == CallTreeModel::Money || column == CallTreeModel::Tokens
        || column == CallTreeModel::Seconds;
}

/// In resources/icons.
const char* iconFor(ShownState state)
{
    switch (state) {
    case ShownState::Live:
        return "state-live";
    case ShownState::Ok:
    case ShownState::Reused:
        return "state-ok";
    case ShownState::Failed:
        return "state-failed";
    case ShownState::Diverged:
    case ShownState::Unknown:
        return "state-unknown";
    case ShownState::Stopped:
    case ShownState::NotSent:
        break;
    }
    return "state-idle";
}

QVariant stoppedBackground()
{
    QColor colour = look::colours(QApplication::palette()).unknown;
    colour.setAlphaF(0.22F);
    return QBrush(colour);
}

QString secondsText(std::chrono::microseconds duration)
{
    const double seconds = double(duration.count()) / 1e6;
    return QString::number(seconds, 'f', seconds < 10 ? 2 : seconds < 100 ? 1 : 0);
}

} // namespace

CallTreeModel::CallTreeModel(ShownRun& run, QObject* parent)
    : QAbstractItemModel(parent)
    , m_run(run)
    , m_breakpoint(look::icon("breakpoint"))
    , m_stoppedHere(look::icon("stopped-here"))
    , m_held(look::icon("pause"))
{
    for (const ShownState state : everyShownState)
        m_icons.insert(state, look::icon(iconFor(state)));
    connect(&m_run, &ShownRun::aboutToReset, this, &CallTreeModel::beginResetModel);
    connect(&m_run, &ShownRun::wasReset, this, &CallTreeModel::endResetModel);
    connect(&m_run, &ShownRun::changed, this, &CallTreeModel::announce);
    connect(&m_run, &ShownRun::aboutToMove, this, &CallTreeModel::shrink);
    connect(&m_run, &ShownRun::moved, this, &CallTreeModel::announceMove);
}

void CallTreeModel::setStops(Stops& stops)
{
    m_stops = &stops;
    connect(&stops, &Stops::breakpointsChanged, this, &CallTreeModel::marksChanged);
    connect(&stops, &Stops::hereChanged, this, &CallTreeModel::marksChanged);
    connect(&stops, &Stops::heldChanged, this, &CallTreeModel::marksChanged);
}

void CallTreeModel::setKeptUpTo(qint64 lastEvent)
{
    m_keptUpTo = lastEvent;
    Q_EMIT marksChanged();
}

void CallTreeModel::announce(const RunTree::Changes& changes)
{
    for (const RunTree::Insert& insert : changes.inserts)
        m_rowsTold.insert(insert.parent, insert.first);
    Q_EMIT aboutToAnnounce(changes);
    insertRows(changes.inserts);
    announceChanged(changes.changed);
}

void CallTreeModel::insertRows(const std::vector<RunTree::Insert>& inserts)
{
    for (const RunTree::Insert& insert : inserts) {
        beginInsertRows(indexOf(insert.parent), insert.first, insert.first + insert.count - 1);
        m_rowsTold.remove(insert.parent);
        endInsertRows();
    }
}

/// While the tree still has what goes, its rows are taken away: of each parent that stays, the last ones.
void CallTreeModel::shrink(int nodes)
{
    Q_EMIT aboutToMove(nodes);
    const RunTree& tree = m_run.tree();
    for (int i = nodes; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        if ((node.parent != noNode && int(node.parent) >= nodes) || m_rowsTold.contains(node.parent))
            continue;
        beginRemoveRows(indexOf(node.parent), node.row, int(childrenOf(node.parent).size()) - 1);
        m_rowsTold.insert(node.parent, node.row);
        endRemoveRows();
    }
}

void CallTreeModel::announceMove(const std::vector<RunTree::Insert>& inserts)
{
    m_rowsTold.clear();
    for (const RunTree::Insert& insert : inserts)
        m_rowsTold.insert(insert.parent, insert.first);
    insertRows(inserts);
    // Any row may show something else: who sorts and filters them does so anew, and keeps its place.
    Q_EMIT layoutAboutToBeChanged();
    Q_EMIT layoutChanged();
}

void CallTreeModel::announceChanged(const std::vector<NodeIndex>& nodes)
{
    // Neighbours of one parent go together; calls of a batch are answered in about the order they were asked.
    for (size_t i = 0; i < nodes.size();) {
        const RunTree::Node& first = m_run.tree().node(nodes[i]);
        int last = first.row;
        for (++i; i < nodes.size(); ++i) {
            const RunTree::Node& next = m_run.tree().node(nodes[i]);
            if (next.parent != first.parent || next.row != last + 1)
                break;
            last = next.row;
        }
        const QModelIndex parent = indexOf(first.parent);
        Q_EMIT dataChanged(index(first.row, 0, parent), index(last, ColumnCount - 1, parent));
    }
}

NodeIndex CallTreeModel::node(const QModelIndex& index) const
{
    return index.isValid() ? NodeIndex(quint32(index.internalId())) : noNode;
}

QModelIndex CallTreeModel::indexOf(NodeIndex node, int column) const
{
    return node == noNode ? QModelIndex() : createIndex(m_run.tree().node(node).row, column, quintptr(node));
}

const std::vector<NodeIndex>& CallTreeModel::childrenOf(NodeIndex node) const
{
    return node == noNode ? m_run.tree().roots() : m_run.tree().node(node).children;
}

QModelIndex CallTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, quintptr(childrenOf(node(parent))[size_t(row)]));
}

QModelIndex CallTreeModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(m_run.tree().node(node(child)).parent) : QModelIndex();
}

int CallTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    const NodeIndex at = node(parent);
    const auto told = m_rowsTold.constFind(at);
    return told != m_rowsTold.constEnd() ? *told : int(childrenOf(at).size());
}

int CallTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant CallTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const NodeIndex at = node(index);
    const auto column = Column(index.column());
    if (column == Mark)
        return mark(at, role);
    const RunTree::Node& node = m_run.tree().node(at);
    switch (role) {
    case Qt::FontRole: {
        QFont font = QApplication::font("QTreeView");
        font.setBold(true);
        return isStoppedAt(at) ? QVariant(font) : QVariant();
    }
    case Qt::BackgroundRole:
        return isStoppedAt(at) ? stoppedBackground() : QVariant();
    case Qt::DisplayRole:
        return text(node, column);
    case Qt::DecorationRole:
        return column == Name ? QVariant(m_icons.value(shownState(node))) : QVariant();
    case Qt::TextAlignmentRole:
        return isNumeric(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ToolTipRole:
        return toolTip(node);
    case Qt::AccessibleTextRole:
        return column == Name ? QVariant(wordFor(shownState(node)) + QLatin1Char(' ') + text(node, Name))
                              : QVariant(text(node, column));
    case SortRole:
        return number(node, column);
    default:
        return {};
    }
}

bool CallTreeModel::isStoppedAt(NodeIndex node) const
{
    return m_stops && m_stops->here() && m_stops->nodeIn(m_run.tree()) == node;
}

/// What stands in the margin of a row: the stop goes before a held part, and that before a breakpoint.
QVariant CallTreeModel::mark(NodeIndex node, int role) const
{
    const bool isHere = isStoppedAt(node);
    const bool isHeld = m_stops && !m_stops->held().empty() && m_stops->isHeld(m_run.tree().path(node));
    const bool isBreakpoint
        = m_stops && !m_stops->breakpoints().empty() && m_stops->hasAt(m_run.tree().path(node));
    switch (role) {
    case Qt::DecorationRole:
        return isHere      ? QVariant(m_stoppedHere)
            : isHeld       ? QVariant(m_held)
            : isBreakpoint ? QVariant(m_breakpoint)
                           : QVariant();
    case Qt::BackgroundRole:
        return isHere ? stoppedBackground() : QVariant();
    case Qt::ToolTipRole:
        if (isHere)
            return tr("Paused %1").arg(describe(*m_stops->here())).toHtmlEscaped();
        if (isHeld)
            return tr("Held: nothing new starts here, while the rest of the run plays");
        return isBreakpoint ? tr("A run stops here. Click to remove the breakpoint.")
                            : tr("Click to stop a run here");
    case Qt::AccessibleTextRole:
        return isHere ? tr("paused here") : isHeld ? tr("held") : isBreakpoint ? tr("breakpoint") : QString();
    default:
        return {};
    }
}

QString CallTreeModel::text(const RunTree::Node& node, Column column) const
{
    const Totals& used = node.subtree;
    switch (column) {
    case Name: {
        const QString summary = callSummary(node);
        return summary.isEmpty() ? nameOf(node) : nameOf(node) + QStringLiteral(" · ") + summary;
    }
    case State:
        return wordFor(shownState(node));
    case Model:
        return m_run.modelName(node.model);
    case Money:
        return used.requests > 0 ? formatMoney(used.spent, used.estimated) : QString();
    case Tokens:
        return used.requests > 0 ? formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens)
                                 : QString();
    case Seconds:
        return secondsText(durationOf(node, m_run.now()));
    case Badge:
        return badgeText(node);
    case Mark:
    case ColumnCount:
        break;
    }
    return {};
}

QString CallTreeModel::badgeText(const RunTree::Node& node) const
{
    if (node.id > m_keptUpTo)
        return wordFor(burrow::Badge::Stale);
    if (node.attempts > 1)
        return tr("%1 attempts").arg(node.attempts);
    return wordFor(badgeOf(node, m_run.branch() > 1));
}

QVariant CallTreeModel::number(const RunTree::Node& node, Column column) const
{
    switch (column) {
    case Name:
        return node.row;
    case Money:
        return node.subtree.spent.value;
    case Tokens:
        return node.subtree.inputTokens + node.subtree.outputTokens;
    case Seconds:
        return qint64(durationOf(node, m_run.now()).count());
    default:
        return text(node, column);
    }
}

QString CallTreeModel::toolTip(const RunTree::Node& node) const
{
    QStringList lines{nameOf(node) + QStringLiteral(": ") + wordFor(shownState(node))};
    if (const QString summary = callSummary(node); !summary.isEmpty())
        lines << summary; // where the column is narrow, it stands there in part
    if (node.subtree.requests > 0)
        lines << tr("%1 tokens in, %2 out")
                     .arg(formatCount(node.subtree.inputTokens), formatCount(node.subtree.outputTokens));
    if (node.subtree.unknown > 0)
        lines << formatUnknown(node.subtree.unknown, node.subtree.unknownUpTo);
    // Rich text is never meant, whatever a name holds.
    return lines.join(QLatin1Char('\n')).toHtmlEscaped();
}

QVariant CallTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && isNumeric(section))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Call");
    case State:
        return tr("State");
    case Model:
        return tr("Model");
    case Money:
        return tr("$");
    case Tokens:
        return tr("Tokens");
    case Seconds:
        return tr("Seconds");
    case Badge:
        return tr("Badge");
    default:
        return {};
    }
}

} // namespace burrow
