#include "timeline/playhead_bar.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QSlider>

using namespace burrow;
using namespace burrow::test;

/// The past of a run, shown in the real window.
class PlayheadTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_program = std::make_unique<ProgramInWindow>(); }
    void cleanup() { m_program.reset(); }

    void everyMomentIsTheFoldOfItsEvents()
    {
        ask();
        const RunTree& tree = m_program->tree();
        const QByteArray whole = tree.toText();
        const RunTotals totals = tree.totals();
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        Playhead& playhead = window().playhead();
        const std::vector<Event> events = eventsOfFile();
        QCOMPARE(size_t(playhead.length()), events.size());
        for (qsizetype at = playhead.position(); at >= 0; at -= 3) {
            playhead.moveTo(at);
            RunTree expected;
            expected.apply(std::span(events).first(size_t(at)));
            QCOMPARE(tree.toText(), expected.toText());
            QCOMPARE(tree.totals().totals, expected.totals().totals);
        }
        trigger("The Run as It Is");
        QCOMPARE(tree.toText(), whole);
        QCOMPARE(tree.totals().totals, totals.totals);
        QVERIFY(!window().run().isAtMoment());
    }

    void theEyeGoesWithTheEvent()
    {
        ask();
        const NodePath cell = NodePath::root().turn(1).cell(1);
        window().calls().setCurrent(m_program->tree().findPath(cell));
        trigger("The Moment of This Call");
        QTRY_VERIFY(window().run().isAtMoment());
        QCOMPARE(m_program->pathOf(window().calls().current()), QStringLiteral("root/turn1/cell1"));
        QCOMPARE(m_program->tree().findPath(NodePath::root().turn(2)), noNode);
        QVERIFY(window().findChild<PlayheadBar*>()->moment().startsWith(QStringLiteral("As it was at")));
        QCOMPARE(m_program->state(), RunState::Running);
    }

    void theSliderMovesThroughTheRun()
    {
        ask();
        auto* const bar = window().findChild<PlayheadBar*>();
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        bar->slider()->setValue(0);
        QVERIFY(window().run().isEmpty());
        bar->slider()->setValue(bar->slider()->maximum());
        QCOMPARE(m_program->state(), RunState::Answered);
    }

    void aRunThatGoesOnLeavesThePast()
    {
        const ScriptedServer server(reply);
        window().stops().add({.point = StopPoint::BeforeRequest, .at = NodePath::root().turn(2)});
        m_program->ask(server);
        QTRY_VERIFY_WITH_TIMEOUT(window().stops().here(), patience);
        QTRY_VERIFY(m_program->tree().findPath(NodePath::root().turn(1).cell(1)) != noNode);
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        window().playhead().moveTo(1);
        trigger("Resume");
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), RunController::Phase::Idle, patience);
        RunTree expected;
        expected.apply(eventsOfFile());
        QCOMPARE(m_program->tree().toText(), expected.toText());
    }

private:
    static ScriptedReply reply(const ScriptedRequest& request)
    {
        return request.body.contains("print('looked')")
            ? chatReply("```repl\nanswer['content'] = str(x + 1)\nanswer['ready'] = True\n```\n")
            : chatReply("```repl\nx = 41\nprint('looked')\n```\n");
    }
    void ask()
    {
        const ScriptedServer server(reply);
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), RunController::Phase::Idle, patience);
    }
    MainWindow& window() { return m_program->window(); }
    void trigger(const char* action) { m_program->action(QString::fromLatin1(action))->trigger(); }
    std::vector<Event> eventsOfFile()
    {
        Result<RunFile> file = RunFile::open(window().run().path(), RunFile::Access::Read);
        return file ? file->eventsAfter(0, 100'000).value_or(std::vector<Event>()) : std::vector<Event>();
    }

    std::unique_ptr<ProgramInWindow> m_program;
};

BURROW_GUI_TEST_MAIN(PlayheadTest)
#include "tst_playhead.moc"
