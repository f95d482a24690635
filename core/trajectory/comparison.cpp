#include "trajectory/comparison.h"

namespace burrow {

namespace {

class Comparer {
public:
    Comparer(Side left, Side right) : m_left(left), m_right(right), m_sharesTexts(&left.file == &right.file)
    {
    }

    Result<std::vector<NodeDifference>> run()
    {
        compareChildren(noNode, noNode, m_left.tree.roots(), m_right.tree.roots());
        if (m_error)
            return std::unexpected(*m_error);
        return std::move(m_found);
    }

private:
    void compareChildren(NodeIndex left, NodeIndex right, const std::vector<NodeIndex>& ofLeft,
        const std::vector<NodeIndex>& ofRight)
    {
        for (const NodeIndex child : ofLeft) {
            const RunTree::Node& node = m_left.tree.node(child);
            const NodeIndex other = counterpart(m_right.tree, right, node);
            if (other == noNode)
                m_found.push_back({.left = child});
            else
                compareNodes(child, other);
        }
        for (const NodeIndex child : ofRight)
            if (counterpart(m_left.tree, left, m_right.tree.node(child)) == noNode)
                m_found.push_back({.right = child});
    }

    static NodeIndex counterpart(const RunTree& tree, NodeIndex parent, const RunTree::Node& node)
    {
        return tree.findChild(parent, node.kind, node.ordinal);
    }

    void compareNodes(NodeIndex left, NodeIndex right)
    {
        const RunTree::Node &a = m_left.tree.node(left), &b = m_right.tree.node(right);
        // A node that both branches share is the same with all that it had when they parted.
        const NodeDifference difference{.left = left,
            .right = right,
            .input = !isSameText(a.input, b.input),
            .output = !isSameText(a.output, b.output),
            .state = a.state != b.state,
            .model = nameOf(m_left, a.model) != nameOf(m_right, b.model)};
        if (difference != NodeDifference{.left = left, .right = right})
            m_found.push_back(difference);
        compareChildren(left, right, a.children, b.children);
    }

    static const QByteArray& nameOf(const Side& side, ModelId id)
    {
        return side.file.models().at(std::min(size_t(id), side.file.models().size() - 1));
    }

    bool isSameText(BlobId left, BlobId right)
    {
        if (m_sharesTexts || left == BlobId::None || right == BlobId::None)
            return left == right;
        const Result<Sha256> ofLeft = m_left.file.hash(left), ofRight = m_right.file.hash(right);
        if (ofLeft && ofRight)
            return *ofLeft == *ofRight;
        m_error = ofLeft ? ofRight.error() : ofLeft.error();
        return true;
    }

    Side m_left;
    Side m_right;
    bool m_sharesTexts;
    std::vector<NodeDifference> m_found;
    std::optional<Error> m_error;
};

} // namespace

Result<std::vector<NodeDifference>> compare(Side left, Side right)
{
    return Comparer(left, right).run();
}

} // namespace burrow
