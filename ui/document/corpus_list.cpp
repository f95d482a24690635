#include "document/corpus_list.h"

#include <QHeaderView>

namespace burrow {

CorpusList::CorpusList(QWidget* parent) : QTreeView(parent)
{
    setModel(&m_model);
    setAccessibleName(tr("Documents"));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(CorpusModel::Name, QHeaderView::Stretch);
    connect(this, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT documentWanted(m_model.document(index.row()).path); });
}

CorpusList::~CorpusList()
{
    m_stop.request_stop();
    setModel(nullptr);
}

void CorpusList::setPaths(const QStringList& paths)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const StopToken stop = m_stop.get_token();
    QCoro::connect(Corpus::open(paths, std::nullopt, stop), this, [this, stop](const Result<Corpus>& corpus) {
        if (!stop.stop_requested())
            m_model.setDocuments(corpus ? corpus->documents() : std::vector<Document>());
    });
}

void CorpusList::setDocuments(std::vector<Document> documents)
{
    m_stop.request_stop();
    m_model.setDocuments(std::move(documents));
}

} // namespace burrow
