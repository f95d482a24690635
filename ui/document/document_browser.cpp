#include "document/document_browser.h"

#include "document/corpus_list.h"
#include "document/document_page.h"
#include "run/shown_run.h"

#include <QFileInfo>

namespace burrow {

DocumentBrowser::DocumentBrowser(ShownRun& run, QWidget* parent)
    : QSplitter(Qt::Horizontal, parent)
    , m_coverage(run)
    , m_list(new CorpusList(m_coverage))
    , m_page(new DocumentPage)
{
    addWidget(m_list);
    addWidget(m_page);
    setStretchFactor(1, 1);
    setSizes({260, 600});
    m_page->setCoverage(&m_coverage);
    connect(m_list, &CorpusList::documentWanted, m_page, [this](const QString& path) { m_page->open(path); });
    connect(m_page, &DocumentPage::nodeWanted, this, &DocumentBrowser::nodeWanted);
}

void DocumentBrowser::setPaths(const QStringList& paths)
{
    m_list->setPaths(paths);
    const bool isOneFile = paths.size() == 1 && QFileInfo(paths.front()).isFile();
    m_list->setVisible(!isOneFile);
    openOnceSeen(isOneFile ? QFileInfo(paths.front()).canonicalFilePath() : QString()); // as a run records it
}

void DocumentBrowser::setRecords(const std::vector<DocumentRecord>& records)
{
    std::vector<Document> documents;
    for (const DocumentRecord& record : records) {
        if (record.skipped.isEmpty())
            documents.push_back({record.path, record.name.toUtf8(), {.size = record.size}});
    }
    m_list->setVisible(documents.size() != 1);
    const QString single = documents.size() == 1 ? documents.front().path : QString();
    m_list->setDocuments(std::move(documents));
    openOnceSeen(single == m_page->path() ? QString() : single);
}

/// To open a document is to read all of it, for its lines are counted. An empty @p path is none.
void DocumentBrowser::openOnceSeen(const QString& path)
{
    m_unseen = path;
    if (isVisible() && !path.isEmpty())
        m_page->open(std::exchange(m_unseen, {}));
}

/// What a run read is worth looking for while somebody sees it.
void DocumentBrowser::showEvent(QShowEvent* event)
{
    QSplitter::showEvent(event);
    openOnceSeen(m_unseen);
    m_coverage.setLookedAt(true);
}

void DocumentBrowser::hideEvent(QHideEvent* event)
{
    QSplitter::hideEvent(event);
    m_coverage.setLookedAt(false);
}

} // namespace burrow
