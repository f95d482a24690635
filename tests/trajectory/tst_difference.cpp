#include "trajectory/difference.h"

#include "trajectory/recorded_request.h"

#include <QTest>

using namespace burrow;
using namespace Qt::StringLiterals;

namespace {

CellOutput printed(const QByteArray& text)
{
    CellOutput output;
    output.out.head = text;
    return output;
}

QByteArray described(const ChatRequest& request)
{
    return RecordedRequest::describe(request, "http://127.0.0.1/v1", Sha256::of).json;
}

} // namespace

class DifferenceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLineAndWhatStandsThereIsNamed()
    {
        QCOMPARE(firstDifference("one\ntwo three\nfour", "one\ntwo 3\nfour"),
            u"line 2: recorded “two three”, now “two 3”"_s);
        QCOMPARE(firstDifference("one", "one\ntwo"), u"line 1: recorded its end, now “one”"_s);
        QCOMPARE(firstDifference("", "a"), u"line 1: recorded its end, now “a”"_s);
    }

    void aCharacterIsNeverCutInTwo()
    {
        // ä and ö share their first byte; twenty bytes before and forty after would cut others.
        const QByteArray umlauts = QByteArray("ü").repeated(31);
        QCOMPARE(firstDifference(umlauts + "ä" + umlauts, umlauts + "ö" + umlauts),
            u"line 1: recorded “%1ä%2”, now “%1ö%2”"_s.arg(u"ü"_s.repeated(10), u"ü"_s.repeated(19)));
    }

    void whatACellGaveIsComparedAsAPersonReadsIt()
    {
        CellOutput recorded = printed("a\nb\n"), now = recorded;
        QCOMPARE(outputDifference(recorded, now), QString());
        QCOMPARE(
            outputDifference(recorded, printed("a\nc\n")), u"its output, line 2: recorded “b”, now “c”"_s);
        now.variables = {{"x", "list", 3}};
        QCOMPARE(outputDifference(recorded, now), u"its variable x: recorded none, now list of length 3"_s);
        recorded.variables = {{"x", "int", -1}};
        QCOMPARE(outputDifference(recorded, now), u"its variable x: recorded int, now list of length 3"_s);
        recorded.variables = now.variables;
        now.answer = "42";
        QCOMPARE(outputDifference(recorded, now), u"its answer, line 1: recorded its end, now “42”"_s);
        now.status = CellStatus::Raised;
        QCOMPARE(outputDifference(recorded, now), u"how it ended"_s);
        now = recorded;
        now.undone = true;
        QVERIFY(!outputDifference(recorded, now).isEmpty());
    }

    void whatElseARequestSaysIsNamed()
    {
        ChatRequest recorded;
        recorded.model = "one";
        recorded.messages = {{Role::User, "Hello"}};
        ChatRequest now = recorded;
        QCOMPARE(parameterDifference(described(recorded), described(now)), QString());
        now.temperature = 0.5;
        QCOMPARE(parameterDifference(described(recorded), described(now)),
            u"its temperature: recorded null, now 0.5"_s);
        now.model = "two";
        QCOMPARE(parameterDifference(described(recorded), described(now)),
            u"its model: recorded \"one\", now \"two\""_s);
        QCOMPARE(parameterDifference("no JSON", described(now)), QString());
    }
};

QTEST_GUILESS_MAIN(DifferenceTest)
#include "tst_difference.moc"
