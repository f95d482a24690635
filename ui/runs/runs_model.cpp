#include "runs/runs_model.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "run/background.h"
#include "run/loaded_run.h"
#include "run/node_words.h"

#include <QDir>

namespace burrow {

namespace {

constexpr qsizetype mostRuns = 500;
constexpr qint64 largestRead = 256 * 1024 * 1024; // bytes; a larger one is read when it is opened

} // namespace

RunsModel::RunsModel(QObject* parent) : QAbstractTableModel(parent)
{
    m_pool.setMaxThreadCount(1);
}

RunsModel::~RunsModel()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void RunsModel::look(const QString& folder)
{
    beginResetModel();
    m_rows.clear();
    const QFileInfoList files
        = QDir(folder).entryInfoList({QStringLiteral("*.burrow")}, QDir::Files, QDir::Time);
    for (const QFileInfo& file : files.first(qMin(mostRuns, files.size())))
        m_rows.push_back({file.absoluteFilePath(), file.lastModified(), file.completeBaseName(), {}, {}});
    endResetModel();
    readNext(0, ++m_generation);
}

void RunsModel::readNext(size_t row, int generation)
{
    if (generation != m_generation || row >= m_rows.size())
        return;
    const QString path = m_rows[row].path;
    if (QFileInfo(path).size() > largestRead)
        return readNext(row + 1, generation);
    inBackground(
        &m_pool, this, [path] { return loadRun(path); },
        [this, row, generation](const Result<LoadedRun>& run) {
            if (generation != m_generation)
                return;
            Row& read = m_rows[row];
            if (run) {
                read.totals = run->tree.totals();
                if (!run->questions.isEmpty())
                    read.question
                        = QString::fromUtf8(visibleText(run->questions.back(), LineMode::SingleLine));
            } else {
                read.problem = run.error().message;
            }
            Q_EMIT dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
            readNext(row + 1, generation);
        });
}

QString RunsModel::path(const QModelIndex& index) const
{
    return index.isValid() ? m_rows[size_t(index.row())].path : QString();
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[size_t(index.row())];
    if (role == Qt::DisplayRole)
        return text(row, Column(index.column()));
    if (role == Qt::TextAlignmentRole && index.column() >= Money)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return visibleText(row.problem.isEmpty() ? row.path : row.problem, LineMode::SingleLine)
            .toHtmlEscaped();
    return {};
}

QString RunsModel::text(const Row& row, Column column) const
{
    switch (column) {
    case When:
        return QLocale().toString(row.when, QLocale::ShortFormat);
    case Question:
        return visibleText(row.question, LineMode::SingleLine);
    case State:
        return row.totals           ? wordFor(row.totals->state)
            : row.problem.isEmpty() ? QString()
                                    : tr("cannot be read");
    case Money:
        return row.totals ? formatMoney(row.totals->totals.spent, row.totals->totals.estimated) : QString();
    case Calls:
        return row.totals ? formatCount(row.totals->calls) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section >= Money ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, ColumnCount> names{
        tr("When"), tr("Question"), tr("State"), tr("Spent"), tr("Calls")};
    return names[size_t(section)];
}

} // namespace burrow
