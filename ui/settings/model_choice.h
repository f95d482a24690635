#pragma once

#include <QList>
#include <QString>

namespace burrow {

/// A model that a person can ask.
struct ModelChoice {
    QString endpoint; ///< `offline`, or the base URL of a server
    QString model;
    QString server; ///< as the person calls it
    QString price; ///< `IN/OUT` in $ per million tokens; empty where none is known

    bool isOffline() const { return endpoint == QLatin1String("offline"); }
    friend bool operator==(const ModelChoice&, const ModelChoice&) = default;
};

/// Works without a server: a keyword search that plays both models.
inline ModelChoice offlineChoice()
{
    return {QStringLiteral("offline"), QStringLiteral("offline"), {}, {}};
}

} // namespace burrow
