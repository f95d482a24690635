#include "launcher/windows_command_line.h"

#include <QTest>

using namespace burrow::launcher;

/// That programs read the same words out of such a line is tested where they run: tests/sandbox/windows.
class WindowsCommandLineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void argumentsAreQuoted_data()
    {
        QTest::addColumn<QByteArray>("argument");
        QTest::addColumn<QByteArray>("written");
        const auto row = [](const char* name, QByteArray argument, QByteArray written) {
            QTest::newRow(name) << argument << written;
        };
        row("plain", "a", "\"a\"");
        row("empty", "", "\"\"");
        row("space", "a b", "\"a b\"");
        row("quote", "a\"b", "\"a\\\"b\"");
        row("backslash", "a\\b", "\"a\\b\"");
        row("backslash at the end", "C:\\x y\\", "\"C:\\x y\\\\\"");
        row("backslashes before a quote", "a\\\\\"", "\"a\\\\\\\\\\\"\"");
        row("newline", "a\nb", "\"a\nb\"");
    }
    void argumentsAreQuoted()
    {
        QFETCH(const QByteArray, argument);
        QFETCH(const QByteArray, written);
        QCOMPARE(QByteArray::fromStdString(windowsCommandLine({argument.toStdString()})), written);
    }

    void argumentsAreDivided()
    {
        QCOMPARE(windowsCommandLine({"a", "", "b c"}), std::string("\"a\" \"\" \"b c\""));
    }
};

QTEST_APPLESS_MAIN(WindowsCommandLineTest)
#include "tst_windows_command_line.moc"
