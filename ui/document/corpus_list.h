#pragma once

#include "document/corpus_model.h"

#include <QTreeView>

namespace burrow {

/// The documents of the next question or of the run that is shown.
class CorpusList : public QTreeView {
    Q_OBJECT
public:
    /// @p coverage must outlive it.
    explicit CorpusList(const Coverage& coverage, QWidget* parent = nullptr);
    ~CorpusList() override;

    /// Lists what is at @p paths, looked up in the background. What cannot be read is not listed.
    void setPaths(const QStringList& paths);
    void setDocuments(std::vector<Document> documents);

Q_SIGNALS:
    /// A person wants to see the document at @p path.
    void documentWanted(const QString& path);

private:
    CorpusModel m_model;
    std::stop_source m_stop;
};

} // namespace burrow
