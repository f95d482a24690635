#include "test_certificate.h"

#include <QProcess>

namespace burrow::test {

namespace {

void openssl(const QStringList& arguments)
{
    QProcess program;
    program.start(QStringLiteral("openssl"), arguments);
    if (!program.waitForFinished() || program.exitCode() != 0)
        qFatal("openssl %s failed: %s", qUtf8Printable(arguments.front()),
            program.readAllStandardError().constData());
}

} // namespace

TestCertificate::TestCertificate()
{
    openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-nodes"),
        QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
        QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-subj"), QStringLiteral("/CN=test"),
        QStringLiteral("-addext"), QStringLiteral("subjectAltName=IP:127.0.0.1,DNS:model.test"),
        QStringLiteral("-keyout"), key(), QStringLiteral("-out"), file()});
    openssl({QStringLiteral("rehash"), folder()});
}

} // namespace burrow::test
