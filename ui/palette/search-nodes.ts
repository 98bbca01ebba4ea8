import type { NodeCard } from "../../plugin/node-card.ts";

/** Every word typed must be found somewhere in what the palette shows, or in the saved name; names come first. */
export function searchNodes(contracts: readonly NodeCard[], query: string): readonly NodeCard[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hasAll = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const found = contracts.filter(({ type, palette }) =>
    hasAll(`${palette.label} ${palette.group} ${palette.description} ${type}`),
  );
  const named = ({ palette }: NodeCard) => (hasAll(palette.label) ? 0 : 1);
  return words.length === 0 ? found : [...found].sort((a, b) => named(a) - named(b));
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
