#include "document/corpus_list.h"

#include "document/coverage.h"
#include "document/coverage_marks.h"
#include "look/look.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

namespace burrow {

namespace {

constexpr int bandWidth = 72; // pixels

/// A document as a band, with what was read and is cited of it.
class CoverageBand final : public QStyledItemDelegate {
public:
    CoverageBand(const Coverage& coverage, const CorpusModel& model, QObject* parent)
        : QStyledItemDelegate(parent), m_coverage(coverage), m_model(model)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const Coverage::Known known = m_coverage.of(m_model.document(index.row()).path);
        if (!known || !known->problem.isEmpty())
            return;
        QRectF band = QRectF(option.rect).adjusted(6, 0, -6, 0);
        band.setHeight(10);
        band.moveCenter(QRectF(option.rect).center());
        painter->fillRect(band, option.palette.color(QPalette::Base));
        paintCoverage(*painter, band, *known, option.palette);
        painter->setPen(look::colours(option.palette).edge);
        painter->drawRect(band);
    }

private:
    const Coverage& m_coverage;
    const CorpusModel& m_model;
};

} // namespace

CorpusList::CorpusList(const Coverage& coverage, QWidget* parent) : QTreeView(parent), m_model(coverage)
{
    setModel(&m_model);
    setAccessibleName(tr("Documents"));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(24);
    header()->setSectionResizeMode(CorpusModel::Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(CorpusModel::Size, QHeaderView::ResizeToContents);
    header()->resizeSection(CorpusModel::Read, bandWidth);
    setItemDelegateForColumn(CorpusModel::Read, new CoverageBand(coverage, m_model, this));
    setColumnHidden(CorpusModel::Read, true);
    connect(&coverage, &Coverage::changed, this,
        [this, &coverage] { setColumnHidden(CorpusModel::Read, coverage.isEmpty()); });
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
