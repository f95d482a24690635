#include "sandbox_fixture.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

SandboxOptions without(const QStringList& protections)
{
    SandboxOptions options = realGuest();
    for (const QString& protection : protections)
        options.removedProtections << QStringLiteral("--no-") + protection;
    return options;
}

/// A kernel's settings as a tree of files.
class Settings {
public:
    explicit Settings(const QString& name, const QByteArray& value)
    {
        const QString path = folder.filePath(QString(name).replace(u'.', u'/'));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(value + '\n');
    }
    QTemporaryDir folder;
};

SandboxReport strongReport()
{
    return {.level = SandboxLevel::Strong,
        .missing = {QStringLiteral("namespaces")},
        .reason = QStringLiteral("…")};
}

} // namespace

class LevelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLevelIsWhatTheProtectionsMakeIt_data()
    {
        QTest::addColumn<QStringList>("removed");
        QTest::addColumn<SandboxLevel>("level");
        const QString namespaces = QStringLiteral("namespaces"), landlock = QStringLiteral("landlock"),
                      seccomp = QStringLiteral("seccomp");
        QTest::newRow("all") << QStringList() << SandboxLevel::Full;
        QTest::newRow("no namespaces") << QStringList{namespaces} << SandboxLevel::Strong;
        QTest::newRow("no Landlock") << QStringList{landlock} << SandboxLevel::Limited;
        QTest::newRow("no seccomp") << QStringList{seccomp} << SandboxLevel::Limited;
        QTest::newRow("Landlock alone") << QStringList{namespaces, seccomp} << SandboxLevel::Limited;
        QTest::newRow("seccomp alone") << QStringList{namespaces, landlock} << SandboxLevel::Limited;
        QTest::newRow("nothing") << QStringList{namespaces, landlock, seccomp} << SandboxLevel::None;
    }

    void theLevelIsWhatTheProtectionsMakeIt()
    {
        QFETCH(const QStringList, removed);
        QFETCH(const SandboxLevel, level);
        SandboxedReplFactory factory(without(removed));
        const Result<SandboxReport> report = QCoro::waitFor(factory.probe());
        QVERIFY2(report, report ? "" : qPrintable(report.error().message));
        QCOMPARE(report->level, level);
        QCOMPARE(report->missing, removed);
        QCOMPARE(report->reason.isEmpty(), level == SandboxLevel::Full);
        QCOMPARE(report->remedy.isEmpty(), level == SandboxLevel::Full);
    }

    void belowStrongNothingStartsUnlessThePersonSaysSo()
    {
        SandboxOptions options = without({QStringLiteral("landlock")});
        EchoCalls calls;
        {
            SandboxedReplFactory factory(options);
            const auto refused = QCoro::waitFor(factory.start(textSpec(), &calls, {}));
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::SandboxTooWeak);
            for (const char* word : {"limited", "landlock", "Linux 5.13", "allow a weak sandbox"})
                QVERIFY2(refused.error().message.contains(QLatin1StringView(word)),
                    qPrintable(refused.error().message));
        }
        options.minimumLevel = SandboxLevel::None;
        SandboxedReplFactory factory(options);
        QVERIFY(QCoro::waitFor(factory.start(textSpec(), &calls, {})));
    }

    void theDriverMayLieInAHomeThatOnlyItsOwnerCanEnter_data()
    {
        QTest::addColumn<QStringList>("removed");
        QTest::newRow("full") << QStringList();
        QTest::newRow("strong") << QStringList{QStringLiteral("namespaces")};
    }

    void theDriverMayLieInAHomeThatOnlyItsOwnerCanEnter()
    {
        QFETCH(const QStringList, removed);
        const QTemporaryDir home;
        SandboxOptions options = without(removed);
        const QString folder = home.filePath(QStringLiteral("checkout/guest"));
        QDir().mkpath(QFileInfo(folder).path());
        QCOMPARE(
            QProcess::execute(QStringLiteral("cp"), {QStringLiteral("-r"), options.driverFolder, folder}), 0);
        QVERIFY(QFile::setPermissions(home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        options.driverFolder = folder;
        Bench bench(options);
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import asyncio\nasyncio.run(asyncio.sleep(0))\nprint('runs')"),
            QByteArray("runs\n"));
    }

    void theRemedyFitsWhatTheSystemRefuses_data()
    {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("command");
        QTest::newRow("no namespaces at all") << QStringLiteral("user.max_user_namespaces") << QByteArray("0")
                                              << QStringLiteral("sudo sysctl user.max_user_namespaces=10000");
        QTest::newRow("not for ordinary users")
            << QStringLiteral("kernel.unprivileged_userns_clone") << QByteArray("0")
            << QStringLiteral("sudo sysctl kernel.unprivileged_userns_clone=1");
        QTest::newRow("AppArmor") << QStringLiteral("kernel.apparmor_restrict_unprivileged_userns")
                                  << QByteArray("1")
                                  << QStringLiteral(
                                         "profile burrow-sandbox \"/opt/a \\[b\\]/burrow-sandbox\" "
                                         "flags=(unconfined) {\n  userns,\n}");
        QTest::newRow("container") << QStringLiteral("kernel.apparmor_restrict_unprivileged_userns")
                                   << QByteArray("0") << QStringLiteral("--security-opt seccomp=unconfined");
    }

    void theRemedyFitsWhatTheSystemRefuses()
    {
        QFETCH(const QString, setting);
        QFETCH(const QByteArray, value);
        QFETCH(const QString, command);
        const Settings kernel(setting, value);
        SandboxReport report = strongReport();
        addRemedy(report, QStringLiteral("/opt/a [b]/burrow-sandbox"), kernel.folder.path());
        QVERIFY2(report.commands.contains(command), qPrintable(report.commands));
        QVERIFY(!report.remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(LevelsTest)
#include "tst_levels_linux.moc"
