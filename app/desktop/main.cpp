#include "bench.h"
#include "look/look.h"
#include "session/engine_thread.h"
#include "settings/key_store.h"
#include "window/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("burrow"));
    QCoreApplication::setApplicationName(QStringLiteral("burrow"));
    QCoreApplication::setApplicationVersion(QStringLiteral(BURROW_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("burrow"));

    QCommandLineParser arguments;
    arguments.setApplicationDescription(QCoreApplication::translate(
        "Main", "Answers questions about documents that no model can read whole."));
    arguments.addHelpOption();
    arguments.addVersionOption();
    const QCommandLineOption bench(QStringLiteral("bench-open"),
        QCoreApplication::translate(
            "Main", "Open RUN, print how long it took and what memory it takes, and end."),
        QStringLiteral("RUN"));
    const QCommandLineOption benchStart(QStringLiteral("bench-start"),
        QCoreApplication::translate("Main", "Say when the window is painted and ready, and end."));
    arguments.addOptions({bench, benchStart});
    arguments.addPositionalArgument(QStringLiteral("RUN.burrow | PATH…"),
        QCoreApplication::translate("Main", "A run to be shown, or the documents of a question."));
    arguments.process(application);

    QSettings settings;
    burrow::look::apply(burrow::look::Appearance(settings.value(QStringLiteral("appearance")).toInt()));
    burrow::SystemKeyStore keys;
    burrow::EngineThread engine;
    burrow::MainWindow window(engine, keys, settings);
    if (arguments.isSet(benchStart))
        burrow::benchStart(window);
    if (arguments.isSet(bench))
        burrow::benchOpen(window, arguments.value(bench));
    else if (arguments.positionalArguments().isEmpty())
        window.restore();
    QObject::connect(&window, &burrow::MainWindow::endedUnseen, &application, &QCoreApplication::quit);
    window.show();
    window.open(arguments.positionalArguments());
    return QApplication::exec();
}
