#include "inspector/inspector.h"
#include "run/shown_run.h"
#include "text/code_view.h"
#include "trajectory/json_codec.h"
#include "trajectory/recorder.h"
#include "watched_application.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace burrow;

namespace {

const NodePath turn1 = NodePath::root().turn(1), turn2 = NodePath::root().turn(2);

/// A run of two turns, with a cell in the first that prints @p output, and one in the second where it has
/// code.
class Recorded {
public:
    explicit Recorded(const QByteArray& output, const QByteArray& question = "What?",
        const QByteArray& code = "print(context[:5])", const QByteArray& laterCode = {})
        : path(m_folder.filePath(QStringLiteral("run.burrow")))
        , m_file(*RunFile::create(path))
        , m_recorder(m_file, m_clock)
    {
        check(m_recorder.openRun({}));
        check(m_recorder.openRlm(NodePath::root(), {.prompt = question, .model = "model"}));
        const std::vector<Message> opening{{Role::System, "Be brief."}, {Role::User, question}};
        talk(turn1, opening, "Let me look.\n```repl\nprint(context[:5])\n```");
        CellOutput printed;
        printed.out.head = output;
        printed.variables = {{"hits", "list", 3}};
        check(m_recorder.cellStarted({turn1.cell(1), code}));
        check(m_recorder.cellFinished(turn1.cell(1), printed, {}));
        std::vector<Message> more = opening;
        more.push_back({Role::Assistant, "Let me look."});
        more.push_back({Role::User, "It printed this."});
        talk(turn2, more, "I am done.");
        if (!laterCode.isEmpty()) {
            check(m_recorder.cellStarted({turn2.cell(1), laterCode}));
            check(m_recorder.cellFinished(turn2.cell(1), {}, {}));
        }
        check(m_recorder.closeRlm(NodePath::root(), NodeState::Ok, "The answer."));
        check(m_recorder.closeRun(RunState::Answered, "The answer."));
    }

    QTemporaryDir m_folder;
    QString path;

private:
    template <typename T> void check(const T& result)
    {
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
    }
    void talk(const NodePath& at, const std::vector<Message>& messages, const QByteArray& text)
    {
        ChatRequest request;
        request.path = at;
        request.model = "model";
        request.messages = messages;
        const auto sent = m_recorder.requestSent(request, m_recorder.describe(request, "offline"), {});
        check(sent);
        ChatReply reply;
        reply.text = text;
        check(m_recorder.replyReceived(*sent, reply));
    }

    SystemClock m_clock;
    RunFile m_file;
    Recorder m_recorder;
};

struct Shown {
    explicit Shown(const QString& path) : inspector(run) { run.show(*loadRun(path)); }

    bool select(const NodePath& path)
    {
        QSignalSpy shown(&inspector, &Inspector::shown);
        inspector.setNode(run.tree().findPath(path));
        return shown.wait(10'000);
    }
    QString textOf(Inspector::Tab tab)
    {
        inspector.showTab(tab);
        return QString::fromUtf8(inspector.view(tab)->text());
    }

    ShownRun run;
    Inspector inspector;
};

} // namespace

class InspectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTurnShowsWhatItAddedAndFoldsTheRest()
    {
        const Recorded recorded("hello");
        Shown shown(recorded.path);
        QVERIFY(shown.select(turn2));
        const QString text = shown.textOf(Inspector::Conversation);
        QVERIFY2(text.contains(QStringLiteral("It printed this.")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("I am done.")));
        const CodeView* const view = shown.inspector.view(Inspector::Conversation);
        QVERIFY(view->isFolded(0)); // system
        QVERIFY(view->isFolded(1)); // the question, which the first turn had already
        QVERIFY(!view->isFolded(3)); // what the cell printed
        QVERIFY(!view->isFolded(4)); // the reply
        const QStringList lines = text.split(QLatin1Char('\n'));
        QVERIFY(view->isLineShown(int(lines.indexOf(QStringLiteral("It printed this.")))));
        QVERIFY(view->isLineShown(int(lines.indexOf(QStringLiteral("I am done.")))));
        QVERIFY(!view->isLineShown(1));
    }
    void aCellShowsItsCodeItsOutputAndItsVariables()
    {
        const Recorded recorded("hello");
        Shown shown(recorded.path);
        QVERIFY(shown.select(turn1.cell(1)));
        QCOMPARE(shown.textOf(Inspector::Cell), QStringLiteral("print(context[:5])"));
        QCOMPARE(shown.textOf(Inspector::Output), QStringLiteral("hello"));
        QVERIFY(shown.textOf(Inspector::Raw).contains(QStringLiteral("\"hits\"")));
    }
    void aTracebackLeadsToTheLineItNames()
    {
        // Of what looks like one, only what names a cell leads anywhere, and only to a cell that is there.
        const Recorded recorded("Traceback (most recent call last):\n"
                                "  File \"<cell 2>\", line 2, in <module>\n    f()\n"
                                "  File \"<cell 1>\", line 3, in f\n    1 / 0\n"
                                "  File \"json/decoder.py\", line 3\n"
                                "  File \"<cell 7>\", line 1\n"
                                "ZeroDivisionError: division by zero\n",
            "What?", "def f():\n    # <b>\n    1 / 0\n", "x = 1\nf()\n");
        Shown shown(recorded.path);
        QObject::connect(&shown.inspector, &Inspector::chosen, &shown.inspector, &Inspector::setNode);
        QVERIFY(shown.select(turn1.cell(1)));
        shown.inspector.resize(800, 600);
        shown.inspector.show();
        (void)shown.textOf(Inspector::Output);
        const auto follow = [&](int line) {
            CodeView* const output = shown.inspector.view(Inspector::Output);
            shown.inspector.showTab(Inspector::Output);
            output->showLine(line);
            QTest::keyClick(output->focusProxy(), Qt::Key_Return);
        };
        const CodeView* const code = shown.inspector.view(Inspector::Cell);
        follow(3); // of this cell
        QVERIFY(code->isVisible());
        QCOMPARE(code->currentLine(), 2);
        for (const int dead : {0, 5, 6}) {
            follow(dead);
            QVERIFY(!code->isVisible());
        }
        follow(1); // of the other one
        QTRY_COMPARE(shown.inspector.node(), shown.run.tree().findPath(turn2.cell(1)));
        QTRY_VERIFY(code->isVisible());
        QVERIFY(code->text().startsWith("x = 1"));
        QCOMPARE(code->currentLine(), 1);
    }
    void aQuestionShowsItsAnswer()
    {
        const Recorded recorded("hello");
        Shown shown(recorded.path);
        QVERIFY(shown.select(NodePath::root()));
        QVERIFY(shown.textOf(Inspector::Conversation).contains(QStringLiteral("The answer.")));
    }
    void hostileTextIsShownAsText()
    {
        const QByteArray hostile = "<img src=http://example.org/x.png> \x1b[31mred \u202Egnp.exe";
        const Recorded recorded(hostile, hostile);
        Shown shown(recorded.path);
        QVERIFY(shown.select(turn1.cell(1)));
        for (const auto tab : {Inspector::Output, Inspector::Conversation}) {
            const QString text = shown.textOf(tab);
            QVERIFY(text.contains(QStringLiteral("<img src=http://example.org/x.png>")));
            QVERIFY(text.contains(QStringLiteral("\u241B[31m")));
            QVERIFY(text.contains(QStringLiteral("\u27E8U+202E\u27E9")));
            QVERIFY(!text.contains(QChar(0x202E)));
        }
    }
    void anOutputOf50MegabytesIsShownWhole()
    {
        QByteArray line = "a line of the output that is neither short nor long, and repeats itself\n";
        const Recorded recorded(line.repeated(50'000'000 / line.size()));
        Shown shown(recorded.path);
        shown.inspector.show();
        QVERIFY(shown.select(turn1.cell(1)));
        shown.inspector.showTab(Inspector::Output);
        CodeView* const view = shown.inspector.view(Inspector::Output);
        QCOMPARE(view->lineCount(), 50'000'000 / int(line.size()) + 1);
        view->scrollToLine(400'000);
        QCOMPARE(view->firstVisibleLine(), 400'000);
    }
    void anEndlessLineIsCutIntoOnesThatCanBeShown()
    {
        const Recorded recorded(QByteArray(1'000'000, 'x'));
        Shown shown(recorded.path);
        QVERIFY(shown.select(turn1.cell(1)));
        const QString text = shown.textOf(Inspector::Output);
        QCOMPARE(text.count(QLatin1Char('x')), 1'000'000);
        QVERIFY(text.count(QLatin1Char('\n')) > 10);
    }
    void aTextThatGrowsFollowsOnlyWhereItsEndIsSeen()
    {
        CodeView view(CodeView::Layout::Code, QStringLiteral("output"));
        view.resize(400, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setText(QByteArray("line\n").repeated(100), Syntax::None);
        view.scrollToLine(10);
        view.append("more\n");
        QCOMPARE(view.firstVisibleLine(), 10);
        view.scrollToLine(100);
        QTRY_VERIFY(view.showsEnd());
        view.append(QByteArray("more\n").repeated(50));
        QVERIFY(view.showsEnd());
    }
};

BURROW_GUI_TEST_MAIN(InspectorTest)
#include "tst_inspector.moc"
