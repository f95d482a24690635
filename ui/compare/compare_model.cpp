#include "compare/compare_model.h"

#include "base/quantities.h"

namespace burrow {

namespace {

bool isNumeric(int column)
{
    return column >= CompareModel::LeftMoney;
}

// What a reused reply once cost counts, or a branch would seem cheap for what another paid.
QString money(const std::optional<BranchComparison::Entry>& entry)
{
    return entry ? formatMoney(entry->used.spent + entry->used.reused, entry->used.estimated) : QString();
}

QString tokens(const std::optional<BranchComparison::Entry>& entry)
{
    return entry
        ? formatCount(entry->used.inputTokens + entry->used.outputTokens, entry->used.estimatedTokens)
        : QString();
}

} // namespace

void CompareModel::setComparison(BranchComparison comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    endResetModel();
}

int CompareModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_comparison.rows.size());
}

int CompareModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString CompareModel::differenceOf(const BranchComparison::Row& row) const
{
    if (!row.left || !row.right)
        return tr("only in branch %1").arg(row.left ? m_comparison.left : m_comparison.right);
    const bool isCell = row.left->kind == NodeKind::Cell;
    QStringList parts;
    if (row.difference.input)
        parts << (isCell ? tr("code") : tr("prompt"));
    if (row.difference.output)
        parts << (isCell ? tr("output") : tr("reply"));
    if (row.difference.model)
        parts << tr("model");
    if (row.difference.state)
        parts << tr("state");
    return parts.join(QStringLiteral(", "));
}

QVariant CompareModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && isNumeric(index.column()))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const BranchComparison::Row& at = row(index);
    switch (index.column()) {
    case Node:
        return QString::fromLatin1(at.path.text());
    case Difference:
        return differenceOf(at);
    case LeftMoney:
        return money(at.left);
    case RightMoney:
        return money(at.right);
    case LeftTokens:
        return tokens(at.left);
    case RightTokens:
        return tokens(at.right);
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
    if (role == Qt::ToolTipRole && (section == LeftMoney || section == RightMoney))
        return tr("What was spent, and what the replies that were reused cost once");
    if (role != Qt::DisplayRole)
        return {};
    const auto of = [](const QString& what, int branch) { return tr("%1, branch %2").arg(what).arg(branch); };
    switch (section) {
    case Node:
        return tr("Node");
    case Difference:
        return tr("Differs in");
    case LeftMoney:
        return of(tr("$"), m_comparison.left);
    case RightMoney:
        return of(tr("$"), m_comparison.right);
    case LeftTokens:
        return of(tr("Tokens"), m_comparison.left);
    case RightTokens:
        return of(tr("Tokens"), m_comparison.right);
    default:
        return {};
    }
}

} // namespace burrow
