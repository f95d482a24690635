#include "base/node_path.h"

#include <QTest>

using namespace burrow;

class NodePathTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPathIsBuiltFromItsParts()
    {
        const NodePath path = NodePath::root().turn(3).cell(1).call(17);
        QCOMPARE(path.text(), "root/turn3/cell1/call17");
        QCOMPARE(path.ordinal(), 17);
        QCOMPARE(path.parent(), NodePath::root().turn(3).cell(1));
        QCOMPARE(NodePath::root(2).text(), "root2");
        QCOMPARE(NodePath::root().final().ordinal(), 1);
    }

    void wellFormedPathsParse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("wellFormed");
        for (const char* text : {"root", "root2", "root/turn1", "root/turn3/cell1/call17", "root/final",
                 "root/turn1/cell1/call2/turn1/cell4/call9", "root/compaction1"})
            QTest::newRow(text) << QByteArray(text) << true;
        for (const char* text :
            {"", "/", "root/", "turn1", "root/cell1", "root/turn0", "root/turn01", "root/turn1/turn2",
                "root/turn99999999999999", "root/turn1/cell1/call2/cell1", "root//turn1"})
            QTest::newRow(text) << QByteArray(text) << false;
    }
    void wellFormedPathsParse()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, wellFormed);
        const std::optional<NodePath> path = NodePath::parse(text);
        QCOMPARE(path.has_value(), wellFormed);
        if (path)
            QCOMPARE(path->text(), text);
    }
};

QTEST_APPLESS_MAIN(NodePathTest)
#include "tst_node_path.moc"
