#include "edit/edit_plan.h"

#include "base/words.h"
#include "trajectory/recorded_request.h"
#include "trajectory/unfinished.h"

namespace burrow {

namespace {

using What = Change::What;

using words::tr;

/// Those of the request; of an RLM call, which sends none itself, those of its first.
Result<QByteArray> parametersOf(RunFile& file, const RunTree& tree, const RunTree::Node& node)
{
    const bool isRlm = node.kind == NodeKind::Rlm;
    if (isRlm && node.children.empty())
        return encodeParameters({.serversTemperature = true});
    const RunTree::Node& asked = isRlm ? tree.node(node.children.front()) : node;
    return file.text(asked.input).transform([](const QByteArray& request) {
        Parameters parameters = decodeParameters(request).value_or(Parameters());
        parameters.serversTemperature = !parameters.temperature;
        return encodeParameters(parameters);
    });
}

Result<QByteArray> textOf(RunFile& file, const RunTree& tree, const RunTree::Node& node, What what)
{
    switch (what) {
    case What::Code:
    case What::Prompt:
        return readInput(file, node.kind, node.input);
    case What::Reply:
        return file.text(node.output);
    case What::Model:
        return size_t(node.model) < file.models().size() ? file.models()[size_t(node.model)] : QByteArray();
    case What::Parameters:
        return parametersOf(file, tree, node);
    case What::Nothing:
    case What::Sample:
        break;
    }
    return QByteArray();
}

} // namespace

std::vector<What> changesOf(NodeKind kind, bool isRoot)
{
    switch (kind) {
    case NodeKind::Rlm:
        return isRoot ? std::vector{What::Prompt, What::Model, What::Parameters}
                      : std::vector{What::Reply, What::Prompt, What::Model, What::Parameters};
    case NodeKind::Cell:
        return {What::Code};
    case NodeKind::Turn:
    case NodeKind::Completion:
    case NodeKind::Final:
        return {What::Reply, What::Prompt, What::Model, What::Parameters, What::Sample};
    case NodeKind::Compaction:
        return {What::Reply, What::Model, What::Parameters, What::Sample};
    }
    return {};
}

QString actionFor(What what)
{
    switch (what) {
    case What::Code:
        return tr("Edit the &Code");
    case What::Reply:
        return tr("Edit the &Reply");
    case What::Prompt:
        return tr("Edit the Pro&mpt");
    case What::Model:
        return tr("Use Another Mo&del");
    case What::Parameters:
        return tr("Change the &Parameters");
    case What::Sample:
        return tr("Ask the Same &Once More");
    case What::Nothing:
        break;
    }
    return tr("Play It Again");
}

Result<EditPlan> planEdit(const QString& path, int branch, const NodePath& at, What what, Edit::Reach reach)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    const Result<RunTree> tree = loadTree(*file, branch);
    if (!tree)
        return std::unexpected(tree.error());
    EditPlan plan;
    if (const NodeIndex node = tree->findPath(at); node != noNode) {
        Result<QByteArray> text = textOf(*file, *tree, tree->node(node), what);
        if (!text)
            return std::unexpected(text.error());
        plan.text = std::move(*text);
    }
    return planFork(*file, *tree, branch, at, {what, plan.text, reach}).transform([&](const Fork& fork) {
        plan.outlook = outlookOf(*tree, file->models(), fork);
        plan.keptUpTo = fork.seq;
        return std::move(plan);
    });
}

} // namespace burrow
