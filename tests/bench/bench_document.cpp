// How fast a large document is opened, scrolled and searched. Prints a line with what was measured, and one
// with the floor.
//     bench_document open FILE                        until its first paint; its index of lines
//     bench_document scroll FILE                      by the wheel, and by dragging the bar
//     bench_document search FILE literal|regex TEXT   seconds, matches
//     bench_document passages FILE                    what 1,000 texts of 20 kB have of it

#include "document/document_page.h"
#include "documents/passage_search.h"
#include "documents/text_search.h"
#include "frames.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QWheelEvent>

#include <cstdio>

using namespace burrow;

namespace {

constexpr int frameCount = 1000;

double secondsOf(const QElapsedTimer& clock)
{
    return double(clock.nsecsElapsed()) / 1e9;
}

void print(const QString& measured, const QString& floor = {})
{
    std::printf("%s\n%s\n", qUtf8Printable(measured), qUtf8Printable(floor));
}

struct Stage {
    DocumentPage page;

    Stage()
    {
        page.resize(1000, 800);
        page.show();
        QCoreApplication::processEvents();
    }
    void paint() { page.view().viewport()->repaint(); }
};

void open(const QString& path)
{
    Stage stage;
    QElapsedTimer clock;
    clock.start();
    stage.page.open(path);
    stage.paint();
    const double first = secondsOf(clock);
    const LineIndex& lines = stage.page.document()->lines();
    bench::Frames frames;
    frames.begin();
    while (!lines.isComplete()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        frames.end();
    }
    const double bytes = double(stage.page.document()->text().bytes().size());
    print(QStringLiteral("%1 ms; %2 GB/s; %3 B")
            .arg(first * 1e3, 0, 'f', 1)
            .arg(bytes / 1e9 / secondsOf(clock), 0, 'f', 2)
            .arg(double(lines.memoryBytes()) / double(lines.lineCount()), 0, 'f', 3));
}

void turnWheel(DocumentView& view, int notches)
{
    const QPointF centre = view.viewport()->rect().center();
    QWheelEvent event(centre, view.viewport()->mapToGlobal(centre), {}, {0, notches * 120}, Qt::NoButton,
        Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

void scroll(const QString& path)
{
    Stage stage;
    stage.page.open(path);
    while (!stage.page.document()->lines().isComplete())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    bench::Frames wheel, drag;
    for (int i = 0; i < frameCount; ++i) {
        wheel.begin();
        turnWheel(stage.page.view(), -1);
        stage.paint();
        wheel.end();
    }
    QScrollBar* const bar = stage.page.view().verticalScrollBar();
    bar->setSliderDown(true);
    for (int i = 0; i < frameCount; ++i) {
        drag.begin();
        bar->setSliderPosition(int(qint64(bar->maximum()) * i / frameCount));
        stage.paint();
        drag.end();
    }
    print(QStringLiteral("wheel %1, drag %2").arg(wheel.wall(), drag.wall()),
        QStringLiteral("cpu: %1, %2").arg(wheel.processor(), drag.processor()));
}

int search(const QString& path, const QString& syntax, const QString& pattern)
{
    const auto text = OpenText::open(path, std::nullopt);
    const auto search = TextSearch::compile({.text = pattern,
        .syntax
        = syntax == QLatin1String("regex") ? SearchPattern::Syntax::Regex : SearchPattern::Syntax::Literal});
    if (!text || !search)
        return 1;
    qint64 matches = 0;
    QElapsedTimer clock;
    clock.start();
    if (const auto ended = search->run(
            **text, [&matches](const TextSearch::Part& part) { matches += std::ssize(part.matches); }, {});
        !ended)
        return 1;
    print(QString::number(secondsOf(clock)), QString::number(matches));
    return 0;
}

int passages(const QString& path)
{
    constexpr qint64 count = 1000, length = 20'000;
    const auto text = OpenText::open(path, std::nullopt);
    if (!text)
        return 1;
    std::vector<QByteArray> texts;
    for (qint64 i = 0; i < count; ++i) {
        const ByteOffset from{(*text)->end().value / count * i};
        const Bytes bytes = (*text)->bytes(from, from + ByteOffset{length});
        texts.emplace_back(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    }
    QElapsedTimer clock;
    clock.start();
    const PassageSearch search(std::move(texts), 64);
    const double prepared = secondsOf(clock);
    clock.start();
    const auto found = search.run(**text, {});
    const double seconds = secondsOf(clock);
    if (!found)
        return 1;
    print(QStringLiteral("%1 GB/s; %2 found")
              .arg(double((*text)->end().value) / 1e9 / seconds, 0, 'f', 2)
              .arg(found->passages.size()),
        QStringLiteral("prepared: %1 ms").arg(prepared * 1e3, 0, 'f', 0));
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.size() == 2 && arguments[0] == QLatin1String("open"))
        open(arguments[1]);
    else if (arguments.size() == 2 && arguments[0] == QLatin1String("scroll"))
        scroll(arguments[1]);
    else if (arguments.size() == 4 && arguments[0] == QLatin1String("search"))
        return search(arguments[1], arguments[2], arguments[3]);
    else if (arguments.size() == 2 && arguments[0] == QLatin1String("passages"))
        return passages(arguments[1]);
    else
        return 2;
    return 0;
}
