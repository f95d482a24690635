#include "look/style.h"

#include "look/look.h"

#include <QPainter>
#include <QStyleOption>
#include <QToolButton>

namespace burrow::look {

namespace {

void paintEdge(const QStyleOption& option, QPainter& painter)
{
    // One that has the focus has a brighter edge already.
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_Enabled))
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours(option.palette).edge);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.restore();
}

} // namespace

Style::Style() : m_isFusion(baseStyle()->name() == QLatin1String("fusion")) { }

void Style::drawPrimitive(
    PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    if (!m_isFusion)
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_IndicatorArrowDown && qobject_cast<const QToolButton*>(widget)) {
        QStyleOption middle(*option);
        middle.rect.moveTop((widget->height() - middle.rect.height()) / 2);
        return QProxyStyle::drawPrimitive(element, &middle, painter, widget);
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_FrameLineEdit || element == PE_IndicatorCheckBox)
        paintEdge(*option, *painter);
}

void Style::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* const box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (m_isFusion && (control == CC_SpinBox || (box && box->editable && box->frame)))
        paintEdge(*option, *painter);
}

int Style::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const
{
    if (m_isFusion && hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

} // namespace burrow::look
