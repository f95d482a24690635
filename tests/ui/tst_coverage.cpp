#include "../documents/document_fixture.h"

#include "document/corpus_list.h"
#include "document/document_browser.h"
#include "document/document_page.h"
#include "document/mark_strip.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QDockWidget>
#include <QToolButton>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A line that stands nowhere else, of 100 bytes or so.
QByteArray line(int number)
{
    QByteArray text = "In " + QByteArray::number(number) + " the";
    for (quint32 word = quint32(number); text.size() < 96; word = word * 2654435761U + 1)
        text += ' ' + QByteArray::number(word, 36);
    return text + ".\n";
}

/// A run over a document of 1000 lines: a call was given lines 100 to 199, its cell printed lines 150 to 249,
/// and another document was not read.
class Played {
public:
    /// Of the documents, @p size is on record.
    explicit Played(const QByteArray& answer = "It is so.", const QByteArray& end = {}, qint64 size = 1)
    {
        for (int i = 0; i < 1000; ++i)
            m_lines << line(i);
        m_lines << end;
        m_document = m_folder.write(u"a.txt"_s, m_lines.join());
        m_other = m_folder.write(u"b.txt"_s, "short");
        RunFile file = *RunFile::create(path());
        (void)file.setDocuments({record(u"a.txt"_s, m_document, size), record(u"b.txt"_s, m_other, size)});
        add(file, EventKind::RunOpened, {});
        const qint64 root = add(file, EventKind::NodeOpened, "What?", NodeKind::Rlm);
        const qint64 turn = add(file, EventKind::RequestSent, R"({"messages":[]})", NodeKind::Turn, root);
        cell = add(file, EventKind::CellStarted, "print(1)", NodeKind::Cell, turn);
        const QByteArray prompt = "Read:\n" + lines(100, 100) + "\nWhat does it say?";
        (void)file.put(prompt);
        call = add(file, EventKind::RequestSent,
            "{\"messages\":[[\"user\",\"" + Sha256::of(prompt).hex() + "\"]]}", NodeKind::Completion, cell);
        finish(file, EventKind::ReplyReceived, call, "It says so.");
        finish(file, EventKind::CellFinished, cell, lines(150, 100));
        finish(file, EventKind::ReplyReceived, turn, "reply");
        finish(file, EventKind::NodeClosed, root, answer);
        Event closed{.time = std::chrono::seconds(9),
            .body = *file.put(answer),
            .kind = EventKind::RunClosed,
            .detail = quint8(RunState::Answered)};
        (void)file.append(closed);
        (void)file.commit();
    }

    QString path() const { return m_folder.path(u"run.burrow"_s); }
    const QString& document() const { return m_document; }
    const QString& other() const { return m_other; }
    QByteArray lines(int first, int count) const { return m_lines.mid(first, count).join(); }
    ByteOffset placeOf(int number) const { return {lines(0, number).size()}; }

    Coverage::Known look() const
    {
        const QList<Coverage::Known> all = lookAt(m_document);
        return all.isEmpty() ? nullptr : all.front();
    }
    QList<Coverage::Known> lookAt(const QString& first, const QSet<QString>& known = {}) const
    {
        const LoadedRun run = *loadRun(path());
        QList<Coverage::Known> all;
        const auto found = findCoverage({.runFile = path(),
                                            .nodes = run.tree.nodes(),
                                            .answer = run.tree.totals().answer,
                                            .first = first,
                                            .known = known},
            [&all](const auto& coverage) { all << coverage; }, {});
        return found ? all : QList<Coverage::Known>();
    }
    QByteArrayList citedTexts(const DocumentCoverage& coverage) const
    {
        QByteArrayList texts;
        for (const TextMatch& place : coverage.cited)
            texts << m_lines.join().mid(place.begin.value, (place.end - place.begin).value);
        return texts;
    }

    qint64 cell = 0, call = 0;

private:
    static DocumentRecord record(const QString& name, const QString& path, qint64 size)
    {
        return {.name = name, .path = path, .size = size, .encoding = u"utf-8"_s};
    }
    static qint64 add(RunFile& file, EventKind kind, const QByteArray& text,
        std::optional<NodeKind> node = std::nullopt, qint64 parent = 0)
    {
        Event event{.time = std::chrono::seconds(1), .body = *file.put(text), .kind = kind};
        if (node) {
            event.node = file.nextSeq();
            event.parent = parent;
            event.nodeKind = *node;
            event.ordinal = 1;
        }
        (void)file.append(event);
        return event.node;
    }
    static void finish(RunFile& file, EventKind kind, qint64 node, const QByteArray& text)
    {
        Event event{.time = std::chrono::seconds(2),
            .node = node,
            .body = *file.put(text),
            .kind = kind,
            .state = NodeState::Ok};
        (void)file.append(event);
    }

    Folder m_folder;
    QByteArrayList m_lines;
    QString m_document, m_other;
};

/// The documents of a run that is shown.
struct Shown {
    explicit Shown(const Played& played) : browser(run)
    {
        browser.resize(900, 500);
        run.show(*loadRun(played.path()));
        browser.setRecords(run.documents());
        browser.show();
        browser.page().open(played.document());
    }

    Coverage::Known known() { return browser.coverage().of(browser.page().path()); }
    template <typename Widget> Widget* child() { return browser.findChild<Widget*>(); }

    ShownRun run;
    DocumentBrowser browser;
};

} // namespace

class CoverageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatCallsWereGivenAndCellsPrintedWasRead()
    {
        const Played played;
        const auto coverage = played.look();
        QVERIFY(coverage);
        QCOMPARE(coverage->places, (std::vector<TextMatch>{{played.placeOf(100), played.placeOf(250)}}));
        QCOMPARE(coverage->nodes, (std::vector<qint64>{played.call, played.cell}));
        QCOMPARE(coverage->read,
            (std::vector<Passage>{{played.placeOf(100), played.placeOf(200), 0},
                {played.placeOf(150), played.placeOf(250), 1}}));
        QCOMPARE(describe(*coverage), u"14 % read by 1 call and 1 cell"_s);
    }

    void whatTheAnswerSaysWordForWordIsCited()
    {
        const QByteArray quote = line(120).sliced(7, 40);
        const Played played("It says “" + quote + "”, as 4,711 and 18n16qn do not.");
        const auto coverage = played.look();
        QVERIFY(coverage);
        QCOMPARE(played.citedTexts(*coverage), QByteArrayList{quote});
        QVERIFY(describe(*coverage).endsWith(u" · 1 place cited"_s));
    }

    void aCodeThatTheDocumentHasOnceIsCited()
    {
        const QByteArray code = line(700).split(' ').at(5); // no other line has it
        const Played played("The code is " + code + ", and the year " + "In 7" + '.');
        const auto coverage = played.look();
        QVERIFY(coverage);
        QVERIFY2(code.size() >= 5, code.constData());
        QCOMPARE(played.citedTexts(*coverage), QByteArrayList{code});
        QCOMPARE(coverage->cited.front().begin, ByteOffset{played.lines(0, 1000).indexOf(code)});
    }

    void whatADocumentSaysAgainAndAgainIsNotCited()
    {
        const QByteArray phrase = "The parties agree as follows in 2024: ";
        const auto often = Played(phrase, (phrase + "\n").repeated(4)).look();
        QVERIFY(often);
        QCOMPARE(often->cited.size(), size_t(0));
        const auto rarely = Played(phrase, phrase + "\n" + phrase).look();
        QVERIFY(rarely);
        QCOMPARE(rarely->cited.size(), size_t(2));
    }

    void aSearchThatEndsEarlySaysSoAndKeepsWhatWasRead()
    {
        const auto coverage
            = Played("The code is AB123.", QByteArray("AB123\n").repeated(TextSearch::mostMatches + 1))
                  .look();
        QVERIFY(coverage);
        QCOMPARE(coverage->calls, 1);
        QVERIFY2(
            describe(*coverage).endsWith(u" · not all was looked at"_s), qPrintable(describe(*coverage)));
    }

    void documentsOfAGigabyteAreLookedAtUnasked()
    {
        const Played played("It is so.", {}, qint64(600) << 20);
        const auto lookedAt = [&played](const QString& first, const QSet<QString>& known) {
            QStringList paths;
            for (const Coverage::Known& coverage : played.lookAt(first, known))
                paths << coverage->path;
            return paths;
        };
        QCOMPARE(lookedAt({}, {}), QStringList{played.document()});
        QCOMPARE(lookedAt({}, {played.document()}), QStringList());
        QCOMPARE(lookedAt(played.other(), {played.document()}), QStringList{played.other()});
    }

    void marksAreSteppedThroughAndLeadToWhatRead()
    {
        const Played played("As " + line(900).sliced(0, 50));
        Shown shown(played);
        QTRY_VERIFY(shown.known());
        DocumentPage& page = shown.browser.page();
        page.showNextMark();
        QCOMPARE(page.view().selection().cursor, played.placeOf(100));
        QCOMPARE(page.readersHere(), std::vector<qint64>{played.call});
        page.showNextMark();
        QCOMPARE(page.view().selection().cursor, played.placeOf(900));
        QCOMPARE(page.readersHere(), std::vector<qint64>());
        page.showNextMark();
        QCOMPARE(page.view().selection().cursor, played.placeOf(100));
        page.showPreviousMark();
        QCOMPARE(page.view().selection().cursor, played.placeOf(900));
        page.view().goTo(played.placeOf(160));
        QCOMPARE(page.readersHere(), (std::vector<qint64>{played.cell, played.call}));
        page.view().goTo(played.placeOf(220));
        const QSignalSpy wanted(&shown.browser, &DocumentBrowser::nodeWanted);
        for (QToolButton* const button : page.findChildren<QToolButton*>())
            if (button->text() == u"Read by root/turn1/cell1"_s)
                button->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().front().toLongLong(), played.cell);
    }

    void aClickBesideTheScrollBarGoesToTheNearestMark()
    {
        const Played played("As " + line(900).sliced(0, 50));
        Shown shown(played);
        QTRY_VERIFY(shown.known());
        auto* const strip = shown.child<MarkStrip>();
        QVERIFY(strip->isVisible());
        const auto click = [&](double part) {
            QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(5, int(part * strip->height())));
            return shown.browser.page().view().selection().cursor;
        };
        QCOMPARE(click(0.02), played.placeOf(100));
        QCOMPARE(click(0.97), played.placeOf(900));
        const ByteOffset inside = click(0.2);
        QVERIFY(inside > played.placeOf(180) && inside < played.placeOf(220));
        QCOMPARE(strip->accessibleDescription(), describe(*shown.known()));
    }

    void theListSaysHowMuchOfEachWasRead()
    {
        const Played played;
        Shown shown(played);
        QAbstractItemModel* const list = shown.browser.list().model();
        const auto text = [list](int row) {
            return list->index(row, CorpusModel::Read).data(Qt::AccessibleTextRole).toString();
        };
        QTRY_COMPARE(text(0), u"14 % read by 1 call and 1 cell"_s);
        QTRY_COMPARE(text(1), u"nothing read word for word"_s);
        QVERIFY(!shown.browser.list().isColumnHidden(CorpusModel::Read));
    }

    void aRunThatPlaysIsLookedThroughOnceItStands()
    {
        const Played played;
        Shown shown(played);
        QTRY_VERIFY(shown.known());
        shown.browser.coverage().setStands(false);
        shown.run.show(*loadRun(played.path()));
        QVERIFY(!shown.known());
        QTest::qWait(600);
        QVERIFY(!shown.known());
        shown.browser.coverage().setStands(true);
        QTRY_VERIFY(shown.known());
    }

    void whatReadIsSelectedInTheCalls()
    {
        const Played played;
        ProgramInWindow program;
        program.window().inspector().showTab(Inspector::Output); // no language is loaded for it
        const QSignalSpy shown(&program.window(), &MainWindow::runShown);
        program.window().openRun(played.path());
        QTRY_COMPARE(shown.size(), 1);
        program.window().dock(u"documents"_s)->raise();
        auto* const browser = program.window().findChild<DocumentBrowser*>();
        browser->page().open(played.document());
        QTRY_VERIFY(browser->coverage().of(played.document()));
        browser->page().showNextMark();
        QTest::keyClick(&browser->page().view(), Qt::Key_Return, Qt::AltModifier);
        QCOMPARE(program.pathOf(program.window().calls().current()), u"root/turn1/cell1/call1"_s);
    }
};

BURROW_GUI_TEST_MAIN(CoverageTest)
#include "tst_coverage.moc"
