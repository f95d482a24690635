#include "document/go_to_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>

namespace burrow {

GoToBar::GoToBar(QWidget* parent) : QWidget(parent), m_field(new QLineEdit), m_note(new QLabel)
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    auto* const label = new QLabel(tr("&Go to:"));
    label->setBuddy(m_field);
    layout->addWidget(label);
    layout->addWidget(m_field);
    m_field->setAccessibleName(tr("Go to line, byte or percentage"));
    m_field->setPlaceholderText(tr("120 · @4096 · 50%"));
    m_field->setFixedWidth(fontMetrics().averageCharWidth() * 28);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    layout->addWidget(m_note, 1);
    connect(m_field, &QLineEdit::returnPressed, this, &GoToBar::onReturn);
}

void GoToBar::open()
{
    say(tr("A line, @ and a byte, or a percentage"));
    show();
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void GoToBar::close()
{
    hide();
    Q_EMIT closed();
}

void GoToBar::say(const QString& text)
{
    m_note->setText(text);
}

void GoToBar::onReturn()
{
    if (const std::optional<DocumentPlace> place = placeFromText(m_field->text()))
        Q_EMIT placeWanted(*place);
    else
        say(tr(
            "That is no place. Type a line such as 120, a byte such as @4096, or a percentage such as 50%."));
}

void GoToBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

} // namespace burrow
