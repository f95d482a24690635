#include "trajectory/machine_identity.h"

#include "trajectory/run_info.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QStandardPaths>

#include <array>

namespace burrow {

namespace {

constexpr qsizetype secretBytes = 32;

QByteArray randomSecret()
{
    std::array<quint32, secretBytes / sizeof(quint32)> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char*>(words.data()), secretBytes);
}

} // namespace

QString MachineIdentity::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/burrow");
}

Result<MachineIdentity> MachineIdentity::open(const QString& folder)
{
    const QString path = folder + QStringLiteral("/machine-secret");
    if (QFile file(path); file.open(QIODevice::ReadOnly)) {
        const QByteArray secret = file.readAll();
        if (secret.size() == secretBytes)
            return MachineIdentity(secret);
    }
    const QByteArray secret = randomSecret();
    QSaveFile file(path);
    if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || file.write(secret) != secretBytes
        || !file.commit())
        return fail(ErrorCode::Io,
            QCoreApplication::translate("Run", "Cannot write %1: %2. Make the folder writable.")
                .arg(path, file.errorString()));
    return MachineIdentity(secret);
}

QByteArray MachineIdentity::mark(RunInfo info) const
{
    info.machine.clear();
    return QMessageAuthenticationCode::hash(info.toJson(), m_secret, QCryptographicHash::Sha256).toHex();
}

} // namespace burrow
