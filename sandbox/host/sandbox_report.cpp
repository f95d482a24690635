#include "host/sandbox_report.h"

#include "base/json.h"
#include "base/words.h"

namespace burrow {

namespace {

constexpr SandboxLevel levels[]
    = {SandboxLevel::None, SandboxLevel::Limited, SandboxLevel::Strong, SandboxLevel::Full};

QString text(const nlohmann::json& value)
{
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string&>()) : QString();
}

using words::tr;

} // namespace

QByteArray nameOf(SandboxLevel level)
{
    switch (level) {
    case SandboxLevel::None:
        return "none";
    case SandboxLevel::Limited:
        return "limited";
    case SandboxLevel::Strong:
        return "strong";
    case SandboxLevel::Full:
        return "full";
    }
    return "none";
}

std::optional<SandboxLevel> sandboxLevelNamed(QByteArrayView name)
{
    for (const SandboxLevel level : levels) {
        if (name == nameOf(level))
            return level;
    }
    return std::nullopt;
}

QString explanation(SandboxLevel level)
{
    switch (level) {
    case SandboxLevel::Full:
        return tr("Cannot see your files, network or other programs; memory, processor and disk are capped.");
    case SandboxLevel::Strong:
        return tr("Cannot read or change your files or use the network; can tell whether a file exists, with "
                  "its size, "
                  "owner and times.");
    case SandboxLevel::Limited:
        return tr("Only partly contained: cells may reach more than the documents.");
    case SandboxLevel::None:
        return tr("Not contained at all: cells can do whatever you can.");
    }
    return {};
}

Error tooWeak(const SandboxReport& report)
{
    QString message = tr("The sandbox reaches only level %1 here, without %2 (%3).")
                          .arg(QString::fromUtf8(nameOf(report.level)),
                              report.missing.join(QStringLiteral(", ")), report.reason);
    if (!report.remedy.isEmpty())
        message += u' ' + report.remedy;
    message += u' ' + tr("To run anyway, without that protection, allow a weak sandbox.");
    return {ErrorCode::SandboxTooWeak, message};
}

std::optional<LauncherReport> parseLauncherReport(const QByteArray& line)
try {
    const nlohmann::json json = parseJson(line);
    if (!json.is_object() || !json.contains("level") || !json.contains("pid"))
        return std::nullopt;
    const std::optional<SandboxLevel> level = sandboxLevelNamed(text(json["level"]).toUtf8());
    if (!level || !json["pid"].is_number_integer())
        return std::nullopt;
    LauncherReport report;
    report.sandbox.level = *level;
    report.pid = json["pid"].get<qint64>();
    report.refused = json.value("refused", false);
    for (const std::string& protection : json.value("missing", std::vector<std::string>()))
        report.sandbox.missing << QString::fromStdString(protection);
    report.sandbox.reason = text(json.value("reason", nlohmann::json()));
    for (const std::string& detail : json.value("details", std::vector<std::string>()))
        report.sandbox.details << QString::fromStdString(detail);
    return report;
} catch (const nlohmann::json::type_error&) {
    return std::nullopt; // a field holds what it never holds
}

} // namespace burrow
