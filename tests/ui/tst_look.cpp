#include "look/look.h"

#include <QTest>

using namespace burrow;

/// That what the window shows can be read.
class LookTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrastIsThatOfWcag()
    {
        QCOMPARE(look::contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(look::contrast(Qt::red, Qt::red), 1.0);
        QVERIFY(qAbs(look::contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void itsColoursCanBeReadAsText_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void itsColoursCanBeReadAsText()
    {
        QFETCH(bool, dark);
        const QPalette palette = look::palette(dark);
        const look::Colours& special = look::colours(palette);
        const QColor texts[] = {palette.color(QPalette::Text), palette.color(QPalette::WindowText),
            special.live, special.ok, special.failed, special.unknown, special.muted};
        for (const QColor& text : texts) {
            for (const QPalette::ColorRole behind : {QPalette::Base, QPalette::Window})
                QVERIFY2(look::contrast(text, palette.color(behind)) >= 4.5, qPrintable(text.name()));
        }
        for (const QPalette::ColorRole behind : {QPalette::Base, QPalette::Window})
            QVERIFY(look::contrast(special.edge, palette.color(behind)) >= 3);
        QVERIFY(look::contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight))
            >= 4.5);
    }

    void anyColourIsMadeReadable()
    {
        for (const QColor& base : {QColor(Qt::white), QColor(0x1e, 0x1e, 0x1e)}) {
            for (int hue = 0; hue < 360; hue += 15) {
                for (const int lightness : {20, 128, 235})
                    QVERIFY(look::contrast(look::readable(QColor::fromHsl(hue, 255, lightness), base), base)
                        >= 4.5);
            }
        }
        QCOMPARE(look::readable(Qt::black, Qt::white), QColor(Qt::black));
    }
};

QTEST_MAIN(LookTest)
#include "tst_look.moc"
