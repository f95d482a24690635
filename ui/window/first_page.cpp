#include "window/first_page.h"

#include <QAction>
#include <QCommandLinkButton>
#include <QLabel>
#include <QVBoxLayout>

namespace burrow {

FirstPage::FirstPage(QWidget* parent) : QWidget(parent), m_doors(new QVBoxLayout)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto* const title = new QLabel(tr("Ask documents that no model can read whole"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.7);
    large.setWeight(QFont::DemiBold);
    title->setFont(large);
    auto* const text
        = new QLabel(tr("Your documents stay on this disk, as a variable in a sandboxed Python REPL. A model "
                        "writes code that searches them and asks further models about the parts that "
                        "matter. Here you watch it happen."),
            this);
    text->setWordWrap(true);
    text->setForegroundRole(QPalette::PlaceholderText);
    m_doors->setSpacing(8);

    auto* const column = new QVBoxLayout;
    column->addStretch(2);
    column->addWidget(title);
    column->addSpacing(4);
    column->addWidget(text);
    column->addSpacing(20);
    column->addLayout(m_doors);
    column->addStretch(3);
    auto* const row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(column, 6);
    row->addStretch(1);
}

void FirstPage::addDoor(QAction* action, const QString& text)
{
    auto* const door = new QCommandLinkButton(QString(action->text()).remove(QLatin1Char('&')), text, this);
    door->setIcon(action->icon());
    door->setIconSize(QSize(24, 24));
    door->setToolTip(action->toolTip());
    door->setMaximumWidth(620);
    connect(door, &QCommandLinkButton::clicked, action, &QAction::trigger);
    m_doors->addWidget(door);
}

} // namespace burrow
