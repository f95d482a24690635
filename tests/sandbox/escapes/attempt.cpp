#include "attempt.h"

#include <QDir>
#include <QHash>

#include <functional>

namespace burrow::escapes {

namespace {

constexpr QByteArrayView start = "# == ";
constexpr QByteArrayView controlStart = "# -- control";

QByteArrayList listed(const QByteArray& text)
{
    QByteArrayList items;
    for (const QByteArray& item : text.split(','))
        items << item.trimmed();
    return items;
}

bool setControl(Attempt& attempt, const QByteArray& text)
{
    if (text == "own namespaces") {
        attempt.control = Attempt::Control::OwnNamespaces;
        return true;
    }
    attempt.control = Attempt::Control::None;
    attempt.withoutControl = text.startsWith("none: ") ? text.sliced(6) : QByteArray();
    return !attempt.withoutControl.isEmpty();
}

bool setExtra(Attempt& attempt, const QByteArray& text)
{
    static const QHash<QByteArray, Attempt::Extra> extras = {{"a neighbour", Attempt::Extra::Neighbour},
        {"a bound home", Attempt::Extra::BoundHome}, {"a killed host", Attempt::Extra::KilledHost}};
    attempt.extra = extras.value(text, Attempt::Extra::None);
    return attempt.extra != Attempt::Extra::None;
}

bool setField(Attempt& attempt, const QByteArray& name, const QByteArray& text)
{
    if (name == "control")
        return setControl(attempt, text);
    if (name == "needs")
        return setExtra(attempt, text);
    if (name == "seen by")
        attempt.seenBy = text;
    else if (name == "blocked with")
        attempt.blockedWith = listed(text);
    else if (name == "contained when")
        attempt.containedWhen = listed(text);
    else if (name == "contained by")
        attempt.containedBy = text;
    else if (name == "known at strong")
        attempt.knownAtStrong = text;
    else if (name == "control needs")
        attempt.controlNeeds = text;
    else if (name == "quick")
        attempt.isQuick = text == "yes";
    else
        return false;
    return true;
}

/// One file of attempts, line by line.
class Reader {
public:
    explicit Reader(QByteArray group) : m_group(std::move(group)) { }

    void take(const QByteArray& line)
    {
        if (line.startsWith(start))
            begin(line.sliced(start.size()));
        else if (m_attempts.empty())
            return; // what the file says of itself
        else if (line == controlStart)
            m_code = &m_attempts.back().controlCode;
        else if (m_inFields && line.startsWith("# ") && line.contains(": "))
            takeField(line.sliced(2));
        else
            takeCode(line);
    }

    Result<std::vector<Attempt>> finish()
    {
        for (const Attempt& attempt : m_attempts) {
            if (attempt.seenBy.isEmpty() || attempt.title.isEmpty() || attempt.code.trimmed().isEmpty())
                complain(attempt.id + " lacks its title, its witness or its code");
        }
        if (!m_wrong.isEmpty())
            return fail(ErrorCode::InvalidArgument,
                QStringLiteral("Cannot use %1.py: %2.")
                    .arg(QString::fromUtf8(m_group), QString::fromUtf8(m_wrong)));
        return std::move(m_attempts);
    }

private:
    void begin(const QByteArray& heading)
    {
        const qsizetype colon = heading.indexOf(": ");
        Attempt& attempt = m_attempts.emplace_back();
        attempt.group = m_group;
        attempt.id = heading.first(std::max<qsizetype>(colon, 0));
        attempt.title = heading.sliced(colon + 2).trimmed();
        if (colon < 1)
            complain("\"" + heading + "\" is no id and title");
        m_inFields = true;
        m_code = &attempt.code;
    }

    void takeField(const QByteArray& line)
    {
        const qsizetype colon = line.indexOf(": ");
        if (!setField(m_attempts.back(), line.first(colon).trimmed(), line.sliced(colon + 2).trimmed()))
            complain(m_attempts.back().id + " has a wrong line \"" + line + '"');
    }

    void takeCode(const QByteArray& line)
    {
        m_inFields = false;
        *m_code += line + '\n';
    }

    void complain(const QByteArray& what)
    {
        if (m_wrong.isEmpty())
            m_wrong = what;
    }

    QByteArray m_group;
    std::vector<Attempt> m_attempts;
    QByteArray* m_code = nullptr;
    bool m_inFields = false;
    QByteArray m_wrong;
};

} // namespace

Result<std::vector<Attempt>> readAttempts(const QString& folder)
{
    std::vector<Attempt> attempts;
    for (const QString& group : {QStringLiteral("files"), QStringLiteral("writes"), QStringLiteral("network"),
             QStringLiteral("processes"), QStringLiteral("neighbours"), QStringLiteral("kernel"),
             QStringLiteral("resources"), QStringLiteral("protocol")}) {
        QFile file(QDir(folder).filePath(group + QStringLiteral(".py")));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::NotFound,
                QStringLiteral("Cannot read %1: %2.").arg(file.fileName(), file.errorString()));
        Reader reader(group.toUtf8());
        for (const QByteArray& line : file.readAll().split('\n'))
            reader.take(line);
        Result<std::vector<Attempt>> read = reader.finish();
        if (!read)
            return read;
        std::ranges::move(*read, std::back_inserter(attempts));
    }
    return attempts;
}

} // namespace burrow::escapes
