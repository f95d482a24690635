#include "document/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace burrow {

NoticeBar::NoticeBar(QWidget* parent) : QFrame(parent), m_text(new QLabel), m_buttons(new QHBoxLayout)
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->addWidget(m_text, 1);
    row->addLayout(m_buttons);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setAutoFillBackground(true);
}

void NoticeBar::say(Kind kind, const QString& text)
{
    setBackgroundRole(kind == Kind::Problem ? QPalette::AlternateBase : QPalette::Window);
    m_text->setText(kind == Kind::Problem ? QStringLiteral("⚠ ") + text : text);
    while (QLayoutItem* const item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    addButton(tr("Close"), {});
    show();
}

void NoticeBar::offer(const QString& label, std::function<void()> action)
{
    addButton(label, std::move(action));
}

void NoticeBar::addButton(const QString& label, std::function<void()> action)
{
    auto* const button = new QPushButton(label);
    m_buttons->insertWidget(0, button);
    connect(button, &QPushButton::clicked, this, [this, action = std::move(action)] {
        hide();
        if (action)
            action();
    });
}

QString NoticeBar::text() const
{
    return m_text->text();
}

} // namespace burrow
