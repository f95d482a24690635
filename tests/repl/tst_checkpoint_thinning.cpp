#include "repl/checkpoint_thinning.h"

#include <QTest>

using namespace burrow;

namespace {

constexpr qint64 enough = 1'000'000;

/// One after each of @p cells cells, thinned after each.
std::vector<Checkpoint> kept(quint64 cells, qint64 bytesEach = 1, qint64 budget = enough)
{
    std::vector<Checkpoint> all;
    for (quint64 i = 0; i <= cells; ++i) {
        all.push_back({CheckpointId{i + 1000}, i, bytesEach});
        for (const CheckpointId id : checkpointsToDrop(all, budget))
            std::erase_if(all, [id](const Checkpoint& checkpoint) { return checkpoint.id == id; });
    }
    return all;
}

QList<quint64> cellsOf(const std::vector<Checkpoint>& checkpoints)
{
    QList<quint64> cells;
    for (const Checkpoint& checkpoint : checkpoints)
        cells << checkpoint.cells;
    return cells;
}

} // namespace

class CheckpointThinningTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theNewestAreAllKeptAndOfOlderOnesExponentiallyFewer()
    {
        QCOMPARE(cellsOf(kept(3)), (QList<quint64>{0, 1, 2, 3}));
        QCOMPARE(cellsOf(kept(21)), (QList<quint64>{0, 8, 12, 14, 16, 18, 19, 20, 21}));
        QVERIFY(kept(1000).size() < 30);
    }

    void thinningOnceLeavesTheSameAsThinningAfterEveryCell()
    {
        std::vector<Checkpoint> all;
        for (quint64 i = 0; i <= 100; ++i)
            all.push_back({CheckpointId{i + 1000}, i, 1});
        const std::vector<CheckpointId> dropped = checkpointsToDrop(all, enough);
        std::erase_if(all, [&](const Checkpoint& checkpoint) {
            return std::ranges::find(dropped, checkpoint.id) != dropped.end();
        });
        QCOMPARE(cellsOf(all), cellsOf(kept(100)));
    }

    void beyondTheBudgetTheOldestGoFirst()
    {
        QCOMPARE(cellsOf(kept(21, 10, 45)), (QList<quint64>{18, 19, 20, 21}));
    }

    void nothingOlderIsKeptThanWhatDidNotFit()
    {
        const std::vector<Checkpoint> all
            = {{CheckpointId{1}, 1, 1}, {CheckpointId{2}, 2, 100}, {CheckpointId{3}, 3, 1}};
        QCOMPARE(checkpointsToDrop(all, 10), (std::vector{CheckpointId{2}, CheckpointId{1}}));
    }

    void theNewestIsKeptWhateverItTakes() { QCOMPARE(cellsOf(kept(5, 100, 10)), QList<quint64>{5}); }
};

QTEST_GUILESS_MAIN(CheckpointThinningTest)
#include "tst_checkpoint_thinning.moc"
