#include "document/document_browser.h"

#include "document/corpus_list.h"
#include "document/document_page.h"

#include <QFileInfo>

namespace burrow {

DocumentBrowser::DocumentBrowser(QWidget* parent)
    : QSplitter(Qt::Horizontal, parent), m_list(new CorpusList), m_page(new DocumentPage)
{
    addWidget(m_list);
    addWidget(m_page);
    setStretchFactor(1, 1);
    setSizes({180, 600});
    connect(m_list, &CorpusList::documentWanted, m_page, [this](const QString& path) { m_page->open(path); });
}

void DocumentBrowser::setPaths(const QStringList& paths)
{
    m_list->setPaths(paths);
    const bool isOneFile = paths.size() == 1 && QFileInfo(paths.front()).isFile();
    m_list->setVisible(!isOneFile);
    if (isOneFile)
        m_page->open(paths.front());
}

} // namespace burrow
