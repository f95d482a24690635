#include "look/style.h"

#include "look/icons.h"
#include "look/look.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QPainter>
#include <QStyleOption>
#include <QToolButton>

namespace burrow::look {

namespace {

void paintEdge(const QStyleOption& option, QPainter& painter, qreal radius = 2)
{
    // One that has the focus has a brighter edge already.
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_Enabled))
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours(option.palette).edge);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.restore();
}

bool isTab(const QDockWidget& dock)
{
    const auto* const window = qobject_cast<const QMainWindow*>(dock.parentWidget());
    return window && !dock.isFloating()
        && !window->tabifiedDockWidgets(const_cast<QDockWidget*>(&dock)).isEmpty();
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
    if (element == PE_IndicatorBranch && option->state.testFlag(State_Selected)) {
        QStyleOption selected(*option);
        for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
            selected.palette.setColor(role, option->palette.color(QPalette::HighlightedText));
        return QProxyStyle::drawPrimitive(element, &selected, painter, widget);
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_FrameLineEdit || element == PE_IndicatorCheckBox)
        paintEdge(*option, *painter);
    if (element == PE_IndicatorRadioButton)
        paintEdge(*option, *painter, option->rect.width() / 2.0);
}

void Style::drawControl(
    ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* const dock = qobject_cast<const QDockWidget*>(widget);
    const auto* const title = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
    if (element == CE_DockWidgetTitle && dock && title && isTab(*dock)) {
        // The tab above it says the name.
        QStyleOptionDockWidget unnamed(*title);
        unnamed.title.clear();
        return QProxyStyle::drawControl(element, &unnamed, painter, widget);
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* const box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (m_isFusion && (control == CC_SpinBox || (box && box->editable && box->frame)))
        paintEdge(*option, *painter);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    // A number at the right of its column and a word at the left of the next are not to be read as one.
    constexpr int besideText = 4;
    if (m_isFusion && metric == PM_FocusFrameHMargin)
        return besideText - 1; // views add a pixel
    if (m_isFusion && metric == PM_HeaderMargin)
        return besideText;
    return QProxyStyle::pixelMetric(metric, option, widget);
}

QSize Style::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const
{
    const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    // Rows are as high in lists without icons as in those with.
    if (m_isFusion && type == CT_ItemViewItem)
        return size.expandedTo(QSize(0, pixelMetric(PM_SmallIconSize, option, widget) + 2));
    constexpr int besideButtonText = 12;
    if (m_isFusion && type == CT_PushButton)
        return size.expandedTo(QSize(contents.width() + 2 * besideButtonText, 0));
    return size;
}

QIcon Style::standardIcon(StandardPixmap standard, const QStyleOption* option, const QWidget* widget) const
{
    // Those of Fusion are hardly seen in a dark window.
    if (m_isFusion && standard == SP_TitleBarCloseButton)
        return icon("close");
    if (m_isFusion && standard == SP_TitleBarNormalButton)
        return icon("float");
    return QProxyStyle::standardIcon(standard, option, widget);
}

int Style::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const
{
    if (m_isFusion && hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

} // namespace burrow::look
