#pragma once

#include "documents/corpus.h"

#include <QAbstractTableModel>

namespace burrow {

class Coverage;

/// The documents of a corpus as rows, with what a run read of each.
class CorpusModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Read, Size, ColumnCount };

    /// @p coverage must outlive it.
    explicit CorpusModel(const Coverage& coverage, QObject* parent = nullptr);

    void setDocuments(std::vector<Document> documents);
    const Document& document(int row) const { return m_documents[static_cast<size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const Coverage& m_coverage;
    std::vector<Document> m_documents;
};

} // namespace burrow
