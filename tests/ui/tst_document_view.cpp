#include "../documents/document_fixture.h"

#include "document/document_view.h"
#include "watched_application.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QWheelEvent>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A view on a document of its own, 600 x 400 pixels.
struct Shown {
    explicit Shown(const QByteArray& bytes, const char* encoding = "utf-8")
    {
        document = *ViewedDocument::open(folder.write(u"a.txt"_s, bytes), TextEncoding::fromName(encoding));
        view.resize(600, 400);
        view.setDocument(document.get());
        view.show();
        std::ignore = QTest::qWaitForWindowExposed(&view);
    }
    ~Shown() { view.setDocument(nullptr); }

    QStringList lines() const { return view.visibleText().split(u'\n'); }
    void keys(std::initializer_list<std::pair<Qt::Key, Qt::KeyboardModifiers>> keys)
    {
        for (const auto& [key, modifiers] : keys)
            QTest::keyClick(&view, key, modifiers);
    }
    QString selected() const
    {
        const Bytes bytes = document->text().bytes(view.selection().begin(), view.selection().end());
        return QString::fromUtf8(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    }

    Folder folder;
    std::unique_ptr<ViewedDocument> document;
    DocumentView view;
};

QByteArray numbered(int lines)
{
    QByteArray bytes;
    for (int i = 1; i <= lines; ++i)
        bytes += "line " + QByteArray::number(i) + '\n';
    return bytes;
}

void turnWheel(DocumentView& view, int notches)
{
    const QPointF centre = view.viewport()->rect().center();
    QWheelEvent event(centre, view.viewport()->mapToGlobal(centre), {}, {0, notches * 120}, Qt::NoButton,
        Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

} // namespace

class DocumentViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theStartIsShownBeforeLinesAreCounted()
    {
        const Shown shown(numbered(1000));
        QCOMPARE(shown.lines().first(), u"line 1"_s);
        QVERIFY(shown.lines().size() > 10);
    }

    void theWheelScrollsByLines()
    {
        Shown shown(numbered(1000));
        turnWheel(shown.view, -2);
        QCOMPARE(shown.lines().first(), u"line 7"_s);
        turnWheel(shown.view, 1);
        QCOMPARE(shown.lines().first(), u"line 4"_s);
        turnWheel(shown.view, 5);
        QCOMPARE(shown.lines().first(), u"line 1"_s);
    }

    void theBarReachesBothEnds()
    {
        Shown shown(numbered(1000));
        QScrollBar* const bar = shown.view.verticalScrollBar();
        bar->setValue(bar->maximum());
        QCOMPARE(shown.lines().last(), QString());
        QVERIFY(shown.lines().contains(u"line 1000"_s));
        bar->setValue(bar->maximum() / 2);
        QVERIFY(
            shown.lines().first().startsWith(u"line 49"_s) || shown.lines().first().startsWith(u"line 50"_s));
        bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        bar->setValue(0);
        QCOMPARE(shown.lines().first(), u"line 1"_s);
        bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        QCOMPARE(shown.lines().first(), u"line 2"_s);
    }

    void keysMoveTheCursorAndSelect()
    {
        Shown shown("one two\nthree\n\nlast");
        shown.keys({{Qt::Key_Right, Qt::NoModifier}, {Qt::Key_Down, Qt::NoModifier}});
        QCOMPARE(shown.view.selection().cursor, ByteOffset{9});
        shown.keys({{Qt::Key_Down, Qt::NoModifier}, {Qt::Key_Down, Qt::NoModifier}});
        QCOMPARE(shown.view.selection().cursor, ByteOffset{16}); // the column is kept over the empty line
        shown.keys(
            {{Qt::Key_Home, Qt::NoModifier}, {Qt::Key_Left, Qt::NoModifier}, {Qt::Key_Left, Qt::NoModifier}});
        QCOMPARE(shown.view.selection().cursor, ByteOffset{13});
        shown.keys(
            {{Qt::Key_Home, Qt::ControlModifier}, {Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier}});
        QCOMPARE(shown.selected(), u"one "_s);
        shown.keys({{Qt::Key_End, Qt::ShiftModifier}});
        QCOMPARE(shown.selected(), u"one two"_s);
        shown.keys({{Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier}});
        QCOMPARE(shown.selected(), u"one two\nthree\n\nlast"_s);
    }

    void whatIsSelectedIsCopiedAsItIs()
    {
        Shown shown("tab\there \x1B[31mred\r\nnext");
        shown.keys({{Qt::Key_A, Qt::ControlModifier}, {Qt::Key_C, Qt::ControlModifier}});
        QCOMPARE(QGuiApplication::clipboard()->text(), u"tab\there \x1B[31mred\r\nnext"_s);
    }

    void theMouseSelects()
    {
        Shown shown("one two three\n");
        QWidget* const viewport = shown.view.viewport();
        shown.view.select({{4}, {4}});
        const QPoint word = shown.view.cursorRect().center() + QPoint(3, 0);
        QTest::mouseDClick(viewport, Qt::LeftButton, {}, word);
        QCOMPARE(shown.selected(), u"two"_s);
        QTest::mousePress(viewport, Qt::LeftButton, {}, word);
        QTest::mouseMove(viewport, QPoint(590, word.y()));
        QMouseEvent move(QEvent::MouseMove, QPointF(590, word.y()),
            viewport->mapToGlobal(QPointF(590, word.y())), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(viewport, &move);
        QCOMPARE(shown.selected(), u"two three"_s);
    }

    void whatCannotBeSeenIsShownAsSymbols_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("seen");
        const auto row = [](const char* name, const QByteArray& bytes, const QString& seen) {
            QTest::newRow(name) << bytes << seen;
        };
        row("ANSI", "\x1B[31mred", u"␛[31mred"_s);
        row("override", "a\u202Eb", u"a⟨U+202E⟩b"_s);
        row("isolate", "a\u2066b", u"a⟨U+2066⟩b"_s);
        row("NUL", QByteArray("a\0b", 3), u"a␀b"_s);
        row("HTML", "<b>&amp;</b><img src='http://x/'>", u"<b>&amp;</b><img src='http://x/'>"_s);
        row("line separator", "a\u2028b", u"a⟨U+2028⟩b"_s);
        row("broken UTF-8", "a\xFF\x80z", u"a\uFFFD\uFFFDz"_s);
        row("marks and scripts", "e\u0301 שלום 中文 हिन्दी 👩‍👩‍👧",
            u"e\u0301 שלום 中文 हिन्दी 👩‍👩‍👧"_s);
    }
    void whatCannotBeSeenIsShownAsSymbols()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, seen);
        const Shown shown(bytes);
        QCOMPARE(shown.view.visibleText(), seen);
    }

    void theCursorGoesOverSymbolsMarksAndPairsAsOne()
    {
        Shown shown("a\u202Ee\u0301😀z");
        QList<qint64> places;
        for (int i = 0; i < 6; ++i) {
            shown.keys({{Qt::Key_Right, Qt::NoModifier}});
            places << shown.view.selection().cursor.value;
        }
        QCOMPARE(places, (QList<qint64>{1, 4, 7, 11, 12, 12}));
        for (qint64& place : places) {
            shown.keys({{Qt::Key_Left, Qt::NoModifier}});
            place = shown.view.selection().cursor.value;
        }
        QCOMPARE(places, (QList<qint64>{11, 7, 4, 1, 0, 0}));
    }

    void aLineWithoutEndIsShownInRows_data()
    {
        QTest::addColumn<bool>("wraps");
        QTest::newRow("not wrapped") << false;
        QTest::newRow("wrapped") << true;
    }
    void aLineWithoutEndIsShownInRows()
    {
        QFETCH(bool, wraps);
        Shown shown(QByteArray("0123456789").repeated(2'000'000));
        shown.view.setWrap(wraps ? DocumentView::Wrap::On : DocumentView::Wrap::Off);
        shown.view.goTo({10'000'003});
        QCOMPARE(shown.view.selection().cursor, ByteOffset{10'000'003});
        QVERIFY(shown.view.cursorRect().isValid());
        turnWheel(shown.view, -3);
        QVERIFY(shown.view.visibleText().size() > 500);
        shown.keys({{Qt::Key_End, Qt::ControlModifier}});
        QVERIFY(shown.view.visibleText().endsWith(u'9'));
        turnWheel(shown.view, 30);
        QVERIFY(shown.view.visibleText().startsWith(u'0') || shown.view.top().value > 0);
    }

    void wrappedLinesShowAllOfTheirText()
    {
        const QByteArray words = QByteArray("some words to wrap ").repeated(100);
        Shown shown(words + "\nend");
        shown.view.setWrap(DocumentView::Wrap::On);
        const QStringList lines = shown.lines();
        QVERIFY(lines.size() > 5);
        QCOMPARE(lines.join(QString()), QString::fromUtf8(words.first(lines.join(QString()).size())));
        QCOMPARE(shown.view.horizontalScrollBar()->maximum(), 0);
        shown.keys({{Qt::Key_Down, Qt::NoModifier}});
        QCOMPARE(shown.view.selection().cursor.value, lines[0].size());
        shown.keys({{Qt::Key_End, Qt::NoModifier}, {Qt::Key_Home, Qt::NoModifier}});
        QCOMPARE(shown.view.selection().cursor.value, lines[0].size());
    }

    void aFileThatShrinksWhileItIsShownIsToldAndNoCrash()
    {
        Shown shown(numbered(200'000));
        shown.view.goTo({1'000'000});
        QVERIFY(QFile::resize(shown.document->text().path(), 5000));
        QTRY_COMPARE(shown.document->state(), ViewedDocument::State::Changed);
        turnWheel(shown.view, -100);
        shown.keys({{Qt::Key_End, Qt::ControlModifier}, {Qt::Key_Home, Qt::ControlModifier}});
        QVERIFY(!shown.view.grab().isNull());
        QCOMPARE(shown.lines().first(), u"line 1"_s);
    }

    void aFileThatIsDeletedStaysReadable()
    {
        Shown shown(numbered(200'000));
        QVERIFY(QFile::remove(shown.document->text().path()));
        shown.document->checkState();
        QCOMPARE(shown.document->state(), ViewedDocument::State::Gone);
        shown.view.goTo({1'000'000});
        QVERIFY(shown.lines().first().startsWith(u"line "_s));
    }

    void screenReadersReadWhatIsShown()
    {
        Shown shown("one\ntwo\nthree");
        QAccessibleInterface* const accessible = QAccessible::queryAccessibleInterface(&shown.view);
        QVERIFY(accessible);
        QCOMPARE(accessible->role(), QAccessible::Document);
        QVERIFY(!accessible->text(QAccessible::Name).isEmpty());
        QAccessibleTextInterface* const text = accessible->textInterface();
        QVERIFY(text);
        QCOMPARE(text->text(0, text->characterCount()), u"one\ntwo\nthree"_s);
        text->setSelection(0, 4, 7);
        QCOMPARE(shown.selected(), u"two"_s);
        int start = 0, end = 0;
        text->selection(0, &start, &end);
        QCOMPARE(start, 4);
        QCOMPARE(end, 7);
        text->setCursorPosition(9);
        QCOMPARE(shown.view.selection().cursor, ByteOffset{9});
        QCOMPARE(text->cursorPosition(), 9);
    }
};

BURROW_GUI_TEST_MAIN(DocumentViewTest)
#include "tst_document_view.moc"
