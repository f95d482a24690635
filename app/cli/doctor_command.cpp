#include "doctor_command.h"

#include "advice.h"
#include "base/json.h"
#include "base/words.h"
#include "session/api_keys.h"

#include "base/visible_text.h"
#include "host/sandboxed_repl_factory.h"
#include "lm/endpoint.h"
#include "lm/http_transport.h"

#include <curl/curl.h>
#include <sqlite3.h>

#include <QCoreApplication>

#include <cstdio>

namespace burrow {

namespace {

using Json = nlohmann::ordered_json;

using words::tr;

/// Whether @p server answers, without asking anything of a model.
Task<QString> stateOf(Endpoint server)
{
    Result<HttpRequest> request = server.request(HttpRequest::Method::Get, "/models");
    if (!request)
        co_return request.error().message;
    HttpTransport transport;
    std::stop_source stop;
    const HttpResult head = co_await transport.send(std::move(*request), {}, stop.get_token());
    if (!head)
        co_return head.error().what;
    co_return head->status == 200 ? tr("answers") : tr("answers with status %1").arg(head->status);
}

/// The level that a guest reaches, why no better one, and what to do about it.
void describeSandbox(Json& json, const Result<SandboxReport>& report)
{
    const SandboxLevel level = report ? report->level : SandboxLevel::None;
    json["sandbox_level"] = nameOf(level).toStdString();
    if (!report) {
        json["sandbox_reason"] = report.error().message.toStdString();
        return;
    }
    json["sandbox_means"] = explanation(level).toStdString();
    json["sandbox_reason"]
        = (level == SandboxLevel::Full ? tr("every protection is in force") : report->reason).toStdString();
    json["sandbox_missing"] = Json::array();
    for (const QString& protection : report->missing)
        json["sandbox_missing"].push_back(protection.toStdString());
    json["sandbox_details"] = Json::array();
    for (const QString& detail : report->details)
        json["sandbox_details"].push_back(detail.toStdString());
    if (!report->remedy.isEmpty())
        json["sandbox_remedy"] = report->remedy.toStdString();
    if (!report->commands.isEmpty())
        json["sandbox_commands"] = report->commands.toStdString();
}

Json examine(const std::optional<Endpoint>& server, const QString& chosenPython)
{
    Json json;
    SandboxOptions wanted = SandboxOptions::defaults();
    wanted.minimumLevel = SandboxLevel::None;
    wanted.python = chosenPython;
    SandboxedReplFactory repls(wanted);
    describeSandbox(json, QCoro::waitFor(repls.probe()));
    const Result<PythonInstall> python = QCoro::waitFor(repls.python());
    json["python"] = python ? (python->version + QLatin1Char(' ') + python->executable).toStdString()
                            : messageWithAdvice(python.error()).toStdString();
    json["providers"] = Json::object();
    json["providers"]["offline"] = tr("keyword search, not a language model; always there").toStdString();
    if (server)
        json["providers"][server->identity().toStdString()] = QCoro::waitFor(stateOf(*server)).toStdString();
    json["versions"] = {{"burrow", QCoreApplication::applicationVersion().toStdString()}, {"qt", qVersion()},
        {"curl", curl_version_info(CURLVERSION_NOW)->version}, {"sqlite", sqlite3_libversion()}};
    return json;
}

QByteArray visible(const std::string& text)
{
    return visibleText(QByteArray::fromStdString(text), LineMode::SingleLine);
}

/// A list in one line.
std::string textOf(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    std::string text;
    for (const Json& entry : value)
        text += (text.empty() ? "" : ", ") + entry.get<std::string>();
    return text.empty() ? "none" : text;
}

void print(const Json& json, int level = 0)
{
    for (const auto& [name, value] : json.items()) {
        const QByteArray indent(level * 2, ' ');
        if (value.is_string() && value.get_ref<const std::string&>().contains('\n')) {
            const QByteArray lines
                = visibleText(QByteArray::fromStdString(value.get<std::string>()), LineMode::MultiLine);
            std::printf(
                "%s%s\n%s\n", indent.constData(), visible(name).constData(), lines.trimmed().constData());
        } else if (value.is_object()) {
            std::printf("%s%s\n", indent.constData(), visible(name).constData());
            print(value, level + 1);
        } else {
            std::printf("%s%-16s %s\n", indent.constData(), visible(name).constData(),
                visible(textOf(value)).constData());
        }
    }
}

} // namespace

Result<ExitStatus> doctor(const DoctorOptions& options)
{
    std::optional<Endpoint> server;
    if (!options.baseUrl.isEmpty()) {
        const Result<Endpoint> parsed = Endpoint::parse(options.baseUrl, apiKeyFor(options.baseUrl));
        if (!parsed)
            return std::unexpected(parsed.error());
        server = *parsed;
    }
    const Json json = examine(server, options.python);
    if (options.json)
        std::printf("%s\n", toText(json, JsonForm::Ascii).constData());
    else
        print(json);
    return ExitStatus::Answered;
}

} // namespace burrow
