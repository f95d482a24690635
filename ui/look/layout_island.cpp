#include "look/layout_island.h"

#include <QEvent>

namespace burrow {

LayoutIsland::LayoutIsland(QWidget* content, QWidget* parent)
    : QWidget(parent), m_content(content), m_height(content->sizeHint().height())
{
    m_content->setParent(this);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

bool LayoutIsland::event(QEvent* event)
{
    const bool handled = QWidget::event(event);
    switch (event->type()) {
    case QEvent::LayoutRequest: // of the content, since there is no layout in between
    case QEvent::Resize:
    case QEvent::Show:
        fit();
        break;
    default:
        break;
    }
    return handled;
}

void LayoutIsland::fit()
{
    const int height = m_content->hasHeightForWidth() ? m_content->heightForWidth(width())
                                                      : m_content->sizeHint().height();
    m_content->setGeometry(0, 0, width(), qMax(height, this->height()));
    if (std::exchange(m_height, height) != height)
        updateGeometry();
}

} // namespace burrow
