#pragma once

#include "trajectory/branch.h"
#include "trajectory/run_tree.h"

#include <QAbstractItemModel>
#include <QDateTime>
#include <QThreadPool>

namespace burrow {

/// The runs in a folder, the newest first, each with its branches below it where it has several. What they
/// came to is read in the background, one after the other.
class RunsModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { When, Question, State, Money, Calls, ColumnCount };

    explicit RunsModel(QObject* parent = nullptr);
    ~RunsModel() override;

    void look(const QString& folder);
    QString path(const QModelIndex& index) const;
    /// 1 for a run itself.
    int branch(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct BranchRow {
        Branch branch;
        std::optional<RunTotals> totals;
    };
    struct Row {
        QString path;
        QDateTime when;
        QString question;
        std::optional<RunTotals> totals; ///< once it is read
        QString problem;
        std::vector<BranchRow> branches; ///< where there are several
    };
    struct Read;

    static Result<Read> read(const QString& path);
    void readNext(size_t row, int generation);
    void take(size_t row, Result<Read> read);
    const Row& rowOf(const QModelIndex& index) const;
    const BranchRow* branchOf(const QModelIndex& index) const;
    static QString text(const Row& row, Column column);
    static QString text(const BranchRow& branch, Column column);
    static QString figure(const std::optional<RunTotals>& totals, Column column);

    std::vector<Row> m_rows;
    QThreadPool m_pool;
    int m_generation = 0; ///< of the list: what was read for an earlier one is dropped
};

} // namespace burrow
