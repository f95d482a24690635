#include "calls/calls_view.h"
#include "window/ask_bar.h"
#include "window/main_window.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

/// What the window remembers from one session to the next, and how a session ends.
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
    m_settings.setValue(key("branch"), m_run.branch());
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
    openRun(run, qMax(1, m_settings.value(key("branch")).toInt()));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool busy = isBusy();
    event->setAccepted(!busy);
    const AtClose choice = busy ? chooseAtClose() : AtClose::StopRun;
    if (choice == AtClose::StayOpen)
        return;
    remember();
    stopOpening();
    if (!busy)
        return;
    // Either way the run ends on its own thread, and all of it is recorded, before the program goes.
    m_endsUnseen = isBusy();
    if (choice == AtClose::StopRun) {
        m_controller.stopNow();
    } else {
        // Nobody is there to let it go on.
        m_controller.setBreakpoints({});
        m_controller.resume();
    }
    hide();
    if (!m_endsUnseen)
        Q_EMIT endedUnseen();
}

/// A person is asked what is to become of the run, unless one answer is to hold for good.
MainWindow::AtClose MainWindow::chooseAtClose()
{
    if (m_settings.value(key("keepRunning")).toBool())
        return AtClose::KeepRunning;
    QMessageBox box(QMessageBox::Question, tr("The run is not finished"),
        tr("The run is not finished. It can go on without the window, or stop: what it has done so far is "
           "kept, and it can go on later."),
        QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    const QAbstractButton* const keep = box.addButton(tr("Keep Running"), QMessageBox::AcceptRole);
    const QAbstractButton* const stop = box.addButton(tr("Stop and Close"), QMessageBox::DestructiveRole);
    auto* const always = new QCheckBox(tr("Always keep running when the window is closed"), &box);
    box.setCheckBox(always);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    if (box.clickedButton() == stop)
        return AtClose::StopRun;
    if (box.clickedButton() != keep)
        return AtClose::StayOpen;
    m_settings.setValue(key("keepRunning"), always->isChecked());
    return AtClose::KeepRunning;
}

} // namespace burrow
