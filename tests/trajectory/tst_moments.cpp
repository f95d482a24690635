#include "support/random_run.h"
#include "trajectory/moments.h"

#include <QTemporaryDir>
#include <QTest>

using namespace burrow;
using namespace burrow::test;

namespace {

RunTree foldOf(const std::vector<Event>& events, size_t count)
{
    RunTree tree;
    tree.apply(std::span(events).first(count));
    return tree;
}

} // namespace

class MomentsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_path = m_folder.filePath(QStringLiteral("run.burrow"));
        RunFile file = *RunFile::create(m_path);
        m_events = RandomRun(file, 7).play(1300, 50);
        QVERIFY(m_events.size() > 65'536); // more than one of the moments that are kept far apart
        QVERIFY(file.commit());
    }

    void everyMomentIsTheFoldOfItsEvents()
    {
        Moments moments(m_events);
        QRandomGenerator random(3);
        size_t at = m_events.size();
        for (int i = 0; i < 16; ++i) {
            // Step by step back over what is kept, and anywhere.
            at = i % 4 == 3 ? size_t(random.bounded(int(m_events.size()))) : at - qMin(at, size_t(700));
            const RunTree tree = moments.at(at), expected = foldOf(m_events, at);
            QCOMPARE(tree.size(), expected.size());
            QCOMPARE(tree.totals().totals, expected.totals().totals);
            QCOMPARE(tree.lastEvent(), expected.lastEvent());
            QCOMPARE(tree.toText(), expected.toText());
        }
    }

    void whatIsDoneWithAMomentLeavesTheOthersAlone()
    {
        Moments moments(m_events);
        RunTree tree = moments.at(3000);
        tree.apply(std::span(m_events).subspan(3000));
        QCOMPARE(moments.at(3000).toText(), foldOf(m_events, 3000).toText());
        QCOMPARE(moments.at(3001).toText(), foldOf(m_events, 3001).toText());
        QCOMPARE(tree.totals().totals, foldOf(m_events, m_events.size()).totals().totals);
    }

    void aBranchIsReadFromItsFile()
    {
        const Result<Moments> moments = Moments::read(m_path, 1);
        QVERIFY(moments);
        QCOMPARE(moments->events(), m_events);
        const auto none = Moments::read(m_path, 2);
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::InvalidArgument);
    }

private:
    QTemporaryDir m_folder;
    QString m_path;
    std::vector<Event> m_events;
};

QTEST_GUILESS_MAIN(MomentsTest)
#include "tst_moments.moc"
