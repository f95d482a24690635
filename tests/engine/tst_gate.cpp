#include "engine/gate.h"

#include <QTest>

using namespace burrow;
using namespace Qt::StringLiterals;

namespace {

NodePath at(const char* path)
{
    return *NodePath::parse(path);
}

/// Those who pass a gate, by the text of their path; and where it stopped.
struct Passers {
    Passers()
    {
        gate.onStop = [this](const Stop& here) { stopped << here.path.text(); };
        gate.onLog = [this](const Stop& here) { logged << here.path.text(); };
    }
    ~Passers() { gate.close(); } // lets those who wait go
    Passers(const Passers&) = delete;

    void send(const char* path, StopPoint point = StopPoint::BeforeRequest, QByteArray text = {})
    {
        tasks.push_back(pass({point, at(path), "m", std::move(text)}));
    }
    Task<void> pass(Stop here)
    {
        const auto through = co_await gate.pass(here, stop.get_token());
        (through ? passed : refused) << here.path.text();
    }

    Gate gate;
    std::stop_source stop;
    QByteArrayList passed, refused, stopped, logged;
    std::vector<Task<void>> tasks;
};

} // namespace

class GateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aScopeHoldsItselfAndWhatIsBelow()
    {
        Passers go;
        go.gate.hold(at("root/turn1/cell1/call2"));
        go.send("root/turn1/cell1/call2");
        go.send("root/turn1/cell1/call2/turn1");
        go.send("root/turn1/cell1/call20");
        go.send("root/turn1/cell1/call1");
        QCOMPARE(go.passed, (QByteArrayList{"root/turn1/cell1/call20", "root/turn1/cell1/call1"}));
        go.gate.release(at("root/turn1/cell1/call2"));
        QCOMPARE(go.passed.size(), 4);
    }

    void aClosedGateRefusesThoseWhoWait()
    {
        Passers go;
        go.gate.hold();
        go.send("root/turn1");
        go.gate.close();
        go.send("root/turn2");
        QCOMPARE(go.refused, (QByteArrayList{"root/turn1", "root/turn2"}));
    }

    void whoHearsOfAStopMayCloseTheGate()
    {
        Passers go;
        go.gate.onStop = [&go](const Stop&) { go.gate.close(); };
        go.gate.setBreakpoints({*parseBreakpoint(u"request"_s)});
        go.send("root/turn1");
        QCOMPARE(go.refused, QByteArrayList{"root/turn1"});
    }

    void aStepStopsAtTheNext_data()
    {
        QTest::addColumn<int>("step");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("into") << int(Step::Into) << QByteArray("root/turn1/cell1/call1/turn1");
        QTest::newRow("over") << int(Step::Over) << QByteArray("root/turn1/cell1/call2");
        QTest::newRow("out") << int(Step::Out) << QByteArray("root2");
    }
    void aStepStopsAtTheNext()
    {
        QFETCH(int, step);
        QFETCH(QByteArray, where);
        Passers go;
        go.gate.hold();
        go.send("root/turn1/cell1/call1");
        QVERIFY(go.passed.isEmpty());
        go.gate.step(Step(step), at("root/turn1/cell1/call1"));
        QCOMPARE(go.passed, QByteArrayList{"root/turn1/cell1/call1"});
        for (const char* next :
            {"root/turn1/cell1/call1/turn1", "root/turn1/cell1/call2", "root/turn2", "root2"}) {
            if (go.stopped.isEmpty())
                go.send(next);
        }
        QCOMPARE(go.stopped, QByteArrayList{where});
        QVERIFY(go.gate.isHeld());
    }

    void aStepLetsOneOfManyGoOn()
    {
        Passers go;
        go.gate.hold();
        go.send("root/turn1/cell1/call1");
        go.send("root/turn1/cell1/call2");
        go.gate.step(Step::Into, at("root/turn1/cell1/call1"));
        QCOMPARE(go.passed, QByteArrayList{"root/turn1/cell1/call1"});
        QCOMPARE(go.stopped, QByteArrayList{"root/turn1/cell1/call2"});
    }

    void aRunGoesOnToANode()
    {
        Passers go;
        go.gate.runTo(at("root/turn2"));
        go.send("root/turn1");
        go.send("root/turn2");
        QCOMPARE(go.passed, QByteArrayList{"root/turn1"});
        QCOMPARE(go.stopped, QByteArrayList{"root/turn2"});
    }

    void aBreakpointStopsWhereAllOfItHolds_data()
    {
        QTest::addColumn<QString>("breakpoint");
        QTest::addColumn<QByteArrayList>("stops");
        QTest::newRow("cells") << u"cell"_s << QByteArrayList{"root/turn1/cell1"};
        QTest::newRow("depth") << u"request,depth=1"_s << QByteArrayList{"root/turn1/cell1/call1/turn1"};
        QTest::newRow("below a node")
            << u"at=root/turn1/cell1/call1"_s << QByteArrayList{"root/turn1/cell1/call1/turn1"};
        QTest::newRow("text") << u"text=needle, or so"_s << QByteArrayList{"root/turn2"};
        QTest::newRow("another model") << u"model=other"_s << QByteArrayList{};
        QTest::newRow("the second hit")
            << u"request,hits=2"_s << QByteArrayList{"root/turn1/cell1/call1/turn1"};
        QTest::newRow("money") << u"cost=0.5"_s << QByteArrayList{"root/turn1"};
        QTest::newRow("too much money") << u"cost=2"_s << QByteArrayList{};
        QTest::newRow("tokens") << u"tokens=10,cell"_s << QByteArrayList{"root/turn1/cell1"};
    }
    void aBreakpointStopsWhereAllOfItHolds()
    {
        QFETCH(QString, breakpoint);
        QFETCH(QByteArrayList, stops);
        Passers go;
        go.gate.spent = [] { return Spent{MicroUsd{1'000'000}, 10}; };
        go.gate.setBreakpoints({*parseBreakpoint(breakpoint)});
        go.send("root/turn1");
        go.send("root/turn1/cell1", StopPoint::BeforeCell);
        go.send("root/turn1/cell1/call1/turn1");
        go.send("root/turn2", StopPoint::AfterReply, "a needle, or so");
        QCOMPARE(go.stopped, stops);
    }

    void aBreakpointStopsThoseToo()
    {
        Passers go;
        go.gate.setBreakpoints({*parseBreakpoint(u"request"_s)});
        go.send("root/turn1/cell1/call1");
        go.send("root/turn1/cell1/call2"); // comes while the first stands
        QCOMPARE(go.stopped, QByteArrayList{"root/turn1/cell1/call1"});
        go.gate.release({});
        QCOMPARE(go.passed, QByteArrayList{"root/turn1/cell1/call1"});
        QCOMPARE(go.stopped, (QByteArrayList{"root/turn1/cell1/call1", "root/turn1/cell1/call2"}));
        go.gate.release({});
        QCOMPARE(go.passed.size(), 2);
    }

    void oneThatOnlyLogsDoesNotStop()
    {
        Passers go;
        go.gate.setBreakpoints({*parseBreakpoint(u"request,log"_s)});
        go.send("root/turn1");
        QCOMPARE(go.passed, QByteArrayList{"root/turn1"});
        QCOMPARE(go.logged, QByteArrayList{"root/turn1"});
    }

    void aBreakpointThatMakesNoSenseIsRefusedByName()
    {
        for (const QString& text : {u""_s, u"never"_s, u"depth=deep"_s, u"at=root/leaf"_s, u"hits=0"_s})
            QVERIFY(!parseBreakpoint(text));
        QVERIFY(parseBreakpoint(u"cell,never"_s).error().message.contains(u"never"_s));
    }
};

QTEST_GUILESS_MAIN(GateTest)
#include "tst_gate.moc"
