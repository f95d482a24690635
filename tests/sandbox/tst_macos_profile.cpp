#include "launcher/macos_profile.h"

#include <QRegularExpression>
#include <QTest>

using namespace burrow::launcher;

namespace {

Options bundled()
{
    Options options;
    options.executable = "/Applications/Burrow.app/Contents/python/bin/python3.13";
    options.stdlib = "/Applications/Burrow.app/Contents/python/lib/python3.13";
    options.driverFolder = "/Applications/Burrow.app/Contents/guest";
    options.libraries = {{"/Applications/Burrow.app/Contents/python/lib/libpython3.13.dylib", {}}};
    return options;
}

QString profileOf(const Options& options)
{
    return QString::fromStdString(macosProfile(options));
}

/// The rules of a profile, with the white space between their words as single blanks.
QStringList rulesOf(const QString& profile)
{
    QStringList rules;
    int depth = 0;
    bool inText = false;
    qsizetype start = 0;
    for (qsizetype i = 0; i < profile.size(); ++i) {
        if (inText && profile[i] == u'\\')
            ++i;
        else if (profile[i] == u'"')
            inText = !inText;
        else if (!inText && profile[i] == u'(' && depth++ == 0)
            start = i;
        else if (!inText && profile[i] == u')' && --depth == 0)
            rules << profile.sliced(start, i + 1 - start).simplified();
    }
    return depth == 0 && !inText ? rules : QStringList();
}

QStringList rulesFor(const QString& profile, const QString& verdict, const QString& operation)
{
    return rulesOf(profile).filter(
        QRegularExpression(QStringLiteral("^\\(%1 [^(]*(?<![\\w-])%2").arg(verdict, operation)));
}

} // namespace

class MacosProfileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingIsDeniedAtFirst()
    {
        const QStringList rules = rulesOf(profileOf(bundled()));
        QCOMPARE(rules.value(0), QStringLiteral("(version 1)"));
        QCOMPARE(rules.value(1), QStringLiteral("(deny default)"));
    }

    void whatTheDefaultDoesNotReachIsDenied()
    {
        QCOMPARE(rulesOf(profileOf(bundled())).value(2),
            QStringLiteral("(deny process-info* nvram* iokit-get-properties file-map-executable)"));
    }

    void theLastRuleForbidsWhatNoCellMayDo_data()
    {
        QTest::addColumn<QString>("operation");
        for (const char* operation :
            {"process-fork", "file-write*", "network*", "mach-lookup", "mach-register", "appleevent-send"})
            QTest::newRow(operation) << QString::fromLatin1(operation);
    }
    void theLastRuleForbidsWhatNoCellMayDo()
    {
        QFETCH(const QString, operation);
        const QString last = rulesOf(profileOf(bundled())).value(rulesOf(profileOf(bundled())).size() - 1);
        QVERIFY(last.startsWith(QStringLiteral("(deny ")));
        QVERIFY(!last.contains(u'"')); // whatever it is about
        QVERIFY(last.chopped(1).split(u' ').contains(operation));
    }

    void noRuleAllows_data()
    {
        QTest::addColumn<QString>("operation");
        for (const char* operation : {"default", "file-write", "file\\*", "network", "mach", "process-fork",
                 "process\\*", "ipc", "iokit", "system", "job-creation", "sysctl-write", "user-preference"})
            QTest::newRow(operation) << QString::fromLatin1(operation);
    }
    void noRuleAllows()
    {
        QFETCH(const QString, operation);
        QCOMPARE(rulesFor(profileOf(bundled()), QStringLiteral("allow"), operation), QStringList());
    }

    void onlyPythonItselfCanBeRun()
    {
        QCOMPARE(rulesFor(profileOf(bundled()), QStringLiteral("allow"), QStringLiteral("process-exec")),
            QStringList{QStringLiteral("(allow process-exec (literal "
                                       "\"/Applications/Burrow.app/Contents/python/bin/python3.13\"))")});
    }

    void onlySystemLibrariesAndPythonCanBeRead()
    {
        static const QRegularExpression path(QStringLiteral("\\((literal|subpath) \"([^\"]*)\"\\)"));
        const QStringList allowed = {QStringLiteral("/usr/lib"), QStringLiteral("/System/Library/Frameworks"),
            QStringLiteral("/System/Library/PrivateFrameworks"), QStringLiteral("/System/Library/dyld"),
            QStringLiteral("/System/Cryptexes/OS"), QStringLiteral("/System/Volumes/Preboot/Cryptexes/OS"),
            QStringLiteral("/dev/null"), QStringLiteral("/dev/random"), QStringLiteral("/dev/urandom")};
        for (const QString& rule :
            rulesFor(profileOf(bundled()), QStringLiteral("allow"), QStringLiteral("file-read(-data|\\*)"))) {
            for (const QRegularExpressionMatch& match : path.globalMatch(rule)) {
                const QString file = match.captured(2);
                QVERIFY2(allowed.contains(file)
                        || file.startsWith(QStringLiteral("/Applications/Burrow.app/Contents/")),
                    qPrintable(file));
            }
        }
    }

    void foldersOnTheWayAreNoMoreThanSeen()
    {
        const QString profile = profileOf(bundled());
        const QString folder = QStringLiteral("(literal \"/Applications/Burrow.app\")");
        QCOMPARE(rulesOf(profile).filter(folder),
            rulesFor(profile, QStringLiteral("allow"), QStringLiteral("file-read-metadata")));
        QVERIFY(!profile.contains(QStringLiteral("(subpath \"/\")")));
    }

    void pathsAreWrittenSoThatTheyCannotEndTheirText_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("written");
        QTest::newRow("quote") << QByteArray("a\"b") << QByteArray("a\\\"b");
        QTest::newRow("backslash") << QByteArray("a\\") << QByteArray("a\\\\");
        QTest::newRow("parentheses") << QByteArray("a) (allow default") << QByteArray("a) (allow default");
        QTest::newRow("new rule") << QByteArray("\")) (allow default) (x \"")
                                  << QByteArray("\\\")) (allow default) (x \\\"");
        QTest::newRow("newline") << QByteArray("a\nb") << QByteArray("a\\x0ab");
        QTest::newRow("comment") << QByteArray("a;b") << QByteArray("a;b");
        QTest::newRow("other scripts") << QByteArray("caf\xc3\xa9") << QByteArray("caf\xc3\xa9");
    }
    void pathsAreWrittenSoThatTheyCannotEndTheirText()
    {
        QFETCH(const QByteArray, name);
        QFETCH(const QByteArray, written);
        Options options = bundled();
        options.stdlib = "/Library/" + name.toStdString();
        const QString profile = profileOf(options);
        QVERIFY(profile.contains(QString::fromUtf8("(subpath \"/Library/" + written + "\")")));
        QCOMPARE(rulesOf(profile).size(), rulesOf(profileOf(bundled())).size());
        QCOMPARE(
            rulesOf(profile).filter(QRegularExpression(QStringLiteral("^\\(allow default"))), QStringList());
    }

    void linksOfTheSystemAreFollowed_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("real");
        QTest::newRow("tmp") << QByteArray("/tmp/python") << QByteArray("/private/tmp/python");
        QTest::newRow("var") << QByteArray("/var/folders/x") << QByteArray("/private/var/folders/x");
        QTest::newRow("etc") << QByteArray("/etc") << QByteArray("/private/etc");
        QTest::newRow("real already") << QByteArray("/private/tmp/x") << QByteArray("/private/tmp/x");
        QTest::newRow("another name") << QByteArray("/tmpfiles/x") << QByteArray("/tmpfiles/x");
    }
    void linksOfTheSystemAreFollowed()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const QByteArray, real);
        Options options = bundled();
        options.driverFolder = path.toStdString();
        QVERIFY(profileOf(options).contains(QString::fromUtf8("(subpath \"" + real + "\")")));
        if (path != real)
            QVERIFY(!profileOf(options).contains(QString::fromUtf8("(subpath \"" + path + "\")")));
    }

    void whatIsNotThereIsNotNamed() { QVERIFY(!profileOf(bundled()).contains(QStringLiteral("\"\""))); }
};

QTEST_APPLESS_MAIN(MacosProfileTest)
#include "tst_macos_profile.moc"
