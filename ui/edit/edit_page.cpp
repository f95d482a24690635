#include "edit/edit_page.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "look/icons.h"
#include "run/background.h"
#include "run/shown_run.h"
#include "text/code_view.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace burrow {

using What = Change::What;

EditPage::EditPage(ShownRun& run, QWidget* parent)
    : QWidget(parent)
    , m_shown(run)
    , m_title(new QLabel(this))
    , m_choices(new QWidget(this))
    , m_model(new QComboBox(m_choices))
    , m_parameters(new QWidget(m_choices))
    , m_temperature(new QDoubleSpinBox(m_parameters))
    , m_outputTokens(new QSpinBox(m_parameters))
    , m_reach(new QComboBox(m_choices))
    , m_editor(new CodeView(CodeView::Layout::Code, tr("The text to be changed"), this))
    , m_outlook(new QLabel(this))
    , m_run(new QPushButton(look::icon("branch"), tr("&Run from Here"), this))
    , m_cancel(new QPushButton(tr("&Cancel"), this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    for (QLabel* const label : {m_title, m_outlook}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setContentsMargins(10, 6, 10, 6);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_outlook->setAccessibleName(tr("What the change keeps, and what runs again"));
    m_outlook->setTextInteractionFlags(Qt::TextSelectableByMouse);
    box->addWidget(m_title);
    setupChoices();
    box->addWidget(m_choices);
    box->addWidget(m_editor, 1);
    setupButtons();
    box->addStretch();
    m_editor->setEditable();
    connect(m_editor, &CodeView::edited, this, &EditPage::onEdited);
}

void EditPage::setupChoices()
{
    auto* const row = new QHBoxLayout(m_choices);
    row->setContentsMargins(10, 0, 10, 6);
    setupModel();
    setupParameters();
    setupReach();
    row->addWidget(m_model, 1);
    row->addWidget(m_parameters, 1);
    row->addWidget(m_reach);
}

void EditPage::setupModel()
{
    m_model->setEditable(true);
    m_model->setAccessibleName(tr("The model that is asked instead"));
    m_model->setToolTip(tr("The model that is asked instead, at the same server"));
    connect(m_model, &QComboBox::currentTextChanged, this, &EditPage::onEdited);
}

void EditPage::setupParameters()
{
    auto* const row = new QHBoxLayout(m_parameters);
    row->setContentsMargins(0, 0, 0, 0);
    // Below zero is none: the server's own.
    m_temperature->setRange(-0.05, 2);
    m_temperature->setSingleStep(0.05);
    m_temperature->setSpecialValueText(tr("the server's own"));
    m_temperature->setAccessibleName(tr("Temperature"));
    m_temperature->setToolTip(tr("How freely the model chooses its words: 0 is the most likely ones"));
    m_outputTokens->setRange(1, 1'000'000);
    m_outputTokens->setGroupSeparatorShown(true);
    m_outputTokens->setAccessibleName(tr("Tokens of a reply, at most"));
    m_outputTokens->setToolTip(tr("Where a reply is cut off"));
    for (const auto& [name, field] : {std::pair<QString, QWidget*>(tr("&Temperature:"), m_temperature),
             std::pair<QString, QWidget*>(tr("T&okens of a reply:"), m_outputTokens)}) {
        auto* const label = new QLabel(name, m_parameters);
        label->setBuddy(field);
        row->addWidget(label);
        row->addWidget(field);
    }
    row->addStretch();
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &EditPage::onEdited);
    connect(m_outputTokens, &QSpinBox::valueChanged, this, &EditPage::onEdited);
}

void EditPage::setupReach()
{
    m_reach->addItem(tr("for this call only"), int(Edit::Reach::Node));
    m_reach->addItem(tr("from here on"), int(Edit::Reach::FromHere));
    m_reach->addItem(tr("in the whole run"), int(Edit::Reach::All));
    m_reach->setAccessibleName(tr("How far the change reaches"));
    m_reach->setToolTip(tr("Which requests to the model that is asked here are changed"));
    connect(m_reach, &QComboBox::currentIndexChanged, this, &EditPage::plan);
}

void EditPage::setupButtons()
{
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(10, 6, 10, 8);
    row->setSpacing(6);
    m_run->setToolTip(
        tr("Open a branch with this change, and play it (Ctrl+Return). The run as it was stays."));
    m_cancel->setToolTip(tr("Change nothing (Esc)"));
    row->addWidget(m_outlook, 1);
    row->addWidget(m_cancel);
    row->addWidget(m_run);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_run, &QPushButton::clicked, this, &EditPage::run);
    connect(m_cancel, &QPushButton::clicked, this, &EditPage::closed);
}

void EditPage::setModels(const QStringList& models)
{
    m_model->clear();
    m_model->addItems(models);
}

QString EditPage::outlook() const
{
    return m_outlook->text();
}

void EditPage::begin(const NodePath& at, What what, const QByteArray& addition)
{
    m_at = at;
    m_what = what;
    m_addition = addition;
    m_hasText = false;
    const bool hasEditor = what == What::Code || what == What::Reply || what == What::Prompt;
    m_title->setText(
        tr("%1 of %2").arg(actionFor(what).remove(QLatin1Char('&')), QString::fromUtf8(at.text())));
    m_editor->setVisible(hasEditor);
    m_choices->setVisible(what == What::Model || what == What::Parameters);
    m_model->setVisible(what == What::Model);
    m_parameters->setVisible(what == What::Parameters);
    // An RLM call sends no request itself.
    const NodeIndex node = m_shown.tree().findPath(at);
    const bool isCall = node != noNode && m_shown.tree().node(node).kind == NodeKind::Rlm;
    const QSignalBlocker blocker(m_reach);
    m_reach->setCurrentIndex(m_reach->findData(int(isCall ? Edit::Reach::FromHere : Edit::Reach::Node)));
    plan();
}

/// A large run takes a while to be read.
void EditPage::plan()
{
    m_outlook->setText(tr("Looking at what depends on this…"));
    m_run->setEnabled(false);
    inBackground(
        QThreadPool::globalInstance(), this,
        [path = m_shown.path(), branch = m_shown.branch(), at = m_at, what = m_what, reach = change().reach] {
            return planEdit(path, branch, at, what, reach);
        },
        [this, generation = ++m_generation](const Result<EditPlan>& plan) {
            if (generation == m_generation)
                showPlan(plan);
        });
}

void EditPage::showPlan(const Result<EditPlan>& plan)
{
    if (!plan) {
        m_outlook->setText(plan.error().message);
        return;
    }
    // What is shown otherwise than it is would be written back otherwise.
    if (visibleText(plan->text, LineMode::MultiLine) != plan->text) {
        m_outlook->setText(tr("This text holds characters that an editor would not keep, so it cannot be "
                              "changed here: change a text before it."));
        return;
    }
    m_plan = plan->outlook;
    Q_EMIT keeps(plan->keptUpTo);
    if (!std::exchange(m_hasText, true)) {
        m_before = plan->text;
        showText(plan->text);
    }
    onEdited();
}

void EditPage::showText(const QByteArray& text)
{
    if (m_what == What::Model) {
        m_model->setEditText(QString::fromUtf8(text));
        m_model->setFocus();
    } else if (m_what == What::Parameters) {
        showParameters(decodeParameters(text).value_or(Parameters()));
    } else {
        ++m_marking; // what is found out of another text comes too late
        m_editor->setText(text + m_addition, m_what == What::Code ? Syntax::Python : Syntax::Markdown);
        m_editor->goToEnd();
    }
}

void EditPage::showParameters(const Parameters& parameters)
{
    m_temperature->setValue(parameters.temperature.value_or(m_temperature->minimum()));
    m_outputTokens->setValue(parameters.maxOutputTokens.value_or(m_outputTokens->value()));
    m_temperature->setFocus();
}

/// Those that are another than before: a change of one leaves the other to each request.
Parameters EditPage::parameters() const
{
    const Parameters before = decodeParameters(m_before).value_or(Parameters());
    const bool isServers = m_temperature->value() < 0;
    Parameters parameters;
    if (isServers != before.serversTemperature)
        parameters.serversTemperature = isServers;
    if (!isServers && before.temperature != m_temperature->value())
        parameters.temperature = m_temperature->value();
    if (before.maxOutputTokens != m_outputTokens->value())
        parameters.maxOutputTokens = m_outputTokens->value();
    return parameters;
}

void EditPage::showOutlook()
{
    const PriceTable prices = PriceTable::from(m_shown.settings().prices).value_or(PriceTable());
    m_outlook->setText(describe(m_plan, m_what == What::Model ? change().text : QByteArray(), prices));
}

Change EditPage::change() const
{
    Change change{.what = m_what, .text = {}};
    if (m_what == What::Model) {
        change.text = m_model->currentText().trimmed().toUtf8();
        change.reach = Edit::Reach(m_reach->currentData().toInt());
    } else if (m_what == What::Parameters) {
        change.text = encodeParameters(parameters());
        change.reach = Edit::Reach(m_reach->currentData().toInt());
    } else if (m_what != What::Sample) {
        change.text = m_editor->text();
    }
    return change;
}

/// An edit that changes nothing needs no branch.
void EditPage::onEdited()
{
    const bool isAnother
        = m_what == What::Parameters ? parameters() != Parameters() : change().text != m_before;
    m_run->setEnabled(m_hasText && (m_what == What::Sample || isAnother));
    if (!m_hasText)
        return;
    showOutlook();
    if (m_editor->isVisibleTo(this))
        markChanges();
}

/// How long texts differ takes too long for a key press.
void EditPage::markChanges()
{
    inBackground(
        QThreadPool::globalInstance(), this,
        [before = m_before, text = m_editor->text()] { return changedLines(before, text); },
        [this, marking = ++m_marking](const std::vector<ChangedLines>& changes) {
            if (marking == m_marking)
                m_editor->markChanges(changes);
        });
}

void EditPage::run()
{
    if (m_run->isEnabled())
        Q_EMIT wantsToRun(m_at, change());
}

void EditPage::hideEvent(QHideEvent* event)
{
    ++m_generation; // a plan that is still being made is of no use
    Q_EMIT keeps(std::numeric_limits<qint64>::max());
    QWidget::hideEvent(event);
}

/// Its keys go before the same ones of the window.
bool EditPage::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return && key->modifiers() == Qt::ControlModifier) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void EditPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else if (event->key() == Qt::Key_Return && event->modifiers() == Qt::ControlModifier)
        run();
    else
        QWidget::keyPressEvent(event);
}

} // namespace burrow
