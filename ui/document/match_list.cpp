#include "document/match_list.h"

#include "base/visible_text.h"
#include "documents/text_excerpt.h"

#include <QLocale>

namespace burrow {

namespace {

constexpr qint64 bytesBefore = 60, bytesAfter = 200; // of the match's begin, shown with it

} // namespace

MatchList::MatchList(const DocumentSearch& search, QObject* parent)
    : QAbstractTableModel(parent), m_search(search)
{
    connect(&search, &DocumentSearch::started, this, &MatchList::reset);
    connect(&search, &DocumentSearch::found, this, [this](qsizetype first, qsizetype count) {
        beginInsertRows({}, static_cast<int>(first), static_cast<int>(first + count) - 1);
        m_rows = static_cast<int>(first + count);
        endInsertRows();
    });
}

void MatchList::setDocument(const ViewedDocument* document)
{
    m_document = document;
    reset();
    if (document) {
        connect(document, &ViewedDocument::linesCounted, this, [this] {
            if (m_rows > 0)
                Q_EMIT dataChanged(index(0, Place), index(m_rows - 1, Place));
        });
    }
}

void MatchList::reset()
{
    beginResetModel();
    m_rows = static_cast<int>(std::ssize(m_search.matches()));
    endResetModel();
}

int MatchList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int MatchList::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MatchList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_document || index.row() >= m_rows)
        return {};
    const TextMatch& match = m_search.matches()[static_cast<size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return index.column() == Place ? place(match) : excerpt(match);
    if (role == Qt::TextAlignmentRole && index.column() == Place)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant MatchList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Place ? tr("Line") : tr("Text");
}

/// The line's number; as long as that is not known, the place in bytes.
QString MatchList::place(const TextMatch& match) const
{
    if (const std::optional<LineNumber> line = m_document->lines().lineAt(match.begin))
        return QLocale().toString(line->value + 1);
    return tr("byte %1").arg(QLocale().toString(match.begin.value));
}

QString MatchList::excerpt(const TextMatch& match) const
{
    const OpenText& text = m_document->text();
    const TextRow row = m_document->rows().rowAt(match.begin);
    const ByteOffset near = text.cutNear(match.begin - ByteOffset{bytesBefore});
    const ByteOffset from = std::max(row.begin, near);
    const ByteOffset to = std::min(row.end, text.cutNear(match.begin + ByteOffset{bytesAfter}));
    const Result<QString> shown = textBetween(text, from, std::max(to, std::min(match.end, row.end)));
    if (!shown)
        return shown.error().message;
    const QString start = from > row.begin ? QStringLiteral("…") : QString();
    return start + burrow::visibleText(*shown, LineMode::SingleLine).trimmed();
}

} // namespace burrow
