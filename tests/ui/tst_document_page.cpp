#include "../documents/document_fixture.h"

#include "document/corpus_list.h"
#include "document/document_browser.h"
#include "document/document_page.h"
#include "document/go_to_bar.h"
#include "document/match_list.h"
#include "document/search_bar.h"
#include "look/message_bar.h"
#include "run/shown_run.h"
#include "watched_application.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A page on a document of its own.
struct Shown {
    explicit Shown(const QByteArray& bytes)
    {
        path = folder.write(u"a.txt"_s, bytes);
        page.resize(700, 500);
        page.open(path);
        page.show();
        std::ignore = QTest::qWaitForWindowExposed(&page);
    }

    void search(const QString& text, bool regex = false)
    {
        page.searchBar().open();
        for (QToolButton* button : page.searchBar().findChildren<QToolButton*>()) {
            if (button->text() == u".*"_s)
                button->setChecked(regex);
        }
        page.searchBar().setText(text);
        QTest::keyClick(page.searchBar().findChild<QLineEdit*>(), Qt::Key_Return);
    }
    void goTo(const QString& place)
    {
        page.goToBar().open();
        auto* const field = page.goToBar().findChild<QLineEdit*>();
        field->setText(place);
        QTest::keyClick(field, Qt::Key_Return);
    }
    QString selected()
    {
        const auto& selection = page.view().selection();
        const Bytes bytes = page.document()->text().bytes(selection.begin(), selection.end());
        return QString::fromUtf8(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    }

    Folder folder;
    QString path;
    DocumentPage page;
};

QByteArray numbered(int lines)
{
    QByteArray bytes;
    for (int i = 1; i <= lines; ++i)
        bytes += "line " + QByteArray::number(i) + '\n';
    return bytes;
}

/// The names of the accessible things below @p widget that have none.
QStringList unnamed(QAccessibleInterface* parent)
{
    QStringList found;
    for (int i = 0; i < parent->childCount(); ++i) {
        QAccessibleInterface* const child = parent->child(i);
        if (!child || !child->object() || child->state().invisible)
            continue;
        const bool control = child->state().focusable;
        if (control && child->text(QAccessible::Name).isEmpty())
            found << QString::fromLatin1(child->object()->metaObject()->className());
        found << unnamed(child);
    }
    return found;
}

} // namespace

class DocumentPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void placesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<std::optional<DocumentPlace>>("place");
        using Place = std::optional<DocumentPlace>;
        QTest::newRow("line") << u"120"_s << Place(LineNumber{119});
        QTest::newRow("grouped") << u" 1,200,000 "_s << Place(LineNumber{1'199'999});
        QTest::newRow("byte") << u"@4096"_s << Place(ByteOffset{4096});
        QTest::newRow("first byte") << u"@0"_s << Place(ByteOffset{0});
        QTest::newRow("percent") << u"12.5 %"_s << Place(Percent{12.5});
        QTest::newRow("no line 0") << u"0"_s << Place();
        QTest::newRow("too much") << u"101%"_s << Place();
        QTest::newRow("words") << u"end"_s << Place();
        QTest::newRow("nothing") << QString() << Place();
    }
    void placesAreRead()
    {
        QFETCH(QString, text);
        QFETCH(std::optional<DocumentPlace>, place);
        QCOMPARE(placeFromText(text), place);
    }

    void linesBytesAndPercentagesAreGoneTo()
    {
        Shown shown(numbered(100'000));
        shown.goTo(u"50000"_s);
        QTRY_COMPARE(
            shown.page.document()->lines().lineAt(shown.page.view().selection().cursor), LineNumber{49'999});
        QVERIFY(shown.page.view().visibleText().contains(u"line 50000\n"_s));
        shown.goTo(u"@7"_s);
        QCOMPARE(shown.page.view().selection().cursor, ByteOffset{7});
        shown.goTo(u"100%"_s);
        QVERIFY(shown.page.view().visibleText().contains(u"line 100000\n"_s));
        shown.goTo(u"9999999"_s);
        QVERIFY(shown.page.view().visibleText().contains(u"line 100000\n"_s));
    }

    void aSearchShowsTheFirstMatchAndStepsThroughAll()
    {
        Shown shown(numbered(30'000));
        shown.search(u"line 2\\d{3}$"_s, true);
        QTRY_COMPARE(shown.page.search().state(), DocumentSearch::State::Finished);
        QCOMPARE(shown.page.search().matches().size(), size_t(1000));
        QCOMPARE(shown.selected(), u"line 2000"_s);
        shown.page.showNextMatch();
        QCOMPARE(shown.selected(), u"line 2001"_s);
        shown.page.showPreviousMatch();
        shown.page.showPreviousMatch();
        QCOMPARE(shown.selected(), u"line 2999"_s);
        auto* const results = shown.page.findChild<QTreeView*>();
        QTRY_COMPARE(results->model()->index(0, MatchList::Place).data().toString().remove(u','), u"2000"_s);
        QCOMPARE(results->model()->index(0, MatchList::Text).data().toString(), u"line 2000"_s);
    }

    void theResultListKeepsTheRulesOfModels()
    {
        DocumentSearch search;
        MatchList list(search);
        const QAbstractItemModelTester tester(&list);
        const Folder folder;
        const auto document
            = *ViewedDocument::open(folder.write(u"a"_s, numbered(100'000)), TextEncoding::Kind::Utf8);
        list.setDocument(document.get());
        search.start(document->sharedText(), {u"9"_s});
        QTRY_COMPARE(search.state(), DocumentSearch::State::Finished);
        QCOMPARE(list.rowCount(), static_cast<int>(search.matches().size()));
        search.start(document->sharedText(), {u"line 77"_s});
        QTRY_COMPARE(search.state(), DocumentSearch::State::Finished);
        QCOMPARE(list.rowCount(), 1111);
        list.setDocument(nullptr);
    }

    void aWrongExpressionIsToldInItsPlace()
    {
        Shown shown(numbered(10));
        shown.search(u"(a"_s, true);
        QCOMPARE(shown.page.search().state(), DocumentSearch::State::Failed);
        QVERIFY(shown.page.search().problem().contains(u"parenthesis"_s));
    }

    void aSearchCanBeStopped()
    {
        Shown shown(QByteArray("aaaa bbbb cccc dddd eeee\n").repeated(3'000'000));
        shown.search(u"(\\w+) (\\w+) \\1"_s, true);
        QTRY_VERIFY(shown.page.search().state() == DocumentSearch::State::Running);
        for (QToolButton* button : shown.page.searchBar().findChildren<QToolButton*>()) {
            if (button->accessibleName() == u"Stop the search"_s)
                button->click();
        }
        QTRY_COMPARE(shown.page.search().state(), DocumentSearch::State::Cancelled);
    }

    void hostileTextIsPlainInTheResults()
    {
        Shown shown("<b>x</b>\x1B[31m \u202Eneedle \u2066 <img src='http://x/'>\n");
        shown.search(u"needle"_s);
        QTRY_COMPARE(shown.page.search().matches().size(), size_t(1));
        auto* const results = shown.page.findChild<QTreeView*>();
        const QString text = results->model()->index(0, MatchList::Text).data().toString();
        QCOMPARE(text, u"<b>x</b>␛[31m ⟨U+202E⟩needle ⟨U+2066⟩ <img src='http://x/'>"_s);
    }

    void anotherEncodingShowsTheSameBytesOtherwise()
    {
        Shown shown("caf\xE9 caf\xE9\n");
        shown.page.open(shown.path, TextEncoding::fromName("latin-1"));
        QVERIFY(shown.page.view().visibleText().startsWith(u"café"_s));
        shown.page.open(shown.path, TextEncoding::fromName("utf-8"));
        QVERIFY(shown.page.view().visibleText().startsWith(u"caf\uFFFD"_s));
    }

    void aChangeOnDiskIsToldAndReloaded()
    {
        Shown shown(numbered(20'000));
        QVERIFY(shown.page.notice().isHidden());
        QFile file(shown.path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("new text\n");
        file.close();
        QTRY_VERIFY(!shown.page.notice().isHidden());
        QVERIFY(shown.page.notice().text().contains(u"a.txt changed on disk"_s));
        shown.page.open(shown.path);
        QVERIFY(shown.page.notice().isHidden());
        QCOMPARE(shown.page.view().visibleText(), u"new text\n"_s);
    }

    void whatCannotBeReadIsToldInItsPlace()
    {
        Shown shown("x");
        shown.page.open(shown.folder.path(u"missing"_s));
        QVERIFY(!shown.page.notice().isHidden());
        QVERIFY(shown.page.notice().text().contains(u"missing"_s));
        QVERIFY(!shown.page.document());
    }

    void aLargeSelectionIsSavedAsItsBytes()
    {
        const QByteArray bytes = QByteArray("caf\xE9\r\n").repeated(2'000'000);
        Shown shown(bytes);
        shown.page.view().select({{1}, {11'999'999}});
        const QString target = shown.folder.path(u"saved"_s);
        shown.page.saveSelection(target);
        QTRY_VERIFY(QFile::exists(target));
        QTRY_VERIFY(shown.page.notice().text().startsWith(u"Saved to"_s));
        QCOMPARE(contentsOf(target), bytes.sliced(1, 11'999'998));
    }

    void theDocumentsOfAFolderAreListedAndOpened()
    {
        const Folder folder;
        folder.write(u"a.txt"_s, "first");
        folder.write(u"b\u202E.txt"_s, "second");
        ShownRun run;
        DocumentBrowser browser(run);
        browser.resize(700, 400);
        browser.show();
        const QAbstractItemModelTester tester(browser.list().model());
        browser.setPaths({folder.path()});
        QTRY_COMPARE(browser.list().model()->rowCount(), 2);
        const QModelIndex second = browser.list().model()->index(1, CorpusModel::Name);
        QCOMPARE(second.data().toString(), u"b⟨U+202E⟩.txt"_s);
        Q_EMIT browser.list().activated(second);
        QCOMPARE(browser.page().view().visibleText(), u"second"_s);
        browser.setPaths({folder.path(u"a.txt"_s)});
        QCOMPARE(browser.page().view().visibleText(), u"first"_s);
    }

    void aSingleDocumentIsOpenedOnceItIsSeen()
    {
        const Folder folder;
        const QString first = folder.write(u"a.txt"_s, "first"), second = folder.write(u"b.txt"_s, "second");
        ShownRun run;
        DocumentBrowser browser(run);
        browser.resize(700, 400);
        browser.setRecords({{.name = u"a.txt"_s, .path = first, .size = 5}});
        QVERIFY(!browser.page().document());
        browser.show();
        QCOMPARE(browser.page().view().visibleText(), u"first"_s);
        browser.hide();
        browser.setPaths({second});
        QCOMPARE(browser.page().path(), first);
        browser.setPaths({folder.path()}); // none of several
        browser.show();
        QCOMPARE(browser.page().path(), first);
    }

    void everyControlHasAName()
    {
        Shown shown(numbered(100));
        shown.search(u"line"_s);
        shown.page.goToBar().open();
        QTRY_COMPARE(shown.page.search().state(), DocumentSearch::State::Finished);
        QCOMPARE(unnamed(QAccessible::queryAccessibleInterface(&shown.page)), QStringList());
    }
};

BURROW_GUI_TEST_MAIN(DocumentPageTest)
#include "tst_document_page.moc"
