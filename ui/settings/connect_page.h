#pragma once

#include "settings/model_choice.h"
#include "settings/servers.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;

namespace burrow {

class KeyStore;
class RunController;

/// Connects models of a server: its address, its key, which models, what they cost. Servers on this machine
/// that answer at their usual ports come first.
class ConnectPage : public QWidget {
    Q_OBJECT
public:
    /// All must outlive it.
    ConnectPage(RunController& controller, KeyStore& keys, QSettings& settings, QWidget* parent = nullptr);

    /// Looks for servers on this machine.
    void lookAround();

Q_SIGNALS:
    /// The models were saved; the first is to be asked.
    void connected(const QList<burrow::ModelChoice>& models);
    void closed();

private:
    struct ModelFields {
        QComboBox* name;
        QLineEdit* price;
    };

    void setupForm();
    void setupButtons();
    ModelFields addModel(const QString& label, const QString& what);
    void choosePreset(int index);
    void offerKey();
    QString endpoint() const;
    void useKey();
    void test();
    void onListed(const QString& endpoint, const QStringList& models, const QString& problem);
    void say(const QString& text);
    void accept();
    ModelChoice choiceOf(const ModelFields& fields) const;

    RunController& m_controller;
    KeyStore& m_keys;
    QSettings& m_settings;
    QComboBox* m_server;
    QLineEdit* m_address;
    QLineEdit* m_key;
    QLabel* m_keyHint;
    ModelFields m_root{};
    ModelFields m_sub{};
    QPushButton* m_test;
    QPushButton* m_use;
    QLabel* m_said;
    QString m_tested; ///< the address that a person asked to test
};

} // namespace burrow
