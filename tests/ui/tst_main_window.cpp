#include "window/main_window.h"

#include <QTest>

using namespace burrow;

class MainWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWindowShowsItsName()
    {
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(window.windowTitle().contains(QStringLiteral("Burrow")));
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
