// How requests are written in a run file, and what that costs in a long conversation.
#include "fakes.h"

#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A conversation of @p messages messages.
ChatRequest conversation(int messages)
{
    ChatRequest request = test::request(NodePath::root().turn(1), {});
    request.messages = {{Role::System, "be brief"}};
    while (int(request.messages.size()) < messages) {
        const QByteArray number = QByteArray::number(request.messages.size());
        request.messages.push_back(
            {request.messages.size() % 2 ? Role::User : Role::Assistant, "message " + number});
    }
    request.messages.resize(size_t(messages));
    return request;
}

RecordedRequest described(const ChatRequest& request, RequestForm form = RequestForm::Linked)
{
    return RecordedRequest::describe(
        request, "http://127.0.0.1:8080/v1", [](const QByteArray& text) { return Sha256::of(text); }, form);
}

} // namespace

class RecordedRequestTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aConversationIsReadAsItWasSent_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<RequestForm>("form");
        for (const int length : {0, 1, 7, 8, 9, 16, 17, 100}) {
            QTest::addRow("%d messages, linked", length) << length << RequestForm::Linked;
            QTest::addRow("%d messages, flat", length) << length << RequestForm::Flat;
        }
    }
    void aConversationIsReadAsItWasSent()
    {
        QFETCH(const int, length);
        QFETCH(const RequestForm, form);
        RunFolder run;
        RunFile file = run.create();
        ChatRequest request = conversation(length);
        if (length > 3)
            request.messages[3].text.clear();
        const RecordedRequest recorded = described(request, form);
        const Result<BlobId> stored = recorded.store(file, request);
        QVERIFY(stored);
        QCOMPARE(*file.text(*stored), recorded.json);
        QCOMPARE(Sha256::of(recorded.json), recorded.fingerprint);
        QVERIFY(*readMessages(file, recorded.json) == request.messages);
    }

    void aTurnAddsAsLittleToALongConversationAsToAShortOne()
    {
        RunFolder run;
        RunFile file = run.create();
        size_t linksBefore = 0;
        for (int length = 2; length < 400; length += 2) {
            const ChatRequest request = conversation(length);
            const RecordedRequest recorded = described(request);
            QVERIFY(recorded.json.size() < 1000);
            QVERIFY(recorded.links.size() <= linksBefore + 1); // older ones are stored already
            for (size_t link = 0; link < qMin(linksBefore, recorded.links.size()); ++link)
                QVERIFY(*file.find(Sha256::of(recorded.links[link])) != BlobId::None);
            QVERIFY(recorded.store(file, request));
            linksBefore = recorded.links.size();
        }
        QCOMPARE(linksBefore, size_t(49));
    }

    void theFingerprintIsOfAllThatARequestSays_data()
    {
        QTest::addColumn<int>("messages");
        QTest::addColumn<std::function<void(ChatRequest&)>>("change");
        const auto row = [](const char* name, const std::function<void(ChatRequest&)>& change) {
            for (const int messages : {8, 40})
                QTest::addRow("%s, of %d messages", name, messages) << messages << change;
        };
        row("the first text", [](ChatRequest& request) { request.messages.front().text += ' '; });
        row("the last text", [](ChatRequest& request) { request.messages.back().text += ' '; });
        row("a role", [](ChatRequest& request) { request.messages[5].role = Role::Assistant; });
        row("the order", [](ChatRequest& request) { std::swap(request.messages[1], request.messages[3]); });
        row("a message less", [](ChatRequest& request) { request.messages.pop_back(); });
        row("another first", [](ChatRequest& request) { request.messages.erase(request.messages.begin()); });
        row("the model", [](ChatRequest& request) { request.model += '2'; });
        row("the room for output", [](ChatRequest& request) { ++request.maxOutputTokens; });
        row("the temperature", [](ChatRequest& request) { request.temperature = 0.5; });
        row("another sample", [](ChatRequest& request) { ++request.sampleOrdinal; });
    }
    void theFingerprintIsOfAllThatARequestSays()
    {
        QFETCH(const int, messages);
        QFETCH(const std::function<void(ChatRequest&)>, change);
        ChatRequest request = conversation(messages);
        const Sha256 before = described(request).fingerprint;
        request.path = NodePath::root().turn(7);
        request.attempt = 3;
        QCOMPARE(described(request).fingerprint, before);
        change(request);
        QVERIFY(described(request).fingerprint != before);
    }

    void whatIsNoRequestIsNotRead_data()
    {
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char* name, QByteArray json) {
            QTest::newRow(name) << json.replace('\'', '"').replace("NOWHERE", Sha256::of("nowhere").hex());
        };
        row("no JSON", "hello");
        row("no messages", "{}");
        row("no list", "{'messages':7}");
        row("no pair", "{'messages':['user']}");
        row("no role", "{'messages':[['judge','NOWHERE']]}");
        row("no hash", "{'messages':[['user','12']]}");
        row("a text that is not there", "{'messages':[['user','NOWHERE']]}");
        row("a link that is not there", "{'after':'NOWHERE','messages':[]}");
    }
    void whatIsNoRequestIsNotRead()
    {
        QFETCH(const QByteArray, json);
        RunFolder run;
        RunFile file = run.create();
        const auto read = readMessages(file, json);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::RunFileInvalid);
        QVERIFY(read.error().message.contains(run.path));
    }
};

QTEST_GUILESS_MAIN(RecordedRequestTest)
#include "tst_recorded_request.moc"
