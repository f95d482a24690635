#include "settings/connect_page.h"

#include "base/visible_text.h"
#include "engine/run_controller.h"
#include "lm/endpoint.h"
#include "settings/key_store.h"

#include <QComboBox>
#include <QCompleter>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>

namespace burrow {

ConnectPage::ConnectPage(RunController& controller, KeyStore& keys, QSettings& settings, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_keys(keys)
    , m_settings(settings)
    , m_server(new QComboBox(this))
    , m_address(new QLineEdit(this))
    , m_key(new QLineEdit(this))
    , m_keyHint(new QLabel(this))
    , m_test(new QPushButton(tr("&Test and List Models"), this))
    , m_use(new QPushButton(tr("&Use These Models"), this))
    , m_said(new QLabel(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setupForm();
    setupButtons();
    for (const ServerPreset& preset : serverPresets())
        m_server->addItem(preset.name);
    m_server->addItem(tr("Another server"));
    connect(m_server, &QComboBox::currentIndexChanged, this, &ConnectPage::choosePreset);
    connect(&m_controller, &RunController::modelsListed, this, &ConnectPage::onListed);
    choosePreset(0);
}

void ConnectPage::setupForm()
{
    auto* const title = new QLabel(tr("Connect a model"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    large.setWeight(QFont::DemiBold);
    title->setFont(large);
    auto* const form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_server->setToolTip(tr("Who serves the model"));
    m_server->setAccessibleName(tr("Server"));
    m_address->setToolTip(tr("The address of its OpenAI-compatible interface"));
    m_address->setAccessibleName(tr("Address"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setToolTip(tr("Kept in the key store of this system, and sent to this address alone"));
    m_key->setAccessibleName(tr("Key"));
    for (QLabel* const label : {m_keyHint, m_said}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
        label->setForegroundRole(QPalette::PlaceholderText);
    }
    form->addRow(tr("&Server"), m_server);
    form->addRow(tr("&Address"), m_address);
    form->addRow(tr("&Key"), m_key);
    form->addRow(QString(), m_keyHint);
    form->addRow(QString(), m_test);
    form->addRow(QString(), m_said);

    auto* const column = new QVBoxLayout;
    column->addStretch(1);
    column->addWidget(title);
    column->addSpacing(12);
    column->addLayout(form);
    column->addStretch(2);
    auto* const row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(column, 4);
    row->addStretch(1);
    const auto addRow = [form](const QString& label, const ModelFields& fields) {
        auto* const both = new QHBoxLayout;
        both->addWidget(fields.name, 1);
        both->addWidget(fields.price);
        // Their layout is nothing that a label could lead to.
        auto* const name = new QLabel(label, fields.name->parentWidget());
        name->setBuddy(fields.name);
        form->addRow(name, both);
    };
    m_root = addModel(tr("Root model"), tr("The model that works in the REPL"));
    m_sub = addModel(tr("Sub model"), tr("The model that cells call; a small one will do"));
    addRow(tr("&Root model"), m_root);
    addRow(tr("S&ub model"), m_sub);
    auto* const end = new QHBoxLayout;
    auto* const back = new QPushButton(tr("&Back"), this);
    back->setToolTip(tr("Leave everything as it is"));
    connect(back, &QPushButton::clicked, this, &ConnectPage::closed);
    end->addStretch(1);
    end->addWidget(back);
    end->addWidget(m_use);
    form->addRow(QString(), end);
}

void ConnectPage::setupButtons()
{
    m_test->setToolTip(tr("Ask the server for its models"));
    m_use->setToolTip(tr("Save these models and ask them from now on"));
    connect(m_test, &QPushButton::clicked, this, &ConnectPage::test);
    connect(m_use, &QPushButton::clicked, this, &ConnectPage::accept);
    connect(m_address, &QLineEdit::textChanged, this, &ConnectPage::offerKey);
}

ConnectPage::ModelFields ConnectPage::addModel(const QString& label, const QString& what)
{
    ModelFields fields{new QComboBox(this), new QLineEdit(this)};
    fields.name->setEditable(true);
    fields.name->setInsertPolicy(QComboBox::NoInsert);
    fields.name->completer()->setFilterMode(Qt::MatchContains);
    fields.name->completer()->setCompletionMode(QCompleter::PopupCompletion);
    fields.name->setToolTip(what);
    fields.name->setAccessibleName(label);
    fields.name->lineEdit()->setAccessibleName(label);
    fields.price->setPlaceholderText(tr("$ in/out, like 2.50/10"));
    fields.price->setMinimumWidth(
        fields.price->fontMetrics().horizontalAdvance(fields.price->placeholderText()) + 16);
    fields.price->setToolTip(tr("What a million tokens cost, in and out. A limit on money needs it."));
    fields.price->setAccessibleName(tr("Price of the %1").arg(label));
    return fields;
}

void ConnectPage::choosePreset(int index)
{
    const auto& presets = serverPresets();
    const bool known = index >= 0 && size_t(index) < presets.size();
    m_address->setText(known ? presets[size_t(index)].endpoint : QString());
    for (const ModelFields& fields : {m_root, m_sub}) {
        fields.name->clear();
        fields.price->clear();
    }
    m_said->clear();
    if (!known)
        m_address->setFocus();
}

/// Says where a key for the address may come from.
void ConnectPage::offerKey()
{
    m_key->clear();
    const auto& presets = serverPresets();
    const auto preset = std::ranges::find(presets, endpoint(), &ServerPreset::endpoint);
    if (preset == presets.end())
        m_keyHint->setText(tr("Leave it empty where the server needs none."));
    else if (preset->isLocal())
        m_keyHint->setText(tr("A server on this machine needs no key."));
    else if (qEnvironmentVariableIsSet(preset->keyVariable.toLatin1().constData()))
        m_keyHint->setText(tr("Empty: the key in %1 of the environment is used.").arg(preset->keyVariable));
    else
        m_keyHint->setText(tr("Make one at %1.").arg(preset->keyPage));
}

QString ConnectPage::endpoint() const
{
    const Result<Endpoint> parsed = Endpoint::parse(m_address->text().trimmed());
    return parsed ? QString::fromUtf8(parsed->identity()) : m_address->text().trimmed();
}

/// Hands the key that was pasted, or that of the environment, to the engine.
void ConnectPage::useKey()
{
    if (const ApiKey pasted(m_key->text().toUtf8()); !pasted.isEmpty()) {
        m_controller.setKey(endpoint(), pasted);
        return;
    }
    if (const ApiKey given = keyOfEnvironment(endpoint()); !given.isEmpty())
        m_controller.setKey(endpoint(), given);
}

void ConnectPage::lookAround()
{
    for (const ServerPreset& preset : serverPresets()) {
        if (preset.isLocal())
            m_controller.listModels(preset.endpoint, RunController::KeyUse::Withheld);
    }
}

void ConnectPage::test()
{
    m_tested = endpoint();
    useKey();
    say(tr("Asking %1…").arg(m_tested));
    m_controller.listModels(m_tested, RunController::KeyUse::Sent);
}

void ConnectPage::onListed(const QString& endpoint, const QStringList& models, const QString& problem)
{
    const auto& presets = serverPresets();
    const auto preset = std::ranges::find(presets, endpoint, &ServerPreset::endpoint);
    if (preset != presets.end() && problem.isEmpty())
        m_server->setItemText(int(preset - presets.begin()),
            tr("%1 · %n model(s)", nullptr, int(models.size())).arg(preset->name));
    if (endpoint != this->endpoint())
        return;
    if (!problem.isEmpty()) {
        // Nobody asked whether a server runs here that does not.
        if (endpoint == m_tested)
            say(problem);
        return;
    }
    say(tr("It answers, with %n model(s).", nullptr, int(models.size())));
    for (const ModelFields& fields : {m_root, m_sub}) {
        const QString before = fields.name->currentText();
        fields.name->clear();
        for (const QString& model : models)
            fields.name->addItem(visibleText(model, LineMode::SingleLine));
        if (!before.isEmpty())
            fields.name->setCurrentText(before);
    }
}

void ConnectPage::say(const QString& text)
{
    m_said->setText(visibleText(text, LineMode::MultiLine));
}

ModelChoice ConnectPage::choiceOf(const ModelFields& fields) const
{
    const auto& presets = serverPresets();
    const auto preset = std::ranges::find(presets, endpoint(), &ServerPreset::endpoint);
    return {endpoint(), fields.name->currentText().trimmed(),
        preset == presets.end() ? endpoint() : preset->name, fields.price->text().remove(QLatin1Char(' '))};
}

void ConnectPage::accept()
{
    if (const Result<Endpoint> parsed = Endpoint::parse(m_address->text().trimmed()); !parsed)
        return say(parsed.error().message);
    const ModelChoice root = choiceOf(m_root);
    ModelChoice sub = choiceOf(m_sub);
    if (sub.model.isEmpty())
        sub = root;
    if (root.model.isEmpty())
        return say(tr("Name the root model."));
    for (const ModelChoice& choice : {root, sub}) {
        if (!choice.price.isEmpty() && !isPrice(choice.price))
            return say(tr("'%1' is no price: write it like 2.50/10.").arg(choice.price));
    }
    useKey();
    if (const ApiKey pasted(m_key->text().toUtf8()); !pasted.isEmpty())
        m_keys.write(endpoint(), pasted, this, [this](const Result<void>& kept) {
            if (!kept)
                say(kept.error().message);
        });
    QList<ModelChoice> models{root};
    if (sub.model != root.model)
        models << sub;
    for (const ModelChoice& choice : savedModels(m_settings)) {
        if (std::ranges::none_of(models, [&choice](const ModelChoice& other) {
                return other.endpoint == choice.endpoint && other.model == choice.model;
            }))
            models << choice;
    }
    saveModels(m_settings, models);
    m_key->clear();
    Q_EMIT connected(models);
}

} // namespace burrow
