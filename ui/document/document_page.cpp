#include "document/document_page.h"

#include "base/thread_pool.h"
#include "base/visible_text.h"
#include "document/coverage.h"
#include "document/go_to_bar.h"
#include "document/match_list.h"
#include "document/search_bar.h"
#include "documents/text_excerpt.h"
#include "look/message_bar.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>

namespace burrow {

namespace {

// What a person may choose; the first is what the bytes say.
constexpr const char* encodings[] = {"utf-8", "utf-16-le", "utf-16-be", "windows-1252", "latin-1", "gb18030",
    "big5", "shift_jis", "euc-jp", "euc-kr", "koi8-r", "windows-1251", "iso-8859-2"};

} // namespace

DocumentPage::DocumentPage(QWidget* parent)
    : QWidget(parent)
    , m_view(new DocumentView)
    , m_searchBar(new SearchBar(m_search))
    , m_goToBar(new GoToBar)
    , m_notice(new MessageBar)
    , m_matches(new MatchList(m_search, this))
    , m_results(new QTreeView)
    , m_splitter(new QSplitter(Qt::Vertical))
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    setupActions();
    setupHeader();
    setupMarks();
    for (QWidget* bar : std::initializer_list<QWidget*>{m_notice, m_goToBar, m_searchBar}) {
        bar->hide();
        column->addWidget(bar);
    }
    column->addWidget(m_splitter, 1);
    m_splitter->addWidget(m_view);
    m_splitter->setStretchFactor(0, 1);
    setupResults();
    setupSearch();
    setFocusProxy(m_view);
    connect(m_view, &DocumentView::selectionChanged, this, &DocumentPage::showStatus);
    connect(m_view, &DocumentView::selectionChanged, this, &DocumentPage::showReaders);
    connect(m_view, &DocumentView::saveSelectionWanted, this, &DocumentPage::chooseWhereToSave);
    connect(m_view, &DocumentView::tooLargeToCopy, this, [this] {
        m_notice->say(MessageBar::Kind::Note, tr("The selection is too large for the clipboard."));
        m_notice->offer(tr("Save it as a file…"), [this] { chooseWhereToSave(); });
    });
}

DocumentPage::~DocumentPage()
{
    m_stopSaving.request_stop();
    m_view->setDocument(nullptr);
}

QAction* DocumentPage::addAction(const QString& text, const QKeySequence& keys)
{
    auto* const action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(
        QStringLiteral("%1 (%2)").arg(QString(text).remove(u'&'), keys.toString(QKeySequence::NativeText)));
    QWidget::addAction(action);
    return action;
}

void DocumentPage::setupActions()
{
    m_find = addAction(tr("&Find"), QKeySequence::Find);
    m_findNext = addAction(tr("Find &Next"), QKeySequence(Qt::Key_F3));
    m_findPrevious = addAction(tr("Find &Previous"), QKeySequence(Qt::SHIFT | Qt::Key_F3));
    m_goTo = addAction(tr("&Go To"), QKeySequence(Qt::CTRL | Qt::Key_G));
    m_wrap = addAction(tr("&Wrap Lines"), QKeySequence(Qt::ALT | Qt::Key_Z));
    m_wrap->setCheckable(true);
    m_nextMark = addAction(tr("Next Place &Read or Cited"), QKeySequence(Qt::ALT | Qt::Key_PageDown));
    m_previousMark = addAction(tr("Pre&vious Place Read or Cited"), QKeySequence(Qt::ALT | Qt::Key_PageUp));
    m_showReader = addAction(tr("Show What Read &This"), QKeySequence(Qt::ALT | Qt::Key_Return));
    connect(m_nextMark, &QAction::triggered, this, &DocumentPage::showNextMark);
    connect(m_previousMark, &QAction::triggered, this, &DocumentPage::showPreviousMark);
    connect(m_showReader, &QAction::triggered, this, &DocumentPage::chooseReader);
    m_view->addActions({m_nextMark, m_previousMark, m_showReader});
    connect(m_find, &QAction::triggered, m_searchBar, &SearchBar::open);
    connect(m_findNext, &QAction::triggered, this, &DocumentPage::showNextMatch);
    connect(m_findPrevious, &QAction::triggered, this, &DocumentPage::showPreviousMatch);
    connect(m_goTo, &QAction::triggered, m_goToBar, &GoToBar::open);
    connect(m_wrap, &QAction::toggled, this,
        [this](bool on) { m_view->setWrap(on ? DocumentView::Wrap::On : DocumentView::Wrap::Off); });
    connect(m_goToBar, &GoToBar::placeWanted, this, &DocumentPage::goTo);
    connect(m_goToBar, &GoToBar::closed, m_view, qOverload<>(&QWidget::setFocus));
}

/// The name, where one is in the document, and what can be chosen.
void DocumentPage::setupHeader()
{
    auto* const header = new QHBoxLayout;
    header->setContentsMargins(8, 4, 8, 4);
    m_title = new QLabel;
    m_status = new QLabel;
    for (QLabel* label : {m_title, m_status}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_status->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    header->addWidget(m_title, 2);
    header->addWidget(m_status, 3);
    header->addSpacing(8);
    m_encoding = new QComboBox;
    m_encoding->setAccessibleName(tr("Encoding"));
    m_encoding->setToolTip(tr("How the bytes stand for characters"));
    for (const char* name : encodings)
        m_encoding->addItem(QString::fromLatin1(name));
    connect(m_encoding, &QComboBox::activated, this,
        [this] { open(m_path, TextEncoding::fromName(m_encoding->currentText().toLatin1())); });
    header->addWidget(m_encoding);
    for (QAction* action : {m_wrap, m_goTo, m_find}) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        header->addWidget(button);
    }
    static_cast<QVBoxLayout*>(layout())->addLayout(header);
}

/// What a run read of the document: in words, and what read at the cursor.
void DocumentPage::setupMarks()
{
    m_read = new QLabel;
    m_read->setTextFormat(Qt::PlainText);
    m_read->setForegroundRole(QPalette::PlaceholderText);
    m_read->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_readers = new QToolButton;
    m_readers->setToolTip(m_showReader->toolTip());
    m_readers->setAutoRaise(true);
    connect(m_readers, &QToolButton::clicked, m_showReader, &QAction::trigger);
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 4);
    row->addWidget(m_read, 1);
    row->addWidget(m_readers);
    for (QAction* action : {m_previousMark, m_nextMark}) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setArrowType(action == m_nextMark ? Qt::DownArrow : Qt::UpArrow);
        button->setAutoRaise(true);
        row->addWidget(button);
    }
    auto* const marks = new QWidget;
    marks->setLayout(row);
    marks->hide();
    layout()->addWidget(marks);
}

void DocumentPage::setCoverage(Coverage* coverage)
{
    m_coverage = coverage;
    connect(coverage, &Coverage::changed, this, &DocumentPage::showCoverage);
}

void DocumentPage::showCoverage()
{
    const Coverage::Known known = m_coverage ? m_coverage->of(m_path) : nullptr;
    if (known != m_view->coverage())
        m_view->setCoverage(m_document ? known : nullptr);
    const bool hasMarks = known && (!known->places.empty() || !known->cited.empty());
    m_nextMark->setEnabled(hasMarks);
    m_previousMark->setEnabled(hasMarks);
    m_read->setText(known                           ? describe(*known)
            : m_coverage && m_coverage->isLooking() ? tr("Looking for what the run read…")
                                                    : QString());
    m_read->setToolTip(m_read->text().toHtmlEscaped());
    m_read->parentWidget()->setVisible(m_document && !m_read->text().isEmpty());
    showReaders();
}

std::vector<qint64> DocumentPage::readersHere() const
{
    std::vector<qint64> nodes;
    const std::shared_ptr<const DocumentCoverage>& coverage = m_view->coverage();
    if (!coverage)
        return nodes;
    const ByteOffset cursor = m_view->selection().begin();
    for (const Passage& passage : coverage->read) {
        if (passage.begin > cursor)
            break;
        if (cursor < passage.end)
            nodes.push_back(coverage->nodes[size_t(passage.text)]);
    }
    std::ranges::sort(nodes);
    return nodes;
}

void DocumentPage::showReaders()
{
    const std::vector<qint64> nodes = readersHere();
    m_showReader->setEnabled(!nodes.empty());
    m_readers->setVisible(!nodes.empty());
    if (nodes.empty())
        return;
    m_readers->setText(nodes.size() == 1 ? tr("Read by %1").arg(m_coverage->nameOf(nodes.front()))
                                         : tr("Read %1 times").arg(QLocale().toString(std::ssize(nodes))));
}

/// Of several, a person chooses.
void DocumentPage::chooseReader()
{
    constexpr size_t most = 20;
    const std::vector<qint64> nodes = readersHere();
    if (nodes.size() == 1)
        Q_EMIT nodeWanted(nodes.front());
    if (nodes.size() < 2)
        return;
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const qint64 node : std::span(nodes).first(std::min(most, nodes.size())))
        menu->addAction(m_coverage->nameOf(node), this, [this, node] { Q_EMIT nodeWanted(node); });
    if (nodes.size() > most)
        menu->addAction(tr("and %1 more").arg(QLocale().toString(std::ssize(nodes) - qint64(most))))
            ->setEnabled(false);
    menu->popup(m_readers->mapToGlobal(QPoint(0, m_readers->height())));
}

void DocumentPage::showMark(int direction)
{
    const std::shared_ptr<const DocumentCoverage>& coverage = m_view->coverage();
    if (!coverage)
        return;
    std::vector<TextMatch> marks = coverage->places;
    marks.insert(marks.end(), coverage->cited.begin(), coverage->cited.end());
    if (marks.empty())
        return;
    std::ranges::sort(marks, {}, &TextMatch::begin);
    const ByteOffset from = m_view->selection().begin();
    const auto behind = std::ranges::upper_bound(marks, from, {}, &TextMatch::begin);
    const auto at = std::ranges::lower_bound(marks, from, {}, &TextMatch::begin);
    const auto mark = direction > 0 ? (behind == marks.end() ? marks.begin() : behind)
                                    : std::prev(at == marks.begin() ? marks.end() : at);
    m_view->goTo(mark->begin);
    m_view->setFocus();
}

void DocumentPage::setupResults()
{
    m_results->setModel(m_matches);
    m_results->setAccessibleName(tr("Matches"));
    m_results->setRootIsDecorated(false);
    m_results->setUniformRowHeights(true);
    m_results->setFrameShape(QFrame::NoFrame);
    m_results->setAlternatingRowColors(true);
    m_results->setTextElideMode(Qt::ElideRight);
    m_results->header()->setStretchLastSection(true);
    m_results->header()->resizeSection(
        MatchList::Place, fontMetrics().horizontalAdvance(QStringLiteral("byte 10,000,000,000 ")));
    m_results->hide();
    m_splitter->addWidget(m_results);
    m_splitter->setSizes({400, 160});
    const auto onCurrent = [this](const QModelIndex& index) {
        if (index.isValid() && m_results->hasFocus())
            showMatch(index.row());
    };
    connect(m_results, &QTreeView::clicked, this, [this](const QModelIndex& i) { showMatch(i.row()); });
    connect(m_results->selectionModel(), &QItemSelectionModel::currentRowChanged, this, onCurrent);
}

void DocumentPage::setupSearch()
{
    connect(m_searchBar, &SearchBar::searchWanted, this, [this](const SearchPattern& pattern) {
        if (!m_document)
            return;
        m_search.start(m_document->sharedText(), pattern);
        m_searchedFrom = m_view->selection().begin();
        m_view->setMatches(&m_search.matches());
    });
    connect(m_searchBar, &SearchBar::nextWanted, this, &DocumentPage::showNextMatch);
    connect(m_searchBar, &SearchBar::previousWanted, this, &DocumentPage::showPreviousMatch);
    connect(m_searchBar, &SearchBar::closed, m_view, qOverload<>(&QWidget::setFocus));
    connect(&m_search, &DocumentSearch::stateChanged, this, [this] {
        m_results->setVisible(!m_search.matches().empty());
        m_view->viewport()->update();
        const bool ended = m_search.state() != DocumentSearch::State::Running;
        const bool found = !m_search.matches().empty()
            && m_search.matches().back().begin >= m_searchedFrom.value_or(ByteOffset{});
        if (m_searchedFrom && (found || ended)) {
            const std::optional<qsizetype> match = m_search.next(*std::exchange(m_searchedFrom, {}));
            if (match)
                showMatch(*match);
        }
    });
}

void DocumentPage::open(const QString& path, const std::optional<TextEncoding>& encoding)
{
    const bool again = path == m_path && m_document;
    const ByteOffset place = again ? m_view->selection().cursor : ByteOffset{};
    m_search.clear();
    m_view->setDocument(nullptr);
    m_matches->setDocument(nullptr);
    m_path = path;
    m_awaitedLine.reset();
    m_notice->hide();
    Result<std::unique_ptr<ViewedDocument>> document = ViewedDocument::open(path, encoding);
    m_document = document ? std::move(*document) : nullptr;
    m_title->setText(burrow::visibleText(QFileInfo(path).fileName(), LineMode::SingleLine));
    m_title->setToolTip(burrow::visibleText(path, LineMode::SingleLine).toHtmlEscaped());
    if (!document) {
        m_notice->say(MessageBar::Kind::Problem, document.error().message);
        showCoverage();
        showStatus();
        return;
    }
    const QString name = QString::fromLatin1(m_document->text().encoding().name());
    if (m_encoding->findText(name) < 0)
        m_encoding->addItem(name);
    m_encoding->setCurrentText(name);
    connect(m_document.get(), &ViewedDocument::linesCounted, this, &DocumentPage::onLinesCounted);
    connect(m_document.get(), &ViewedDocument::stateChanged, this, &DocumentPage::onStateChanged);
    m_matches->setDocument(m_document.get());
    m_view->setDocument(m_document.get());
    if (again)
        m_view->goTo(place);
    if (m_coverage)
        m_coverage->setShown(path);
    showCoverage();
    showStatus();
}

void DocumentPage::onStateChanged()
{
    const QString name = burrow::visibleText(QFileInfo(m_path).fileName(), LineMode::SingleLine);
    const bool gone = m_document->state() == ViewedDocument::State::Gone;
    m_notice->say(MessageBar::Kind::Problem,
        gone ? tr("%1 is not there any more. What you see is what it was.").arg(name)
             : tr("%1 changed on disk. Parts of what you see may be wrong until you reload it.").arg(name));
    m_notice->offer(gone ? tr("Try again") : tr("Reload"), [this] { open(m_path); });
}

void DocumentPage::onLinesCounted()
{
    if (m_awaitedLine) {
        const std::optional<ByteOffset> start = m_document->lines().startOf(*m_awaitedLine);
        if (start || m_document->lines().isComplete())
            goTo(*std::exchange(m_awaitedLine, {}));
    }
    showStatus();
}

void DocumentPage::goTo(const DocumentPlace& place)
{
    if (!m_document)
        return;
    const OpenText& text = m_document->text();
    const LineIndex& lines = m_document->lines();
    ByteOffset target = text.end();
    if (const auto* byte = std::get_if<ByteOffset>(&place)) {
        target = *byte;
    } else if (const auto* percent = std::get_if<Percent>(&place)) {
        const auto size = static_cast<double>((text.end() - text.begin()).value);
        target = text.begin() + ByteOffset{static_cast<qint64>(size * percent->value / 100)};
    } else {
        const LineNumber line = std::get<LineNumber>(place);
        const std::optional<ByteOffset> start = lines.startOf(line);
        if (!start && !lines.isComplete()) {
            m_awaitedLine = line;
            return m_goToBar->say(tr("Counting lines; going there in a moment."));
        }
        if (!start)
            m_goToBar->say(tr("The document has %1 lines.").arg(QLocale().toString(lines.lineCount())));
        target = start.value_or(*lines.startOf({lines.lineCount() - 1}));
    }
    m_view->goTo(target);
    m_view->setFocus();
}

void DocumentPage::showMatch(qsizetype index)
{
    const TextMatch& match = m_search.matches()[static_cast<size_t>(index)];
    m_view->goTo(match.begin);
    m_view->select({match.begin, match.end});
    const QModelIndex row = m_matches->index(static_cast<int>(index), 0);
    if (!m_results->hasFocus())
        m_results->setCurrentIndex(row);
    m_results->scrollTo(row);
}

void DocumentPage::showNextMatch()
{
    const DocumentView::Selection& from = m_view->selection();
    const ByteOffset behind = from.isEmpty() ? from.begin() : from.begin() + ByteOffset{1};
    if (const std::optional<qsizetype> match = m_search.next(behind))
        showMatch(*match);
}

void DocumentPage::showPreviousMatch()
{
    if (const std::optional<qsizetype> match = m_search.previous(m_view->selection().begin()))
        showMatch(*match);
}

void DocumentPage::chooseWhereToSave()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the Selection"));
    if (!path.isEmpty())
        saveSelection(path);
}

void DocumentPage::saveSelection(const QString& path)
{
    if (!m_document)
        return;
    m_stopSaving.request_stop();
    m_stopSaving = std::stop_source();
    const QString name = burrow::visibleText(path, LineMode::SingleLine);
    m_notice->say(MessageBar::Kind::Note, tr("Saving to %1…").arg(name));
    m_notice->offer(tr("Stop"), [this] { m_stopSaving.request_stop(); });
    QCoro::connect(
        runInPool(
            [text = m_document->sharedText(), selection = m_view->selection(), path](const StopToken& stop) {
                return saveBetween(*text, selection.begin(), selection.end(), path, stop);
            },
            m_stopSaving.get_token()),
        this, [this, name](const Result<void>& saved) {
            if (saved)
                m_notice->say(MessageBar::Kind::Note, tr("Saved to %1.").arg(name));
            else if (saved.error().code == ErrorCode::Cancelled)
                m_notice->hide();
            else
                m_notice->say(MessageBar::Kind::Problem, saved.error().message);
        });
}

/// Where the cursor is, and how many lines are known.
void DocumentPage::showStatus()
{
    if (!m_document)
        return m_status->setText({});
    const OpenText& text = m_document->text();
    const DocumentView::Selection& selection = m_view->selection();
    const auto size = static_cast<double>(std::max<qint64>(1, text.end().value));
    const double percent = 100 * static_cast<double>(selection.cursor.value) / size;
    QStringList parts = {lineText(),
        tr("byte %1 (%2 %)")
            .arg(QLocale().toString(selection.cursor.value), QLocale().toString(percent, 'f', 1))};
    if (!selection.isEmpty()) {
        const qint64 selected = (selection.end() - selection.begin()).value;
        parts.prepend(tr("%1 selected").arg(QLocale().formattedDataSize(selected)));
    }
    m_status->setText(parts.join(QStringLiteral(" · ")));
}

QString DocumentPage::lineText() const
{
    const LineIndex& lines = m_document->lines();
    const auto number = [](qint64 value) { return QLocale().toString(value); };
    const std::optional<LineNumber> line = lines.lineAt(m_view->selection().cursor);
    if (!lines.isComplete()) {
        const auto known = static_cast<double>(lines.known().value);
        const double part = known / static_cast<double>(m_document->text().end().value);
        return tr("counting lines, %1 %").arg(int(part * 100));
    }
    return tr("line %1 of %2").arg(line ? number(line->value + 1) : QString(), number(lines.lineCount()));
}

} // namespace burrow
