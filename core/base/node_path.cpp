#include "base/node_path.h"

namespace burrow {

namespace {

/// The number behind a component's name; 1 where there is none, 0 where it is malformed.
int ordinalOf(QByteArrayView component)
{
    qsizetype digits = component.size();
    while (digits > 0 && component[digits - 1] >= '0' && component[digits - 1] <= '9')
        --digits;
    if (digits == component.size())
        return 1;
    const QByteArrayView number = component.sliced(digits);
    return number.front() == '0' ? 0 : number.toInt();
}

QByteArrayView nameOf(QByteArrayView component)
{
    while (!component.isEmpty() && component.back() >= '0' && component.back() <= '9')
        component.chop(1);
    return component;
}

bool mayFollow(QByteArrayView parent, QByteArrayView name)
{
    if (name == "turn" || name == "compaction" || name == "final")
        return parent == "root" || parent == "call";
    if (name == "cell")
        return parent == "turn" || parent == "final";
    if (name == "call")
        return parent == "cell";
    return name == "root" && parent.isEmpty();
}

} // namespace

NodePath NodePath::root(int question)
{
    return NodePath(question == 1 ? QByteArray("root") : "root" + QByteArray::number(question));
}

std::optional<NodePath> NodePath::parse(QByteArrayView text)
{
    QByteArrayView previous;
    qsizetype start = 0;
    while (start <= text.size()) {
        qsizetype end = text.indexOf('/', start);
        if (end < 0)
            end = text.size();
        const QByteArrayView component = text.sliced(start, end - start);
        const QByteArrayView name = nameOf(component);
        if (!mayFollow(previous, name) || ordinalOf(component) < 1)
            return std::nullopt;
        previous = name;
        start = end + 1;
    }
    return NodePath(text.toByteArray());
}

NodePath NodePath::parent() const
{
    const qsizetype slash = m_text.lastIndexOf('/');
    return slash < 0 ? NodePath() : NodePath(m_text.first(slash));
}

int NodePath::ordinal() const
{
    return ordinalOf(QByteArrayView(m_text).sliced(m_text.lastIndexOf('/') + 1));
}

QByteArrayView NodePath::name() const
{
    return nameOf(QByteArrayView(m_text).sliced(m_text.lastIndexOf('/') + 1));
}

NodePath NodePath::child(const char* name, int ordinal) const
{
    return NodePath(m_text + '/' + name + QByteArray::number(ordinal));
}

} // namespace burrow
