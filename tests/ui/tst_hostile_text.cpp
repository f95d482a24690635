#include "log/log_panel.h"
#include "look/message_bar.h"
#include "money/money_panel.h"
#include "run/shown_run.h"
#include "runs/runs_panel.h"
#include "support/random_run.h"
#include "timeline/timeline_view.h"
#include "watched_application.h"

#include <QClipboard>
#include <QHelpEvent>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolTip>
#include <QTreeView>
#include <QTreeWidget>

using namespace burrow;
using namespace burrow::test;

namespace {

const QString markup = QStringLiteral("<img src=http://example.org/x.png><b>bold</b>");
const QString hostile = markup + QStringLiteral(" \x1b[31mred \u202Egnp.exe\u2066\a\r");

/// As text: nothing of it is left out, drawn or obeyed.
bool isShownAsText(const QString& text)
{
    const QString harmful = QStringLiteral("\x1b\u202E\u2066\a\r");
    return text.contains(markup)
        && std::ranges::none_of(text, [&](QChar character) { return harmful.contains(character); });
}

QByteArray hugeLine()
{
    return QByteArray(300'000, 'x') + hostile.toUtf8();
}

} // namespace

/// What documents, servers, models and files say may be anything. The views of texts have such tests of their
/// own.
class HostileTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_path = m_folder.filePath(QStringLiteral("<b>a run\u202E.burrow"));
        QFile::remove(m_path);
        RunFile file = *RunFile::create(m_path);
        RandomRun run(file, 1);
        run.setQuestion(hostile.toUtf8() + hugeLine());
        run.setModels({hostile.toUtf8(), "other"});
        (void)run.play(3, 5);
        QVERIFY(file.commit());
    }

    void theLogShowsIt()
    {
        LogPanel panel;
        panel.show();
        panel.add(QStringLiteral("run"), hostile);
        QVERIFY2(isShownAsText(panel.text()), qPrintable(panel.text()));
        QTimer::singleShot(
            0, &panel, [&panel] { panel.add(QStringLiteral("run"), QString::fromUtf8(hugeLine())); });
        QTRY_VERIFY(panel.text().contains(QStringLiteral("xxxx")));
        QVERIFY(!panel.grab().isNull());
        QCOMPARE(panel.text().count(QLatin1Char('\n')), 1);
    }

    void messagesShowIt()
    {
        MessageBar bar;
        bar.show();
        bar.say(MessageBar::Kind::Problem, hostile);
        QVERIFY2(isShownAsText(bar.text()), qPrintable(bar.text()));
        for (const QLabel* const label : bar.findChildren<QLabel*>())
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
        // One that fills the window would hide what it is about; all of it can still be copied.
        QTimer::singleShot(
            0, &bar, [&bar] { bar.say(MessageBar::Kind::Problem, QString::fromUtf8(hugeLine())); });
        QTRY_VERIFY(bar.text().startsWith(QStringLiteral("xxxx")));
        QVERIFY(bar.text().size() < 2000);
        QVERIFY(bar.sizeHint().height() < 400);
        bar.findChild<QPushButton*>()->click();
        QVERIFY(isShownAsText(QGuiApplication::clipboard()->text()));
    }

    void moneyShowsIt()
    {
        ShownRun run;
        MoneyPanel panel(run);
        panel.show();
        run.show(*loadRun(m_path));
        QTRY_VERIFY(panel.table()->topLevelItem(0) && panel.table()->topLevelItem(0)->childCount() > 0);
        QStringList names;
        for (int i = 0; i < panel.table()->topLevelItem(0)->childCount(); ++i)
            names << panel.table()->topLevelItem(0)->child(i)->text(0);
        QVERIFY2(std::ranges::any_of(names, isShownAsText), qPrintable(names.join(QLatin1Char('|'))));
    }

    void runsShowIt()
    {
        RunsPanel panel(m_folder.path());
        panel.show();
        QAbstractItemModel& model = panel.model();
        const auto question = [&] { return model.index(0, RunsModel::Question).data().toString(); };
        QTRY_VERIFY(isShownAsText(question()));
        QVERIFY(!panel.grab().isNull());
        const QString toolTip = model.index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(toolTip.contains(QStringLiteral("&lt;b&gt;a run")), qPrintable(toolTip));
        QVERIFY(!toolTip.contains(QChar(0x202E)));
    }

    void theTimelineShowsNoneOfIt()
    {
        ShownRun run;
        TimelineView view(run);
        view.resize(800, 200);
        view.show();
        run.show(*loadRun(m_path));
        const QPoint first(400, view.fontMetrics().height() + 12);
        QTRY_VERIFY(view.nodeAt(first) != noNode);
        QHelpEvent help(QEvent::ToolTip, first, view.mapToGlobal(first));
        QCoreApplication::sendEvent(&view, &help);
        QVERIFY(QToolTip::text().startsWith(QStringLiteral("question 1: ok")));
        QVERIFY(!QToolTip::text().contains(QLatin1Char('<')));
        QVERIFY(!view.grab().isNull());
    }

private:
    QTemporaryDir m_folder;
    QString m_path;
};

BURROW_GUI_TEST_MAIN(HostileTextTest)
#include "tst_hostile_text.moc"
