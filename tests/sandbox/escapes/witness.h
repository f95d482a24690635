#pragma once

#include "stage.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace burrow::escapes {

/// Looks at the machine from the host's side, before an attempt and after it. All witnesses look at every
/// attempt; what one of them sees is an escape, whatever the guest says.
class Witness {
public:
    virtual ~Witness() = default;
    /// By which attempts name it.
    virtual const char* name() const = 0;
    /// Further names for the code of an attempt, as Python.
    virtual QByteArray constants() const { return {}; }
    /// A process of its own, which is not the guest's; 0: none.
    virtual qint64 process() const { return 0; }
    /// Takes note of how things are. @p guest is the process that will make the attempt.
    virtual void remember(qint64 guest) = 0;
    /// Says what is different, a sentence each. @p guest is 0 where it has died.
    virtual QStringList look(qint64 guest) = 0;
};

/// `files`: the home and its document unchanged and not locked, nothing left in the shared folders.
std::unique_ptr<Witness> fileWitness(const Stage& stage);
/// `network`: listeners of every kind, of which none may hear anything.
std::unique_ptr<Witness> networkWitness(const Stage& stage);
/// `victim`: another process of the person's, which holds the secret.
std::unique_ptr<Witness> victimWitness(const Stage& stage);
/// `guest`: its ids, rights, limits, namespaces, mounts and open descriptors, as the kernel tells them.
std::unique_ptr<Witness> guestWitness(const Stage& stage);
/// `machine`: what all its users share, from the host's name to the kernel's keys.
std::unique_ptr<Witness> machineWitness(const Stage& stage);

} // namespace burrow::escapes
