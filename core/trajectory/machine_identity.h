#pragma once

#include "base/result.h"

#include <QByteArray>

namespace burrow {

struct RunInfo;

/// Tells runs that were made here from runs that came from elsewhere. A secret in the user's data folder
/// signs what a run would do; the signature stands in the run file, the secret never leaves.
class MachineIdentity {
public:
    /// Reads the secret from @p folder, and makes it the first time. Errors: Io.
    static Result<MachineIdentity> open(const QString& folder = defaultFolder());
    static QString defaultFolder();

    /// The signature of all that @p info says: endpoints, models, paths, prompts, seed.
    QByteArray mark(RunInfo info) const;

private:
    explicit MachineIdentity(QByteArray secret) : m_secret(std::move(secret)) { }

    QByteArray m_secret;
};

} // namespace burrow
