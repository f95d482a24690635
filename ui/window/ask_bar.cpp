#include "window/ask_bar.h"

#include "base/visible_text.h"
#include "look/icons.h"
#include "settings/limits_editor.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QToolTip>
#include <QWidgetAction>

namespace burrow {

AskBar::AskBar(QWidget* parent)
    : QWidget(parent)
    , m_documentsButton(new QToolButton(this))
    , m_question(new QLineEdit(this))
    , m_limitsButton(new QToolButton(this))
    , m_limits(new LimitsEditor)
    , m_ask(new QPushButton(look::icon("ask"), tr("&Ask"), this))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(6);
    row->addWidget(m_documentsButton);
    row->addWidget(m_question, 1);
    m_root = addModelBox(tr("root"), tr("The model that works in the REPL"));
    m_sub = addModelBox(tr("sub"), tr("The model that cells call; of the same server"));
    row->addWidget(m_limitsButton);
    row->addWidget(m_ask);
    setupQuestion();
    setupLimits();
    setModels({offlineChoice()});
    showDocuments();
}

void AskBar::setupQuestion()
{
    m_documentsButton->setIcon(look::icon("document"));
    m_documentsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_documentsButton->setAutoRaise(true);
    connect(m_documentsButton, &QToolButton::clicked, this, &AskBar::wantsDocuments);
    m_question->setPlaceholderText(tr("Ask a question about your documents"));
    m_question->setAccessibleName(tr("Question"));
    m_question->setToolTip(tr("The question; Enter asks it"));
    m_question->setClearButtonEnabled(true);
    m_ask->setToolTip(tr("Ask the question (Enter)"));
    connect(m_question, &QLineEdit::returnPressed, this, &AskBar::asked);
    connect(m_question, &QLineEdit::textChanged, this, &AskBar::changed);
    connect(m_ask, &QPushButton::clicked, this, &AskBar::asked);
}

void AskBar::setupLimits()
{
    auto* const menu = new QMenu(m_limitsButton);
    auto* const holder = new QWidgetAction(menu);
    holder->setDefaultWidget(m_limits);
    menu->addAction(holder);
    m_limitsButton->setMenu(menu);
    m_limitsButton->setPopupMode(QToolButton::InstantPopup);
    m_limitsButton->setAutoRaise(true);
    m_limitsButton->setToolTip(tr("What the run may use"));
    const auto show = [this] {
        // Room for the arrow of the menu.
        m_limitsButton->setText(m_limits->summary() + QStringLiteral("   "));
        m_limitsButton->setAccessibleName(tr("Limits: %1").arg(m_limits->summary()));
    };
    connect(m_limits, &LimitsEditor::changed, this, show);
    show();
}

QComboBox* AskBar::addModelBox(const QString& label, const QString& toolTip)
{
    auto* const box = new QComboBox(this);
    auto* const name = new QLabel(label, this);
    name->setForegroundRole(QPalette::PlaceholderText);
    name->setBuddy(box);
    box->setToolTip(toolTip);
    box->setAccessibleName(tr("Model: %1").arg(label));
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    layout()->addWidget(name);
    layout()->addWidget(box);
    return box;
}

void AskBar::setModels(const QList<ModelChoice>& models)
{
    m_models = models;
    for (QComboBox* const box : {m_root, m_sub}) {
        box->clear();
        for (const ModelChoice& choice : models) {
            box->addItem(visibleText(choice.model, LineMode::SingleLine));
            box->setItemData(box->count() - 1,
                visibleText(choice.server, LineMode::SingleLine).toHtmlEscaped(), Qt::ToolTipRole);
        }
    }
}

void AskBar::choose(const ModelChoice& model)
{
    for (QComboBox* const box : {m_root, m_sub})
        box->setCurrentIndex(int(qMax(qsizetype(0), m_models.indexOf(model))));
}

void AskBar::setDocuments(const QStringList& paths)
{
    m_documents = paths;
    showDocuments();
    Q_EMIT changed();
}

void AskBar::showDocuments()
{
    QString text = tr("Open documents…");
    if (m_documents.size() == 1)
        text = visibleText(QFileInfo(m_documents.front()).fileName(), LineMode::SingleLine);
    else if (m_documents.size() > 1)
        text = tr("%n document(s)", nullptr, int(m_documents.size()));
    m_documentsButton->setText(m_documentsButton->fontMetrics().elidedText(text, Qt::ElideMiddle, 220));
    m_documentsButton->setAccessibleName(tr("Documents: %1").arg(text));
    m_documentsButton->setToolTip(m_documents.isEmpty()
            ? tr("Choose the documents of the question")
            : visibleText(m_documents.join(QLatin1Char('\n')), LineMode::MultiLine).toHtmlEscaped());
}

void AskBar::setQuestion(const QString& question)
{
    m_question->setText(question);
}

QString AskBar::question() const
{
    return m_question->text().trimmed();
}

void AskBar::setLimits(const RunLimits& limits)
{
    m_limits->setLimits(limits);
}

ModelChoice AskBar::choiceOf(const QComboBox* box) const
{
    return m_models.value(box->currentIndex(), offlineChoice());
}

RunSettings AskBar::settings() const
{
    RunSettings settings;
    const ModelChoice root = choiceOf(m_root);
    const ModelChoice chosen = choiceOf(m_sub);
    const ModelChoice sub = chosen.endpoint == root.endpoint ? chosen : root;
    settings.endpoint = root.endpoint;
    for (const QString& path : m_documents)
        settings.paths << QFileInfo(path).absoluteFilePath();
    settings.models.root = root.model.toUtf8();
    settings.models.sub = sub.model.toUtf8();
    settings.models.allowed = {settings.models.root, settings.models.sub};
    for (const ModelChoice& choice : {root, sub}) {
        if (!choice.price.isEmpty())
            settings.prices << choice.model + QLatin1Char('=') + choice.price;
    }
    settings.limits = settings.told = m_limits->limits();
    return settings;
}

bool AskBar::isReady()
{
    if (m_documents.isEmpty()) {
        QToolTip::showText(m_documentsButton->mapToGlobal(QPoint(0, m_documentsButton->height())),
            tr("First choose the documents."), m_documentsButton);
        m_documentsButton->setFocus();
        return false;
    }
    if (question().isEmpty()) {
        QToolTip::showText(m_question->mapToGlobal(QPoint(0, m_question->height())),
            tr("First write a question."), m_question);
        m_question->setFocus();
        return false;
    }
    return true;
}

void AskBar::focusQuestion()
{
    m_question->setFocus(Qt::ShortcutFocusReason);
    m_question->selectAll();
}

} // namespace burrow
