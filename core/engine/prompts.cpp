#include "engine/prompts.h"

#include "base/json.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

// A static library's resources are linked in only where something asks for them, outside any namespace.
static void loadPromptResources()
{
    Q_INIT_RESOURCE(prompts);
}

namespace burrow {

namespace {

struct Tag {
    char kind; ///< '#', '^', '/' or 0 for a value
    QByteArray name;
    qsizetype begin, end; ///< of the whole `{{…}}`
};

std::optional<Tag> nextTag(QByteArrayView text, qsizetype from)
{
    const qsizetype begin = text.indexOf("{{", from);
    const qsizetype close = begin < 0 ? -1 : text.indexOf("}}", begin);
    if (close < 0)
        return std::nullopt;
    QByteArrayView name = text.sliced(begin + 2, close - begin - 2);
    char kind = 0;
    if (!name.isEmpty() && (name.front() == '#' || name.front() == '^' || name.front() == '/')) {
        kind = name.front();
        name = name.sliced(1);
    }
    return Tag{kind, name.toByteArray(), begin, close + 2};
}

/// The text member @p name of @p json; empty where it is missing or of another type: templates may come from
/// a run file of somebody else.
QString textOf(const nlohmann::json& json, const char* name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? QString::fromStdString(found->get<std::string>())
                                                     : QString();
}

/// The closing tag of the section @p open, or nothing where the template lacks it.
std::optional<Tag> closingTag(QByteArrayView text, const Tag& open)
{
    for (std::optional<Tag> tag = nextTag(text, open.end); tag; tag = nextTag(text, tag->end)) {
        if (tag->kind == '/' && tag->name == open.name)
            return tag;
    }
    return std::nullopt;
}

} // namespace

QByteArray fillTemplate(QByteArrayView text, const PromptValues& values)
{
    QByteArray filled;
    qsizetype at = 0;
    while (const std::optional<Tag> tag = nextTag(text, at)) {
        filled += text.sliced(at, tag->begin - at);
        at = tag->end;
        const auto value = values.find(tag->name);
        const bool present = value != values.end() && !value->second.isEmpty();
        if (tag->kind == 0 && present)
            filled += value->second;
        if (tag->kind != '#' && tag->kind != '^')
            continue;
        const std::optional<Tag> close = closingTag(text, *tag);
        const qsizetype inner = close ? close->begin : text.size();
        if (present == (tag->kind == '#'))
            filled += fillTemplate(text.sliced(at, inner - at), values);
        at = close ? close->end : text.size();
    }
    return filled += text.sliced(at);
}

Prompts Prompts::builtIn()
{
    return from({});
}

Prompts Prompts::from(QHash<QString, QByteArray> templates)
{
    loadPromptResources();
    const QDir folder(QStringLiteral(":/prompts"));
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (!templates.contains(name) && file.open(QIODevice::ReadOnly))
            templates.insert(name, file.readAll());
    }
    return Prompts(std::move(templates));
}

QByteArray Prompts::render(const QString& name, const PromptValues& values) const
{
    return fillTemplate(m_templates.value(name + QStringLiteral(".md")), values).trimmed();
}

QByteArray Prompts::addendumFor(const QByteArray& model, const PromptValues& values) const
{
    const nlohmann::json families = parseJson(m_templates.value(QStringLiteral("families.json")));
    if (!families.is_array())
        return {};
    for (const nlohmann::json& family : families) {
        const QString models = family.is_object() ? textOf(family, "models") : QString();
        const QRegularExpression names(models, QRegularExpression::CaseInsensitiveOption);
        if (!models.isEmpty() && names.isValid() && names.match(QString::fromUtf8(model)).hasMatch())
            return fillTemplate(m_templates.value(textOf(family, "addendum")), values);
    }
    return {};
}

} // namespace burrow
