#include "document/corpus_model.h"

#include "base/visible_text.h"
#include "document/coverage.h"

#include <QLocale>

namespace burrow {

CorpusModel::CorpusModel(const Coverage& coverage, QObject* parent)
    : QAbstractTableModel(parent), m_coverage(coverage)
{
    connect(&m_coverage, &Coverage::changed, this, [this] {
        if (!m_documents.empty())
            Q_EMIT dataChanged(index(0, Read), index(rowCount() - 1, Read));
    });
}

void CorpusModel::setDocuments(std::vector<Document> documents)
{
    beginResetModel();
    m_documents = std::move(documents);
    endResetModel();
}

int CorpusModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_documents.size());
}

int CorpusModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CorpusModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Document& shown = document(index.row());
    if (role == Qt::DisplayRole && index.column() == Name)
        return QString::fromUtf8(visibleText(shown.name, LineMode::SingleLine));
    if (index.column() == Read) {
        const Coverage::Known known = m_coverage.of(shown.path);
        const QString text = known ? describe(*known) : QString();
        return role == Qt::AccessibleTextRole ? text
            : role == Qt::ToolTipRole         ? text.toHtmlEscaped()
                                              : QVariant();
    }
    if (role == Qt::DisplayRole)
        return QLocale().formattedDataSize(shown.identity.size);
    if (role == Qt::ToolTipRole)
        return visibleText(shown.path, LineMode::SingleLine).toHtmlEscaped();
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant CorpusModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Document") : section == Read ? tr("Read") : tr("Size");
}

} // namespace burrow
