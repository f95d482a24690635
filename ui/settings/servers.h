#pragma once

#include "lm/api_key.h"
#include "settings/model_choice.h"

#include <QStringList>

class QSettings;

namespace burrow {

/// A server that many people use.
struct ServerPreset {
    QString name;
    QString endpoint;
    QString keyVariable; ///< of the environment, where its key often is; empty where it needs none
    QString keyPage; ///< where keys are made
    bool isLocal() const { return keyVariable.isEmpty(); }
};
const std::vector<ServerPreset>& serverPresets();

/// The key that the environment holds for the server of a preset; empty where it holds none.
ApiKey keyOfEnvironment(const QString& endpoint);

/// The models that a person has connected. No keys.
QList<ModelChoice> savedModels(const QSettings& settings);
void saveModels(QSettings& settings, const QList<ModelChoice>& models);

/// Whether @p price is `IN/OUT`, in $ per million tokens.
bool isPrice(const QString& price);

} // namespace burrow
