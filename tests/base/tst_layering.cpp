#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

/// The rules of ARCHITECTURE.md that the compiler cannot see.
class LayeringTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roomsOfCoreUseOnlyRoomsAboveThem_data()
    {
        QTest::addColumn<QString>("room");
        QTest::addColumn<QStringList>("mayUse");
        const auto row = [](const char* room, QStringList mayUse) {
            QTest::newRow(room) << QString::fromLatin1(room) << mayUse;
        };
        row("base", {});
        row("documents", {QStringLiteral("base")});
        row("lm", {QStringLiteral("base")});
        row("repl", {QStringLiteral("base")});
        row("trajectory", {QStringLiteral("base"), QStringLiteral("lm"), QStringLiteral("repl")});
        row("engine",
            {QStringLiteral("base"), QStringLiteral("documents"), QStringLiteral("lm"),
                QStringLiteral("repl"), QStringLiteral("trajectory")});
    }
    void roomsOfCoreUseOnlyRoomsAboveThem()
    {
        QFETCH(QString, room);
        QFETCH(QStringList, mayUse);
        static const QRegularExpression include(
            QStringLiteral("^#include \"(\\w+)/"), QRegularExpression::MultilineOption);
        const QStringList files = sources(QStringLiteral("core/") + room);
        QVERIFY(!files.isEmpty());
        for (const QString& file : files) {
            for (const QRegularExpressionMatch& match : include.globalMatch(textOf(file))) {
                const QString used = match.captured(1);
                QVERIFY2(used == room || mayUse.contains(used),
                    qPrintable(file + QStringLiteral(" includes ") + used));
            }
        }
    }

    void systemHeadersAppearOnlyInFilesOfOneSystem()
    {
        static const QRegularExpression header(
            QStringLiteral(
                "^#include "
                "<(unistd\\.h|fcntl\\.h|signal\\.h|sys/|linux/|poll\\.h|spawn\\.h|windows\\.h|winsock)"),
            QRegularExpression::MultilineOption);
        static const QRegularExpression ofOneSystem(
            QStringLiteral("_(posix|linux|macos|windows)\\.(cpp|h)$"));
        for (const QString& folder : {QStringLiteral("core"), QStringLiteral("sandbox"),
                 QStringLiteral("app"), QStringLiteral("ui")}) {
            for (const QString& file : sources(folder)) {
                if (!ofOneSystem.match(file).hasMatch())
                    QVERIFY2(!header.match(textOf(file)).hasMatch(), qPrintable(file));
            }
        }
    }

    void theEngineKnowsNoWindows()
    {
        static const QRegularExpression gui(
            QStringLiteral("#include <(Qt(Gui|Widgets|Network)/|QWidget|QApplication|QGui)"));
        for (const QString& folder : {QStringLiteral("core"), QStringLiteral("sandbox")}) {
            for (const QString& file : sources(folder))
                QVERIFY2(!gui.match(textOf(file)).hasMatch(), qPrintable(file));
        }
    }

private:
    static QStringList sources(const QString& folder)
    {
        QStringList files;
        QDirIterator walk(QStringLiteral(BURROW_SOURCE_DIR "/") + folder,
            {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext())
            files << walk.next();
        return files;
    }
    static QString textOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
};

QTEST_APPLESS_MAIN(LayeringTest)
#include "tst_layering.moc"
