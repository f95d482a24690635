#include "window/main_window.h"

#include <QApplication>

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("burrow"));
    QCoreApplication::setApplicationVersion(QStringLiteral(BURROW_VERSION));
    burrow::MainWindow window;
    window.show();
    return QApplication::exec();
}
