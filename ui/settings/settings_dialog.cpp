#include "settings/settings_dialog.h"

#include "base/visible_text.h"
#include "palette/command_list.h"
#include "settings/key_store.h"
#include "settings/limits_editor.h"
#include "settings/saved_limits.h"
#include "settings/servers.h"

#include <QAction>
#include <QButtonGroup>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

namespace {

QString keyOf(const QString& command)
{
    return QStringLiteral("keys/") + QString(command).replace(QLatin1Char('/'), QLatin1Char('-'));
}

QLabel* textLabel(const QString& text, QWidget* parent)
{
    auto* const label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

void applySavedKeys(const QSettings& settings, const QMenuBar& menus)
{
    CommandList commands;
    commands.read(menus);
    for (int row = 0; row < commands.rowCount(); ++row) {
        const QModelIndex index = commands.index(row, CommandList::Name);
        const QVariant saved = settings.value(keyOf(index.data().toString()));
        if (saved.isValid())
            commands.action(index)->setShortcut(QKeySequence::fromString(saved.toString()));
    }
}

SettingsDialog::SettingsDialog(KeyStore& keys, QSettings& settings, const QMenuBar& menus, QWidget* parent)
    : QDialog(parent)
    , m_keys(keys)
    , m_settings(settings)
    , m_models(new QListWidget(this))
    , m_limits(new LimitsEditor(this))
{
    setWindowTitle(tr("Settings"));
    auto* const tabs = new QTabWidget(this);
    tabs->setAccessibleName(tr("Kinds of settings"));
    tabs->setDocumentMode(true); // a frame of Fusion is filled with a grey on which grey text cannot be read
    tabs->addTab(makeModels(), tr("&Models"));
    tabs->addTab(makeLimits(), tr("&Limits"));
    tabs->addTab(makeSandbox(), tr("&Sandbox"));
    tabs->addTab(makeAppearance(), tr("&Appearance"));
    tabs->addTab(makeKeys(menus), tr("&Keys"));
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* const box = new QVBoxLayout(this);
    box->addWidget(tabs, 1);
    box->addWidget(buttons);
    resize(560, 460);
}

QWidget* SettingsDialog::makeModels()
{
    auto* const page = new QWidget(this);
    auto* const box = new QVBoxLayout(page);
    m_models->setAccessibleName(tr("Connected models"));
    auto* const add = new QPushButton(tr("&Connect a Model…"), page);
    add->setToolTip(tr("Choose a server and its models"));
    auto* const forget = new QPushButton(tr("&Forget"), page);
    forget->setToolTip(tr("Forget the selected model, and its server's key where no other model needs it"));
    auto* const row = new QHBoxLayout;
    forget->setEnabled(false);
    connect(m_models, &QListWidget::itemSelectionChanged, forget,
        [this, forget] { forget->setEnabled(!m_models->selectedItems().isEmpty()); });
    row->addWidget(add);
    row->addWidget(forget);
    row->addStretch(1);
    box->addWidget(m_models, 1);
    box->addLayout(row);
    box->addWidget(textLabel(
        tr("Keys are kept in the key store of this system, never in a run, a log or a file."), page));
    connect(add, &QPushButton::clicked, this, &SettingsDialog::wantsToConnect);
    connect(forget, &QPushButton::clicked, this, &SettingsDialog::forgetModel);
    listModels();
    return page;
}

void SettingsDialog::listModels()
{
    m_models->clear();
    if (savedModels(m_settings).empty()) {
        auto* const none = new QListWidgetItem(tr("No model is connected yet."), m_models);
        none->setFlags(Qt::NoItemFlags);
    }
    for (const ModelChoice& model : savedModels(m_settings)) {
        const QString price = model.price.isEmpty() ? tr("no price") : tr("$ %1").arg(model.price);
        m_models->addItem(visibleText(
            QStringLiteral("%1 · %2 · %3").arg(model.model, model.server, price), LineMode::SingleLine));
    }
}

void SettingsDialog::forgetModel()
{
    QList<ModelChoice> models = savedModels(m_settings);
    const int row = m_models->currentRow();
    if (row < 0 || row >= models.size())
        return;
    const QString endpoint = models.takeAt(row).endpoint;
    saveModels(m_settings, models);
    if (std::ranges::none_of(models, [&](const ModelChoice& model) { return model.endpoint == endpoint; }))
        m_keys.write(endpoint, {}, this, [](const Result<void>&) { });
    listModels();
    Q_EMIT modelsChanged();
}

QWidget* SettingsDialog::makeLimits()
{
    auto* const page = new QWidget(this);
    auto* const box = new QVBoxLayout(page);
    box->addWidget(
        textLabel(tr("What a new run may use, unless you say otherwise beside its question."), page));
    m_limits->setLimits(savedLimits(m_settings));
    box->addWidget(m_limits);
    box->addStretch(1);
    connect(m_limits, &LimitsEditor::changed, this, [this] {
        saveLimits(m_settings, m_limits->limits());
        Q_EMIT limitsChanged();
    });
    return page;
}

QWidget* SettingsDialog::makeSandbox()
{
    auto* const page = new QWidget(this);
    auto* const box = new QVBoxLayout(page);
    auto* const weak = new QCheckBox(tr("&Run cells although the sandbox is weak"), page);
    weak->setToolTip(tr("Without this a run refuses to start below the level 'strong'"));
    weak->setChecked(m_settings.value(QStringLiteral("sandbox/allowUnsafe")).toBool());
    connect(weak, &QCheckBox::toggled, this,
        [this](bool allowed) { m_settings.setValue(QStringLiteral("sandbox/allowUnsafe"), allowed); });
    box->addWidget(textLabel(
        tr("Code that models write runs in a process that sees the documents and Python's standard "
           "library, and nothing else. How strong that is on this machine stands at the top right of a run."),
        page));
    box->addWidget(weak);
    box->addStretch(1);
    return page;
}

QWidget* SettingsDialog::makeAppearance()
{
    auto* const page = new QWidget(this);
    auto* const box = new QVBoxLayout(page);
    auto* const group = new QButtonGroup(page);
    using look::Appearance;
    const int now = m_settings.value(QStringLiteral("appearance")).toInt();
    for (const auto& [text, value] : {std::pair(tr("As the &system"), Appearance::System),
             std::pair(tr("&Light"), Appearance::Light), std::pair(tr("&Dark"), Appearance::Dark)}) {
        auto* const button = new QRadioButton(text, page);
        button->setToolTip(tr("Colours of the window"));
        button->setChecked(now == int(value));
        group->addButton(button);
        box->addWidget(button);
        connect(button, &QRadioButton::clicked, this, [this, value] { setAppearance(value); });
    }
    box->addStretch(1);
    return page;
}

void SettingsDialog::setAppearance(look::Appearance appearance)
{
    look::apply(appearance);
    m_settings.setValue(QStringLiteral("appearance"), int(appearance));
}

QWidget* SettingsDialog::makeKeys(const QMenuBar& menus)
{
    auto* const page = new QWidget(this);
    auto* const commands = new CommandList(page);
    commands->read(menus);
    auto* const list = new QTreeView(page);
    list->setModel(commands);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAllColumnsShowFocus(true);
    list->setAccessibleName(tr("Commands and their keys"));
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(CommandList::Name, QHeaderView::Stretch);
    auto* const keys = new QKeySequenceEdit(page);
    keys->setMaximumSequenceLength(1);
    keys->setClearButtonEnabled(true);
    keys->setAccessibleName(tr("Keys of the selected command"));
    keys->setToolTip(tr("Press the keys that the selected command is to have"));
    auto* const box = new QVBoxLayout(page);
    box->addWidget(list, 1);
    box->addWidget(keys);
    connect(list->selectionModel(), &QItemSelectionModel::currentChanged, keys,
        [commands, keys](const QModelIndex& index) {
            if (const QAction* const action = commands->action(index))
                keys->setKeySequence(action->shortcut());
        });
    connect(keys, &QKeySequenceEdit::editingFinished, this, [this, commands, list, keys] {
        const QModelIndex index = list->currentIndex().siblingAtColumn(CommandList::Name);
        QAction* const action = commands->action(index);
        if (!action)
            return;
        action->setShortcut(keys->keySequence());
        m_settings.setValue(keyOf(index.data().toString()), keys->keySequence().toString());
        list->viewport()->update();
    });
    return page;
}

} // namespace burrow
