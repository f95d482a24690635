#include "host/guest_start.h"

#include "base/json.h"
#include "host/frame.h"
#include "host/guest_process.h"
#include "host/protocol.h"

namespace burrow {

namespace {

using Json = nlohmann::json;

QString joined(const PythonInstall::Library& library)
{
    return (QStringList(library.path) + library.names).join(u':');
}

Json spanJson(const TextSpan& span, const DocumentFiles& documents)
{
    return {{"fd", GuestProcess::firstDocument + documents.indexOf(span.file)},
        {"width", bytesPerChar(span.width)}, {"ascii", span.width == CharWidth::Ascii},
        {"offset", span.offset.value}, {"length", span.length.value}};
}

const char* formOf(const ContextValue& value)
{
    return value.kind == ContextValue::Kind::Json ? "json" : "text";
}

} // namespace

QStringList launcherArguments(const GuestPlan& plan, const DocumentFiles& documents)
{
    const PythonInstall& python = plan.python;
    const ReplLimits& limits = plan.spec.limits;
    QStringList arguments = {QStringLiteral("--executable"), python.executable, QStringLiteral("--stdlib"),
        python.stdlib, QStringLiteral("--stdlib-at"), python.stdlibAt, QStringLiteral("--driver-folder"),
        plan.options.driverFolder, QStringLiteral("--address-space"),
        QString::number(limits.memoryBytes + documents.bytes()), QStringLiteral("--scratch"),
        QString::number(limits.scratchBytes), QStringLiteral("--scratch-files"),
        QString::number(limits.scratchFiles), QStringLiteral("--threads"), QString::number(limits.threads),
        QStringLiteral("--files"), QString::number(limits.openFiles + qint64(documents.descriptors().size())),
        QStringLiteral("--minimum"), QString::fromLatin1(nameOf(plan.options.minimumLevel))};
    if (!python.loader.isEmpty())
        arguments << QStringLiteral("--loader") << python.loader;
    if (!python.dynload.isEmpty())
        arguments << QStringLiteral("--dynload") << python.dynload << QStringLiteral("--dynload-at")
                  << python.dynloadAt;
    for (const PythonInstall::Library& library : python.libraries)
        arguments << QStringLiteral("--library") << joined(library);
    return arguments + plan.options.removedProtections;
}

std::vector<QByteArray> startFrame(const ReplSpec& spec, const DocumentFiles& documents)
{
    const ReplContext& context = spec.context;
    Json names = Json::array();
    for (const QByteArray& name : context.names)
        names.push_back(name.toStdString());
    Json spans = Json::array();
    std::vector<QByteArray> parts;
    Json value;
    if (context.value) {
        value = formOf(*context.value);
        parts.push_back(context.value->bytes);
    } else {
        for (const TextSpan& span : context.spans)
            spans.push_back(spanJson(span, documents));
    }
    return encodeFrame(
        {{"op", "start"}, {"v", protocol::version}, {"seed", spec.seed},
            {"path", spec.path.text().toStdString()}, {"list", context.isList}, {"names", names},
            {"spans", spans}, {"value", value}, {"memory", spec.limits.memoryBytes}},
        std::move(parts));
}

} // namespace burrow
