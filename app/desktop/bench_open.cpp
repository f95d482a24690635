#include "bench_open.h"

#include "calls/calls_view.h"
#include "window/main_window.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>
#include <QTreeView>

#include <cstdio>

namespace burrow {

namespace {

/// In bytes; 0 where the system does not tell.
qint64 anonymousMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("RssAnon:"))
            return line.simplified().split(' ').at(1).toLongLong() * 1024;
    }
    return 0;
}

} // namespace

void benchOpen(MainWindow& window, const QString& path)
{
    // Once the window stands: what it takes by itself is not the run's.
    QTimer::singleShot(300, &window, [&window, path] {
        const qint64 before = anonymousMemory();
        QElapsedTimer clock;
        clock.start();
        QObject::connect(&window, &MainWindow::runShown, &window, [&window, before, clock] {
            window.calls().tree()->viewport()->repaint();
            const int nodes = window.run().tree().size();
            std::printf("%d nodes, %lld ms, %lld bytes (%.0f a node)\n", nodes,
                static_cast<long long>(clock.elapsed()), static_cast<long long>(anonymousMemory() - before),
                double(anonymousMemory() - before) / qMax(1, nodes));
            QCoreApplication::quit();
        });
        window.openRun(path);
    });
}

} // namespace burrow
