#pragma once

#include "document/document_coverage.h"

#include <QWidget>

namespace burrow {

/// The whole of a document beside its scroll bar, with what a run read and cites of it. A click goes there.
class MarkStrip : public QWidget {
    Q_OBJECT
public:
    static constexpr int breadth = 12; ///< pixels

    explicit MarkStrip(QWidget* parent);

    void setCoverage(std::shared_ptr<const DocumentCoverage> coverage);

Q_SIGNALS:
    void chosen(burrow::ByteOffset place);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    std::shared_ptr<const DocumentCoverage> m_coverage;
};

} // namespace burrow
