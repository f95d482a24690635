#include "calls/calls_view.h"
#include "window/ask_bar.h"
#include "window/main_window.h"

#include <QFile>
#include <QSettings>

/// What the window remembers from one session to the next.
namespace burrow {

namespace {

QString key(const char* name)
{
    return QStringLiteral("window/") + QString::fromLatin1(name);
}

} // namespace

void MainWindow::remember()
{
    m_settings.setValue(key("geometry"), saveGeometry());
    if (!m_run.isEmpty())
        m_settings.setValue(key("docks"), saveState(layoutVersion));
    m_settings.setValue(key("callColumns"), m_calls->saveColumns());
    m_settings.setValue(key("run"), m_run.path());
    m_settings.setValue(key("documents"), m_askBar->documents());
    m_settings.setValue(key("question"), m_askBar->question());
}

void MainWindow::restore()
{
    restoreGeometry(m_settings.value(key("geometry")).toByteArray());
    m_calls->restoreColumns(m_settings.value(key("callColumns")).toByteArray());
    const QStringList documents = m_settings.value(key("documents")).toStringList();
    if (!documents.isEmpty())
        m_askBar->setDocuments(documents);
    m_askBar->setQuestion(m_settings.value(key("question")).toString());
    const QString run = m_settings.value(key("run")).toString();
    if (!QFile::exists(run))
        return;
    m_dockState = m_settings.value(key("docks")).toByteArray();
    openRun(run);
}

} // namespace burrow
