#include "base/quantities.h"

#include <QTest>

using namespace burrow;
using namespace std::chrono_literals;

class QuantitiesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void durationsAreReadAsOnAClock_data()
    {
        QTest::addColumn<std::chrono::microseconds>("duration");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* text, std::chrono::microseconds duration) {
            QTest::newRow(text) << duration << QString::fromLatin1(text);
        };
        row("0.00 s", 0s);
        row("9.99 s", 9'990ms);
        row("12.3 s", 12'300ms);
        row("1:02 min", 62s);
        row("59:59 min", 3599s);
        row("1:00:00 h", 3600s);
        row("15:02:15 h", 15h + 2min + 15s);
    }
    void durationsAreReadAsOnAClock()
    {
        QFETCH(std::chrono::microseconds, duration);
        QTEST(formatDuration(duration), "text");
    }
};

QTEST_GUILESS_MAIN(QuantitiesTest)
#include "tst_quantities.moc"
