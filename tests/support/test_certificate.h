#pragma once

#include "scripted_server.h"

#include <QTemporaryDir>

namespace burrow::test {

/// A certificate that signs itself, for 127.0.0.1 and `model.test`, made anew by the `openssl` program. No
/// machine trusts it unless it is told to.
class TestCertificate {
public:
    TestCertificate();

    /// A server with this certificate.
    ScriptedTls tls() const { return {file(), key()}; }
    /// What a client is told to trust: a PEM file.
    QString file() const { return m_folder.filePath(QStringLiteral("certificate.pem")); }
    /// The same as a folder, in which OpenSSL finds it by its hash.
    QString folder() const { return m_folder.path(); }

private:
    QString key() const { return m_keyFolder.filePath(QStringLiteral("key.pem")); }

    QTemporaryDir m_folder;
    QTemporaryDir m_keyFolder; ///< a folder of certificates that holds anything else counts as damaged
};

} // namespace burrow::test
