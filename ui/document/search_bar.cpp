#include "document/search_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

namespace burrow {

namespace {

constexpr int progressSteps = 1000;

} // namespace

SearchBar::SearchBar(DocumentSearch& search, QWidget* parent)
    : QWidget(parent)
    , m_search(search)
    , m_field(new QLineEdit)
    , m_progress(new QProgressBar)
    , m_state(new QLabel)
{
    setup();
    connect(m_field, &QLineEdit::returnPressed, this, &SearchBar::onReturn);
    connect(m_previous, &QToolButton::clicked, this, &SearchBar::previousWanted);
    connect(m_next, &QToolButton::clicked, this, &SearchBar::nextWanted);
    connect(m_cancel, &QToolButton::clicked, &m_search, &DocumentSearch::cancel);
    connect(&m_search, &DocumentSearch::stateChanged, this, &SearchBar::showState);
    showState();
}

void SearchBar::setup()
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_field, 1);
    m_field->setPlaceholderText(tr("Search in the document"));
    m_field->setAccessibleName(tr("Search for"));
    m_field->setClearButtonEnabled(true);
    m_case = addToggle(tr("Aa"), tr("Match upper and lower case"));
    m_regex = addToggle(tr(".*"), tr("Regular expression (PCRE2)"));
    m_previous = addButton(tr("↑"), tr("Previous match (Shift+Enter)"));
    m_next = addButton(tr("↓"), tr("Next match (Enter)"));
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(100);
    m_progress->setAccessibleName(tr("Progress of the search"));
    layout->addWidget(m_progress);
    m_cancel = addButton(tr("Stop"), tr("Stop the search"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_state->setMinimumWidth(fontMetrics().horizontalAdvance(tr("%1 matches so far").arg(1'000'000)));
    layout->addWidget(m_state, 1);
    QToolButton* const closeButton = addButton(tr("✕"), tr("Close the search (Esc)"));
    connect(closeButton, &QToolButton::clicked, this, &SearchBar::close);
}

QToolButton* SearchBar::addToggle(const QString& text, const QString& name)
{
    QToolButton* const button = addButton(text, name);
    button->setCheckable(true);
    connect(button, &QToolButton::toggled, this, [this] {
        if (!m_field->text().isEmpty())
            onReturn();
    });
    return button;
}

QToolButton* SearchBar::addButton(const QString& text, const QString& name)
{
    auto* const button = new QToolButton;
    button->setText(text);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    layout()->addWidget(button);
    return button;
}

SearchPattern SearchBar::pattern() const
{
    return {m_field->text(),
        m_regex->isChecked() ? SearchPattern::Syntax::Regex : SearchPattern::Syntax::Literal,
        m_case->isChecked() ? SearchPattern::Case::Sensitive : SearchPattern::Case::Insensitive};
}

void SearchBar::setText(const QString& text)
{
    m_field->setText(text);
}

void SearchBar::open()
{
    show();
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void SearchBar::close()
{
    m_search.clear();
    m_searched = {};
    hide();
    Q_EMIT closed();
}

/// Enter searches for what is new, and goes on to the next match of what is not.
void SearchBar::onReturn()
{
    if (m_field->text().isEmpty())
        return m_search.clear();
    if (m_search.state() != DocumentSearch::State::Idle && pattern() == m_searched) {
        Q_EMIT nextWanted();
        return;
    }
    m_searched = pattern();
    Q_EMIT searchWanted(m_searched);
}

void SearchBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else if (event->key() == Qt::Key_Return && event->modifiers() == Qt::ShiftModifier)
        Q_EMIT previousWanted();
    else
        QWidget::keyPressEvent(event);
}

void SearchBar::showState()
{
    const bool running = m_search.state() == DocumentSearch::State::Running;
    m_progress->setVisible(running);
    m_progress->setValue(static_cast<int>(m_search.progress() * progressSteps));
    m_cancel->setVisible(running);
    m_next->setEnabled(!m_search.matches().empty());
    m_previous->setEnabled(!m_search.matches().empty());
    m_state->setText(stateText());
}

QString SearchBar::stateText() const
{
    using State = DocumentSearch::State;
    const QString count = QLocale().toString(std::ssize(m_search.matches()));
    switch (m_search.state()) {
    case State::Idle:
        return {};
    case State::Running:
        return tr("%1 matches so far").arg(count);
    case State::Finished:
        return m_search.matches().empty() ? tr("No match") : tr("Matches: %1").arg(count);
    case State::TooManyMatches:
        return tr("The first %1 matches. Search for something rarer to see all.").arg(count);
    case State::Cancelled:
        return tr("Stopped. Matches until then: %1").arg(count);
    case State::Failed:
        return m_search.problem();
    }
    return {};
}

} // namespace burrow
