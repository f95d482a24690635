#include "text/code_view.h"

#include "look/look.h"

#include <QKeyEvent>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

// Its headers use keywords of Qt that this project does without.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qsciscintilla.h>
#undef signals
#undef slots

namespace burrow {

namespace {

using Sci = QsciScintillaBase;

constexpr qsizetype longestColoured = 256 * 1024; ///< bytes
constexpr int headingStyle = 120;
constexpr int headingMarker = 5;
constexpr int differenceMarker = 6;
constexpr int changedMarker = 7, removedMarker = 8;
constexpr int changesMargin = 1, changesWidth = 10; // pixels
constexpr int linkIndicator = Sci::INDIC_CONTAINER;

/// The number of a highlighter's style in the editor, which has styles of its own from 32 to 39.
int styleNumber(int style)
{
    const int number = style + 1;
    return qMin(number < Sci::STYLE_DEFAULT ? number : number + 8, headingStyle - 1);
}

long send(const QsciScintilla* editor, unsigned message, unsigned long first = 0, long second = 0)
{
    return editor->SendScintilla(message, first, second);
}

} // namespace

CodeView::CodeView(Layout layout, const QString& accessibleName, QWidget* parent)
    : QWidget(parent)
    , m_editor(new QsciScintilla(this))
    , m_layout(layout)
    , m_placeholder(new QLabel(m_editor))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_editor);
    setFocusProxy(m_editor);
    setUp(accessibleName);
    connect(&m_definitions, &QFutureWatcher<void>::finished, this, &CodeView::applyStyles);
    m_definitions.setFuture(Highlighter::definitions());
    applyPalette();
}

CodeView::~CodeView() = default;

void CodeView::setUp(const QString& accessibleName)
{
    m_editor->setAccessibleName(accessibleName);
    m_editor->setFrameShape(QFrame::NoFrame);
    m_editor->setUtf8(true);
    m_editor->setReadOnly(true);
    m_editor->setContextMenuPolicy(Qt::DefaultContextMenu);
    send(m_editor, Sci::SCI_SETUNDOCOLLECTION, 0);
    send(m_editor, Sci::SCI_SETLEXER, Sci::SCLEX_CONTAINER);
    send(m_editor, Sci::SCI_SETSCROLLWIDTHTRACKING, 1);
    send(m_editor, Sci::SCI_SETSCROLLWIDTH, 1);
    send(m_editor, Sci::SCI_SETENDATLASTLINE, 1);
    send(m_editor, Sci::SCI_SETTABWIDTH, 4);
    send(m_editor, Sci::SCI_SETEXTRAASCENT, 1);
    send(m_editor, Sci::SCI_SETEXTRADESCENT, 1);
    // Tab leaves a text that nobody can write in.
    send(m_editor, Sci::SCI_CLEARCMDKEY, Sci::SCK_TAB);
    send(m_editor, Sci::SCI_CLEARCMDKEY, (Sci::SCMOD_SHIFT << 16) + Sci::SCK_TAB);
    if (m_layout == Layout::Prose) {
        m_editor->setWrapMode(QsciScintilla::WrapWord);
        m_editor->setFolding(QsciScintilla::PlainFoldStyle, 1);
        send(m_editor, Sci::SCI_SETFOLDFLAGS, 0); // no black line under what is folded
        m_editor->setMarginWidth(0, 0);
    } else {
        m_editor->setMarginLineNumbers(0, true);
        m_editor->setMarginType(changesMargin, QsciScintilla::SymbolMargin);
        m_editor->setMarginMarkerMask(changesMargin, 1 << changedMarker | 1 << removedMarker);
        m_editor->setMarginWidth(changesMargin, 0);
        // Backgrounds of lines are drawn only for marks that some margin has, however narrow.
        m_editor->setMarginMarkerMask(2, 1 << headingMarker | 1 << differenceMarker);
    }
    m_editor->setMarginWidth(2, 0);
    send(m_editor, Sci::SCI_SETMARGINLEFT, 0, 4); // pixels between the margin and the text
    connect(m_editor, &QsciScintilla::SCN_STYLENEEDED, this, &CodeView::styleUpTo);
    connect(
        m_editor, &QsciScintilla::SCN_DOUBLECLICK, this, [this](int, int line, int) { toggleFold(line); });
    connect(m_editor, &QsciScintilla::SCN_INDICATORRELEASE, this, [this](int position, int) {
        Q_EMIT followed(int(send(m_editor, Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(position))));
    });
    m_editor->installEventFilter(this);
    m_placeholder->setTextFormat(Qt::PlainText);
    m_placeholder->setForegroundRole(QPalette::PlaceholderText);
    m_placeholder->move(16, 12);
    m_placeholder->hide();
}

void CodeView::setEditable()
{
    m_isEditable = true;
    m_editor->setReadOnly(false);
    m_editor->setAutoIndent(true);
    m_editor->setIndentationsUseTabs(false);
    send(m_editor, Sci::SCI_SETUNDOCOLLECTION, 1);
    // Esc leads out of it.
    send(m_editor, Sci::SCI_ASSIGNCMDKEY, Sci::SCK_TAB, Sci::SCI_TAB);
    send(m_editor, Sci::SCI_ASSIGNCMDKEY, (Sci::SCMOD_SHIFT << 16) + Sci::SCK_TAB, Sci::SCI_BACKTAB);
    send(m_editor, Sci::SCI_CLEARCMDKEY, Sci::SCK_ESCAPE);
    connect(m_editor, &QsciScintilla::textChanged, this, &CodeView::edited);
}

void CodeView::goToEnd()
{
    send(m_editor, Sci::SCI_DOCUMENTEND);
    m_editor->setFocus();
}

void CodeView::setPlaceholder(const QString& text)
{
    m_placeholder->setText(text);
    m_placeholder->adjustSize();
    m_placeholder->setVisible(send(m_editor, Sci::SCI_GETLENGTH) == 0);
}

bool CodeView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int line = currentLine();
        if ((key == Qt::Key_Return || key == Qt::Key_Space) && toggleFold(line))
            return true;
        if (key == Qt::Key_Return && std::ranges::binary_search(m_links, line)) {
            Q_EMIT followed(line);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void CodeView::setText(const QByteArray& text, Syntax syntax)
{
    m_headings.clear();
    m_syntax = text.size() <= longestColoured ? syntax : Syntax::None;
    applyStyles();
    replace(text);
    if (m_layout == Layout::Code)
        m_editor->setMarginWidth(0, QString::number(qMax(lineCount(), 99)) + QLatin1Char('0'));
}

void CodeView::setSections(const std::vector<Section>& sections, Syntax syntax)
{
    m_headings.clear();
    QByteArray text;
    int line = 0;
    for (const Section& section : sections) {
        m_headings.push_back(line);
        text += section.heading + '\n' + section.text + (section.text.endsWith('\n') ? "" : "\n");
        line += 1 + int(section.text.count('\n')) + (section.text.endsWith('\n') ? 0 : 1);
    }
    m_syntax = text.size() <= longestColoured ? syntax : Syntax::None;
    applyStyles();
    replace(text);
    setHeadings(sections);
}

void CodeView::setHeadings(const std::vector<Section>& sections)
{
    constexpr int level = Sci::SC_FOLDLEVELBASE;
    for (int line = 0; line < lineCount(); ++line)
        send(m_editor, Sci::SCI_SETFOLDLEVEL, static_cast<unsigned long>(line), level + 1);
    for (size_t i = 0; i < m_headings.size(); ++i) {
        const auto line = static_cast<unsigned long>(m_headings[i]);
        send(m_editor, Sci::SCI_SETFOLDLEVEL, line, level | Sci::SC_FOLDLEVELHEADERFLAG);
        m_editor->markerAdd(m_headings[i], headingMarker);
    }
    // Where a section ends is known once all have their headings.
    for (size_t i = 0; i < m_headings.size(); ++i) {
        if (sections[i].folded)
            send(m_editor, Sci::SCI_FOLDLINE, static_cast<unsigned long>(m_headings[i]),
                Sci::SC_FOLDACTION_CONTRACT);
    }
}

void CodeView::replace(const QByteArray& text)
{
    m_editor->markerDeleteAll(headingMarker);
    m_editor->markerDeleteAll(differenceMarker);
    if (m_layout == Layout::Code)
        markChanges({});
    m_links.clear(); // their marks go with the text
    send(m_editor, Sci::SCI_SETREADONLY, 0);
    send(m_editor, Sci::SCI_CLEARALL);
    m_editor->SendScintilla(Sci::SCI_APPENDTEXT, static_cast<unsigned long>(text.size()), text.constData());
    send(m_editor, Sci::SCI_SETREADONLY, m_isEditable ? 0 : 1);
    send(m_editor, Sci::SCI_EMPTYUNDOBUFFER);
    send(m_editor, Sci::SCI_GOTOPOS, 0);
    send(m_editor, Sci::SCI_SETSCROLLWIDTH, 1);
}

void CodeView::append(const QByteArray& text)
{
    const bool follow = showsEnd();
    m_placeholder->hide();
    send(m_editor, Sci::SCI_SETREADONLY, 0);
    m_editor->SendScintilla(Sci::SCI_APPENDTEXT, static_cast<unsigned long>(text.size()), text.constData());
    send(m_editor, Sci::SCI_SETREADONLY, 1);
    if (follow)
        scrollToEnd();
}

QByteArray CodeView::text() const
{
    QByteArray text(send(m_editor, Sci::SCI_GETLENGTH) + 1, '\0');
    m_editor->SendScintilla(Sci::SCI_GETTEXT, static_cast<unsigned long>(text.size()), text.data());
    text.chop(1);
    return text;
}

int CodeView::lineCount() const
{
    return int(send(m_editor, Sci::SCI_GETLINECOUNT));
}

bool CodeView::isFolded(int index) const
{
    return send(m_editor, Sci::SCI_GETFOLDEXPANDED, static_cast<unsigned long>(m_headings[size_t(index)]))
        == 0;
}

bool CodeView::isLineShown(int line) const
{
    return send(m_editor, Sci::SCI_GETLINEVISIBLE, static_cast<unsigned long>(line)) != 0;
}

bool CodeView::showsEnd() const
{
    const long visible
        = send(m_editor, Sci::SCI_VISIBLEFROMDOCLINE, static_cast<unsigned long>(lineCount() - 1));
    return send(m_editor, Sci::SCI_GETFIRSTVISIBLELINE) + send(m_editor, Sci::SCI_LINESONSCREEN) >= visible;
}

void CodeView::markLines(int first, int count)
{
    for (int line = first; line < first + count; ++line)
        m_editor->markerAdd(line, differenceMarker);
}

void CodeView::markChanges(const std::vector<ChangedLines>& changes)
{
    m_editor->markerDeleteAll(changedMarker);
    m_editor->markerDeleteAll(removedMarker);
    for (const ChangedLines& change : changes) {
        for (int i = 0; i < change.rightCount; ++i)
            m_editor->markerAdd(change.right + i, changedMarker);
        if (change.rightCount == 0)
            m_editor->markerAdd(qMin(change.right, lineCount() - 1), removedMarker);
    }
    // A margin that comes with the first mark would move what a person writes.
    m_editor->setMarginWidth(changesMargin, m_isEditable || !changes.empty() ? changesWidth : 0);
    m_editor->setAccessibleDescription(
        changes.empty() ? QString() : tr("Places that were changed: %1").arg(std::ssize(changes)));
}

CodeView::Mark CodeView::changeAt(int line) const
{
    const unsigned markers = m_editor->markersAtLine(line);
    return (markers & 1U << changedMarker) != 0 ? Mark::Changed
        : (markers & 1U << removedMarker) != 0  ? Mark::Removed
                                                : Mark::None;
}

void CodeView::setLinks(std::vector<int> lines)
{
    m_links = std::move(lines);
    send(m_editor, Sci::SCI_SETINDICATORCURRENT, linkIndicator);
    for (const int line : m_links) {
        const auto number = static_cast<unsigned long>(line);
        const long begin = send(m_editor, Sci::SCI_GETLINEINDENTPOSITION, number);
        const long end = send(m_editor, Sci::SCI_GETLINEENDPOSITION, number);
        send(m_editor, Sci::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin), end - begin);
    }
}

void CodeView::showLine(int line)
{
    m_editor->markerDeleteAll(differenceMarker);
    markLines(line, 1);
    send(m_editor, Sci::SCI_GOTOLINE, static_cast<unsigned long>(line));
    send(m_editor, Sci::SCI_VERTICALCENTRECARET);
}

int CodeView::currentLine() const
{
    const long position = send(m_editor, Sci::SCI_GETCURRENTPOS);
    return int(send(m_editor, Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(position)));
}

int CodeView::firstVisibleLine() const
{
    return int(send(m_editor, Sci::SCI_GETFIRSTVISIBLELINE));
}

void CodeView::scrollToLine(int line)
{
    send(m_editor, Sci::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(line));
}

void CodeView::scrollToEnd()
{
    send(m_editor, Sci::SCI_SCROLLTOEND);
}

bool CodeView::toggleFold(int line)
{
    if (!std::ranges::binary_search(m_headings, line))
        return false;
    send(m_editor, Sci::SCI_TOGGLEFOLD, static_cast<unsigned long>(line));
    return true;
}

void CodeView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyPalette();
}

void CodeView::applyPalette()
{
    const QPalette colours = palette();
    const look::Colours& special = look::colours(colours);
    const QFont font = look::fixedFont();
    m_editor->SendScintilla(Sci::SCI_STYLESETFONT, Sci::STYLE_DEFAULT, font.family().toUtf8().constData());
    send(m_editor, Sci::SCI_STYLESETSIZEFRACTIONAL, Sci::STYLE_DEFAULT,
        long(font.pointSizeF() * int(Sci::SC_FONT_SIZE_MULTIPLIER)));
    m_editor->SendScintilla(Sci::SCI_STYLESETFORE, Sci::STYLE_DEFAULT, colours.color(QPalette::Text));
    m_editor->SendScintilla(Sci::SCI_STYLESETBACK, Sci::STYLE_DEFAULT, colours.color(QPalette::Base));
    send(m_editor, Sci::SCI_STYLECLEARALL);
    m_editor->setCaretForegroundColor(colours.color(QPalette::Text));
    m_editor->setSelectionBackgroundColor(colours.color(QPalette::Highlight));
    m_editor->setSelectionForegroundColor(colours.color(QPalette::HighlightedText));
    m_editor->setMarginsBackgroundColor(colours.color(QPalette::AlternateBase));
    m_editor->setMarginsForegroundColor(special.muted);
    m_editor->setFoldMarginColors(
        colours.color(QPalette::AlternateBase), colours.color(QPalette::AlternateBase));
    for (const unsigned long mark : {Sci::SC_MARKNUM_FOLDER, Sci::SC_MARKNUM_FOLDEROPEN}) {
        m_editor->SendScintilla(Sci::SCI_MARKERSETFORE, mark, special.muted);
        m_editor->SendScintilla(Sci::SCI_MARKERSETBACK, mark, special.muted);
    }
    m_editor->markerDefine(QsciScintilla::Background, headingMarker);
    m_editor->markerDefine(QsciScintilla::Background, differenceMarker);
    m_editor->markerDefine(QsciScintilla::LeftRectangle, changedMarker);
    m_editor->markerDefine(QsciScintilla::RightTriangle, removedMarker);
    for (const int marker : {changedMarker, removedMarker}) {
        m_editor->setMarkerForegroundColor(special.unknown, marker);
        m_editor->setMarkerBackgroundColor(special.unknown, marker);
    }
    QColor changed = special.unknown;
    changed.setAlphaF(0.25F);
    m_editor->setMarkerBackgroundColor(changed, differenceMarker);
    m_editor->setMarkerBackgroundColor(special.tint, headingMarker);
    send(m_editor, Sci::SCI_INDICSETSTYLE, linkIndicator, Sci::INDIC_PLAIN);
    m_editor->SendScintilla(Sci::SCI_INDICSETFORE, linkIndicator, special.live);
    send(m_editor, Sci::SCI_INDICSETHOVERSTYLE, linkIndicator, Sci::INDIC_ROUNDBOX);
    m_editor->SendScintilla(Sci::SCI_STYLESETFORE, headingStyle, special.muted);
    m_editor->SendScintilla(Sci::SCI_STYLESETBACK, headingStyle, special.tint);
    send(m_editor, Sci::SCI_STYLESETBOLD, headingStyle, 1);
    applyStyles();
}

/// Colours anew from the first line on.
void CodeView::applyStyles()
{
    const auto theme = look::isDark(palette()) ? Highlighter::Theme::Dark : Highlighter::Theme::Light;
    const bool isColoured = m_syntax != Syntax::None && m_definitions.isFinished();
    m_highlighter = isColoured ? std::make_unique<Highlighter>(m_syntax, theme) : nullptr;
    m_definedStyles = 0;
    send(m_editor, Sci::SCI_STARTSTYLING, 0);
    m_editor->viewport()->update();
}

void CodeView::styleUpTo(int position)
{
    const long styled = send(m_editor, Sci::SCI_GETENDSTYLED);
    const long first = send(m_editor, Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(styled));
    const long last = send(m_editor, Sci::SCI_LINEFROMPOSITION, static_cast<unsigned long>(position));
    if (!m_highlighter && m_headings.empty()) {
        const long end = send(m_editor, Sci::SCI_GETLENGTH);
        send(m_editor, Sci::SCI_STARTSTYLING, static_cast<unsigned long>(end));
        return;
    }
    for (long line = first; line <= last; ++line)
        styleLine(int(line));
    // This is called while the editor paints, with what the styles were then.
    if (m_highlighter && m_highlighter->styles().size() > m_definedStyles)
        QTimer::singleShot(0, this, &CodeView::defineStyles);
}

void CodeView::defineStyles()
{
    if (!m_highlighter)
        return;
    const std::vector<Highlighter::Style>& known = m_highlighter->styles();
    for (; m_definedStyles < known.size(); ++m_definedStyles) {
        const Highlighter::Style& style = known[m_definedStyles];
        const auto number = static_cast<unsigned long>(styleNumber(int(m_definedStyles)));
        if (style.text.isValid())
            m_editor->SendScintilla(
                Sci::SCI_STYLESETFORE, number, look::readable(style.text, palette().color(QPalette::Base)));
        send(m_editor, Sci::SCI_STYLESETBOLD, number, style.bold);
        send(m_editor, Sci::SCI_STYLESETITALIC, number, style.italic);
    }
}

void CodeView::styleLine(int line)
{
    const auto number = static_cast<unsigned long>(line);
    const long begin = send(m_editor, Sci::SCI_POSITIONFROMLINE, number);
    const long length = send(m_editor, Sci::SCI_LINELENGTH, number);
    send(m_editor, Sci::SCI_STARTSTYLING, static_cast<unsigned long>(begin));
    const bool isHeading = std::ranges::binary_search(m_headings, line);
    if (isHeading || !m_highlighter) {
        if (m_highlighter)
            (void)m_highlighter->spans(line, {}, Highlighter::Line::Starts);
        send(m_editor, Sci::SCI_SETSTYLING, static_cast<unsigned long>(length), isHeading ? headingStyle : 0);
        return;
    }
    QByteArray bytes(length + 1, '\0'); // the editor writes a null behind the text
    m_editor->SendScintilla(Sci::SCI_GETTEXTRANGE, begin, begin + length, bytes.data());
    bytes.chop(1);
    QString text = QString::fromUtf8(bytes);
    while (text.endsWith(QLatin1Char('\n')))
        text.chop(1);
    QByteArray styles(length, '\0');
    qsizetype unit = 0, byte = 0;
    for (const Highlighter::Span& span : m_highlighter->spans(line, text)) {
        byte += QStringView(text).sliced(unit, span.begin - unit).toUtf8().size();
        const qsizetype size = QStringView(text).sliced(span.begin, span.length).toUtf8().size();
        std::fill_n(styles.begin() + byte, size, char(styleNumber(span.style)));
        byte += size;
        unit = span.begin + span.length;
    }
    m_editor->SendScintilla(Sci::SCI_SETSTYLINGEX, static_cast<unsigned long>(length), styles.constData());
}

} // namespace burrow
