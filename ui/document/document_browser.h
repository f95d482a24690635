#pragma once

#include <QSplitter>

namespace burrow {

class CorpusList;
class DocumentPage;

/// The documents of a question, and the one of them that a person looks at.
class DocumentBrowser : public QSplitter {
    Q_OBJECT
public:
    explicit DocumentBrowser(QWidget* parent = nullptr);

    /// Lists what is at @p paths; a single file is shown at once.
    void setPaths(const QStringList& paths);

    CorpusList& list() { return *m_list; }
    DocumentPage& page() { return *m_page; }

private:
    CorpusList* m_list;
    DocumentPage* m_page;
};

} // namespace burrow
