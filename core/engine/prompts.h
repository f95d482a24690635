#pragma once

#include "base/result.h"

#include <QHash>

#include <map>

namespace burrow {

/// What a prompt template is filled with. A section `{{#name}}…{{/name}}` is kept where the value is neither
/// missing nor empty, `{{^name}}…{{/name}}` where it is; `{{name}}` is replaced by the value, which is not
/// looked at again.
using PromptValues = std::map<QByteArray, QByteArray>;

/// Fills in one template. A name without a value becomes nothing.
QByteArray fillTemplate(QByteArrayView text, const PromptValues& values);

/// The words in which the engine talks to models: templates from resources/prompts, or a person's own in
/// their place.
class Prompts {
public:
    /// The templates of the program itself.
    static Prompts builtIn();
    /// @p templates by name, such as those that a run file keeps; what is missing is taken from the program.
    static Prompts from(QHash<QString, QByteArray> templates);

    /// Renders `NAME.md`.
    QByteArray render(const QString& name, const PromptValues& values = {}) const;
    /// The addition to the system prompt for the family that @p model belongs to; empty for most.
    QByteArray addendumFor(const QByteArray& model, const PromptValues& values) const;

    const QHash<QString, QByteArray>& templates() const { return m_templates; }

private:
    explicit Prompts(QHash<QString, QByteArray> templates) : m_templates(std::move(templates)) { }

    QHash<QString, QByteArray> m_templates;
};

} // namespace burrow
