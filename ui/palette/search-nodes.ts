import type { NodeCard } from "../../plugin/node-card.ts";

/** Every word typed must be found somewhere in what the palette shows, or in the saved name. */
export function searchNodes(contracts: readonly NodeCard[], query: string): readonly NodeCard[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return contracts.filter(({ type, palette }) => {
    const text = `${palette.label} ${palette.group} ${palette.description} ${type}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Groups in the order in which the catalogue first names them. */
export function groupNodes(contracts: readonly NodeCard[]): [group: string, nodes: NodeCard[]][] {
  const groups = new Map<string, NodeCard[]>();
  for (const contract of contracts) {
    const group = groups.get(contract.palette.group);
    if (group) group.push(contract);
    else groups.set(contract.palette.group, [contract]);
  }
  return [...groups];
}
