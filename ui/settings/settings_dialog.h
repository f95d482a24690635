#pragma once

#include "look/look.h"
#include "settings/model_choice.h"

#include <QDialog>

class QListWidget;
class QMenuBar;
class QSettings;
class QTabWidget;

namespace burrow {

class KeyStore;
class LimitsEditor;

/// What a person sets once. Every change holds at once.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    /// All must outlive it.
    SettingsDialog(KeyStore& keys, QSettings& settings, const QMenuBar& menus, QWidget* parent);

    LimitsEditor& limits() { return *m_limits; }

Q_SIGNALS:
    void modelsChanged();
    void limitsChanged();
    void wantsToConnect();

private:
    QWidget* makeModels();
    QWidget* makeLimits();
    QWidget* makeSandbox();
    QWidget* makeAppearance();
    QWidget* makeKeys(const QMenuBar& menus);
    void listModels();
    void forgetModel();
    void setAppearance(look::Appearance appearance);

    KeyStore& m_keys;
    QSettings& m_settings;
    QListWidget* m_models;
    LimitsEditor* m_limits;
};

/// Gives the actions of @p menus the keys that a person chose for them.
void applySavedKeys(const QSettings& settings, const QMenuBar& menus);

} // namespace burrow
