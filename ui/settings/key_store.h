#pragma once

#include "base/result.h"
#include "lm/api_key.h"

#include <QObject>

#include <functional>

namespace burrow {

/// Keeps keys between sessions, each under the address of the server that it opens.
class KeyStore {
public:
    virtual ~KeyStore() = default;

    /// Calls @p use with the key, empty where there is none, unless @p context is gone by then.
    virtual void read(const QString& endpoint, QObject* context, std::function<void(ApiKey)> use) = 0;
    /// Calls @p done when the key is kept, or why it is not. An empty key is forgotten.
    virtual void write(
        const QString& endpoint, ApiKey key, QObject* context, std::function<void(Result<void>)> done)
        = 0;
};

/// The key store of the system: the one place that knows QtKeychain.
class SystemKeyStore final : public KeyStore {
public:
    void read(const QString& endpoint, QObject* context, std::function<void(ApiKey)> use) override;
    void write(const QString& endpoint, ApiKey key, QObject* context,
        std::function<void(Result<void>)> done) override;
};

} // namespace burrow
