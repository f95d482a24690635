#pragma once

#include "document/document_search.h"
#include "document/viewed_document.h"

#include <QAbstractTableModel>

namespace burrow {

/// The matches of a search as rows: where, and what stands there. A row's text is read when it is shown.
class MatchList : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Place, Text, ColumnCount };

    /// @p search must outlive it.
    explicit MatchList(const DocumentSearch& search, QObject* parent = nullptr);

    /// The document that the matches lie in; null for none.
    void setDocument(const ViewedDocument* document);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void reset();
    QString place(const TextMatch& match) const;
    QString excerpt(const TextMatch& match) const;

    const DocumentSearch& m_search;
    const ViewedDocument* m_document = nullptr;
    int m_rows = 0;
};

} // namespace burrow
