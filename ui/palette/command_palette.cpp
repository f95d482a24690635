#include "palette/command_palette.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

CommandPalette::CommandPalette(const QMenuBar& menus, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_menus(menus), m_field(new QLineEdit(this)), m_list(new QTreeView(this))
{
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Commands"));
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(6, 6, 6, 6);
    box->addWidget(m_field);
    box->addWidget(m_list, 1);
    m_field->setPlaceholderText(tr("Type what you want to do"));
    m_field->setAccessibleName(tr("Find a command"));
    m_field->installEventFilter(this);
    m_filtered.setSourceModel(&m_commands);
    m_filtered.setFilterKeyColumn(CommandList::Name);
    m_list->setModel(&m_filtered);
    m_list->setAccessibleName(tr("Commands and their keys"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAllColumnsShowFocus(true);
    m_list->header()->hide();
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(CommandList::Name, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(CommandList::Keys, QHeaderView::ResizeToContents);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_field, &QLineEdit::returnPressed, this, [this] { run(m_list->currentIndex()); });
    connect(m_list, &QTreeView::clicked, this, &CommandPalette::run);
}

void CommandPalette::popUp()
{
    m_commands.read(m_menus);
    m_field->clear();
    filter({});
    const QRect window = parentWidget()->window()->geometry();
    resize(qMin(620, window.width() - 40), qMin(460, window.height() - 80));
    move(window.center().x() - width() / 2, window.top() + 60);
    show();
    m_field->setFocus();
}

/// Each word may stand anywhere in the name.
void CommandPalette::filter(const QString& text)
{
    QString pattern;
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        pattern += QStringLiteral("(?=.*%1)").arg(QRegularExpression::escape(word));
    m_filtered.setFilterRegularExpression(
        QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption));
    m_list->setCurrentIndex(m_filtered.index(0, 0));
}

void CommandPalette::run(const QModelIndex& index)
{
    QAction* const action = m_commands.action(m_filtered.mapToSource(index));
    if (!action || !action->isEnabled())
        return;
    hide();
    // Behind the popup, so that what it opens gets the focus.
    QTimer::singleShot(0, action, &QAction::trigger);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0) {
            const QModelIndex next = m_filtered.index(m_list->currentIndex().row() + step, 0);
            if (next.isValid())
                m_list->setCurrentIndex(next);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace burrow
