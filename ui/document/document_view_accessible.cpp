#include "document/document_view_accessible.h"

#include "document/document_view.h"

#include <QAccessibleWidget>

namespace burrow {

namespace {

/// The text is what is on the screen: a document may have more characters than an int can count.
class AccessibleDocument final : public QAccessibleWidget, public QAccessibleTextInterface {
public:
    explicit AccessibleDocument(DocumentView* view) : QAccessibleWidget(view, QAccessible::Document) { }

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TextInterface)
            return static_cast<QAccessibleTextInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.readOnly = state.multiLine = state.selectableText = true;
        return state;
    }

    void selection(int index, int* start, int* end) const override
    {
        *start = index == 0 ? positionOf(view().selection().begin()) : 0;
        *end = index == 0 ? positionOf(view().selection().end()) : 0;
    }
    int selectionCount() const override { return view().selection().isEmpty() ? 0 : 1; }
    void addSelection(int start, int end) override { setSelection(0, start, end); }
    void removeSelection(int) override { setCursorPosition(cursorPosition()); }
    void setSelection(int, int start, int end) override { view().select({offsetAt(start), offsetAt(end)}); }
    int cursorPosition() const override { return positionOf(view().selection().cursor); }
    void setCursorPosition(int position) override
    {
        const ByteOffset offset = offsetAt(position);
        view().select({offset, offset});
    }

    QString text(int start, int end) const override
    {
        const QString text = view().visibleText();
        const int from = std::clamp<int>(start, 0, int(text.size()));
        return text.sliced(from, std::clamp<int>(end, from, int(text.size())) - from);
    }
    QString text(QAccessible::Text which) const override
    {
        return which == QAccessible::Value ? view().visibleText() : QAccessibleWidget::text(which);
    }
    int characterCount() const override { return int(view().visibleText().size()); }
    QRect characterRect(int) const override
    {
        const QRect rect = view().cursorRect();
        return {view().viewport()->mapToGlobal(rect.topLeft()), rect.size()};
    }
    int offsetAtPoint(const QPoint& point) const override
    {
        return positionOf(view().offsetAt(view().viewport()->mapFromGlobal(point)));
    }
    void scrollToSubstring(int start, int) override { view().goTo(offsetAt(start)); }
    QString attributes(int, int* start, int* end) const override
    {
        *start = 0;
        *end = characterCount();
        return {};
    }

private:
    DocumentView& view() const { return *static_cast<DocumentView*>(widget()); }

    /// Of an offset into the document, in the text on the screen; the nearest one where it is elsewhere.
    int positionOf(ByteOffset offset) const
    {
        int position = 0;
        for (const SeenLine& line : view().visibleLines()) {
            const int begin = line.row->positionOf(line.begin()), end = line.row->positionOf(line.end());
            if (offset <= line.begin())
                return position;
            if (offset <= line.end())
                return position + line.row->positionOf(offset) - begin;
            position += end - begin + 1;
        }
        return std::max(0, position - 1);
    }
    ByteOffset offsetAt(int position) const
    {
        ByteOffset last = view().top();
        for (const SeenLine& line : view().visibleLines()) {
            const int begin = line.row->positionOf(line.begin()), end = line.row->positionOf(line.end());
            if (position <= end - begin)
                return line.row->offsetOf(begin + position);
            position -= end - begin + 1;
            last = line.end();
        }
        return last;
    }
};

QAccessibleInterface* make(const QString&, QObject* object)
{
    auto* const view = qobject_cast<DocumentView*>(object);
    return view ? new AccessibleDocument(view) : nullptr;
}

} // namespace

void makeDocumentViewsAccessible()
{
    QAccessible::installFactory(make);
}

void tellCursorMoved(DocumentView& view)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleTextInterface* const text = QAccessible::queryAccessibleInterface(&view)->textInterface();
    QAccessibleTextCursorEvent moved(&view, text->cursorPosition());
    QAccessible::updateAccessibility(&moved);
}

} // namespace burrow
