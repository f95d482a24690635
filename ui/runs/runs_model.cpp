#include "runs/runs_model.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "run/background.h"
#include "run/loaded_run.h"
#include "trajectory/node_words.h"
#include "trajectory/unfinished.h"

#include <QDir>

namespace burrow {

namespace {

constexpr qsizetype mostRuns = 500;
constexpr size_t mostBranchesRead = 32;
constexpr qint64 largestRead = 256 * 1024 * 1024; // bytes; a larger one is read when it is opened

} // namespace

struct RunsModel::Read {
    LoadedRun run;
    std::vector<BranchRow> branches;
};

RunsModel::RunsModel(QObject* parent) : QAbstractItemModel(parent)
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
        m_rows.push_back({file.absoluteFilePath(), file.lastModified(), file.completeBaseName(), {}, {}, {}});
    endResetModel();
    readNext(0, ++m_generation);
}

Result<RunsModel::Read> RunsModel::read(const QString& path)
{
    Result<LoadedRun> run = loadRun(path);
    if (!run)
        return std::unexpected(run.error());
    Read read{std::move(*run), {}};
    if (read.run.branches.size() < 2)
        return read;
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    for (const Branch& branch : read.run.branches) {
        BranchRow row{branch, {}};
        if (branch.id == 1)
            row.totals = read.run.tree.totals();
        else if (read.branches.size() < mostBranchesRead)
            if (const Result<RunTree> tree = loadTree(*file, branch.id))
                row.totals = tree->totals();
        read.branches.push_back(std::move(row));
    }
    return read;
}

void RunsModel::readNext(size_t row, int generation)
{
    if (generation != m_generation || row >= m_rows.size())
        return;
    const QString path = m_rows[row].path;
    if (QFileInfo(path).size() > largestRead)
        return readNext(row + 1, generation);
    inBackground(
        &m_pool, this, [path] { return read(path); },
        [this, row, generation](Result<Read> read) {
            if (generation != m_generation)
                return;
            take(row, std::move(read));
            readNext(row + 1, generation);
        });
}

void RunsModel::take(size_t row, Result<Read> read)
{
    Row& known = m_rows[row];
    if (!read) {
        known.problem = read.error().message;
    } else {
        known.totals = read->run.tree.totals();
        // What the run cost is what all its branches spent.
        for (const BranchRow& branch : read->branches) {
            if (branch.branch.id == 1 || !branch.totals)
                continue;
            known.totals->totals += branch.totals->totals;
            known.totals->calls += branch.totals->calls;
        }
        // No row shows more of it, and to lay out a question of megabytes takes a while.
        constexpr qsizetype longest = 500;
        if (!read->run.questions.isEmpty())
            known.question = QString::fromUtf8(read->run.questions.back()).left(longest);
    }
    Q_EMIT dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
    if (!read || read->branches.empty())
        return;
    beginInsertRows(index(int(row), 0), 0, int(read->branches.size()) - 1);
    known.branches = std::move(read->branches);
    endInsertRows();
}

/// The internal id of a branch is the row of its run and one more; that of a run is 0.
const RunsModel::Row& RunsModel::rowOf(const QModelIndex& index) const
{
    return m_rows[index.internalId() == 0 ? size_t(index.row()) : size_t(index.internalId() - 1)];
}

const RunsModel::BranchRow* RunsModel::branchOf(const QModelIndex& index) const
{
    return index.isValid() && index.internalId() != 0 ? &rowOf(index).branches[size_t(index.row())] : nullptr;
}

QString RunsModel::path(const QModelIndex& index) const
{
    return index.isValid() ? rowOf(index).path : QString();
}

int RunsModel::branch(const QModelIndex& index) const
{
    const BranchRow* const row = branchOf(index);
    return row ? row->branch.id : 1;
}

QModelIndex RunsModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row() + 1) : quintptr(0));
}

QModelIndex RunsModel::parent(const QModelIndex& child) const
{
    return child.isValid() && child.internalId() != 0 ? createIndex(int(child.internalId()) - 1, 0)
                                                      : QModelIndex();
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return int(m_rows.size());
    return parent.internalId() == 0 && parent.column() == 0 ? int(rowOf(parent).branches.size()) : 0;
}

int RunsModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = rowOf(index);
    const BranchRow* const branch = branchOf(index);
    const auto column = Column(index.column());
    if (role == Qt::DisplayRole)
        return branch ? text(*branch, column) : text(row, column);
    if (role == Qt::TextAlignmentRole && column >= Money)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return visibleText(row.problem.isEmpty() ? row.path : row.problem, LineMode::SingleLine)
            .toHtmlEscaped();
    return {};
}

QString RunsModel::figure(const std::optional<RunTotals>& totals, Column column)
{
    if (!totals)
        return {};
    if (column == State)
        return wordFor(totals->state);
    return column == Money ? formatMoney(totals->totals.spent, totals->totals.estimated)
                           : formatCount(totals->calls);
}

QString RunsModel::text(const Row& row, Column column)
{
    if (column == When)
        return QLocale().toString(row.when, QLocale::ShortFormat);
    if (column == Question)
        return visibleText(row.question, LineMode::SingleLine);
    return column == State && !row.problem.isEmpty() ? tr("cannot be read") : figure(row.totals, column);
}

QString RunsModel::text(const BranchRow& row, Column column)
{
    const Branch& branch = row.branch;
    if (column == When)
        return branch.parent == 0 ? tr("Branch 1")
                                  : tr("Branch %1, from %2").arg(branch.id).arg(branch.parent);
    if (column == Question)
        return reasonOf(branch);
    return figure(row.totals, column);
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
