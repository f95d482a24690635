#include "look/look.h"

#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QPainter>
#include <QStyle>
#include <QStyleOption>
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

    void theArrowOfASelectedRowIsSeen_data() { itsColoursCanBeReadAsText_data(); }
    void theArrowOfASelectedRowIsSeen()
    {
        QFETCH(bool, dark);
        look::apply(dark ? look::Appearance::Dark : look::Appearance::Light);
        QStyleOption option;
        option.palette = look::palette(dark);
        option.rect = QRect(0, 0, 14, 18);
        option.state = QStyle::State_Enabled | QStyle::State_Children | QStyle::State_Open
            | QStyle::State_Selected | QStyle::State_Item;
        const QColor behind = option.palette.color(QPalette::Highlight);
        QImage image(option.rect.size(), QImage::Format_RGB32);
        image.fill(behind);
        QPainter painter(&image);
        QApplication::style()->drawPrimitive(QStyle::PE_IndicatorBranch, &option, &painter);
        painter.end();
        double best = 1;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                best = qMax(best, look::contrast(image.pixelColor(x, y), behind));
        }
        QVERIFY2(best >= 3, qPrintable(QString::number(best)));
    }

    void aDockSaysItsNameOnce()
    {
        look::apply(look::Appearance::Light);
        QMainWindow window;
        QDockWidget first;
        QDockWidget second;
        window.addDockWidget(Qt::BottomDockWidgetArea, &first);
        window.addDockWidget(Qt::BottomDockWidgetArea, &second);
        const auto titleOf = [](const QDockWidget& dock, const QString& title) {
            QStyleOptionDockWidget option;
            option.initFrom(&dock);
            option.rect = QRect(0, 0, 200, 20);
            option.title = title;
            QImage image(option.rect.size(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            QApplication::style()->drawControl(QStyle::CE_DockWidgetTitle, &option, &painter, &dock);
            return image;
        };
        QVERIFY(titleOf(first, QStringLiteral("Timeline")) != titleOf(first, {}));
        window.tabifyDockWidget(&first, &second);
        QCOMPARE(titleOf(first, QStringLiteral("Timeline")), titleOf(first, {}));
    }
};

QTEST_MAIN(LookTest)
#include "tst_look.moc"
