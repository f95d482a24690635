#pragma once

#include "document/coverage.h"
#include "documents/corpus.h"

#include <QSplitter>

namespace burrow {

class CorpusList;
class DocumentPage;
class ShownRun;
struct DocumentRecord;

/// The documents of a question or of a run, and the one of them that a person looks at.
class DocumentBrowser : public QSplitter {
    Q_OBJECT
public:
    /// @p run must outlive it.
    explicit DocumentBrowser(ShownRun& run, QWidget* parent = nullptr);

    /// Lists what is at @p paths; a single file is opened, too, once this is on the screen.
    void setPaths(const QStringList& paths);
    /// Lists those of the run that is shown; a single one as above.
    void setRecords(const std::vector<DocumentRecord>& records);

    CorpusList& list() { return *m_list; }
    DocumentPage& page() { return *m_page; }
    Coverage& coverage() { return m_coverage; }

Q_SIGNALS:
    /// A person wants to see the node with number @p node (RunTree::Node::id), which read here.
    void nodeWanted(qint64 node);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void openOnceSeen(const QString& path);

    Coverage m_coverage;
    CorpusList* m_list;
    DocumentPage* m_page;
    QString m_unseen; ///< what is opened once this is on the screen
};

} // namespace burrow
