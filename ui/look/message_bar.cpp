#include "look/message_bar.h"

#include "base/visible_text.h"
#include "look/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace burrow {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_offers(new QHBoxLayout)
{
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(10, 6, 6, 6);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setAccessibleName(tr("Message"));
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addLayout(m_offers);
    auto* const close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(look::icon("close"));
    close->setToolTip(tr("Close this message"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    row->addWidget(close);
    hide();
}

void MessageBar::say(Kind kind, const QString& text)
{
    while (QLayoutItem* const item = m_offers->takeAt(0)) {
        item->widget()->hide(); // until it goes, it would be seen behind what takes its place
        item->widget()->deleteLater();
        delete item;
    }
    m_icon->setPixmap(look::icon(kind == Kind::Problem ? "warning" : "info").pixmap(16));
    m_icon->setAccessibleName(kind == Kind::Problem ? tr("Problem") : tr("Note"));
    m_details = visibleText(text, LineMode::MultiLine);
    // One that fills the window would hide what it is about.
    constexpr qsizetype longest = 600;
    m_text->setText(m_details.size() <= longest ? m_details : m_details.first(longest) + QChar(0x2026));
    show();
    if (kind == Kind::Problem) {
        auto* const copy = new QPushButton(tr("Copy details"), this);
        copy->setToolTip(tr("Copy this message"));
        connect(
            copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_details); });
        m_offers->addWidget(copy);
    }
}

void MessageBar::offer(const QString& label, std::function<void()> action)
{
    auto* const button = new QPushButton(label, this);
    button->setToolTip(label);
    connect(button, &QPushButton::clicked, this, [this, action = std::move(action)] {
        hide();
        action();
    });
    m_offers->insertWidget(0, button);
}

QString MessageBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace burrow
