import { readFileSync } from "node:fs";
import { catalogue } from "../../plugin/catalogue.ts";
import { buildManifest, manifestSchema } from "../../plugin/manifest.ts";
import type { NodeCard } from "../../plugin/node-card.ts";
import { flowiseFiles, n8nFiles, totemMark } from "./host-package-files.ts";
import { nodePages } from "./node-pages.ts";
import { printLiteral } from "./print-literal.ts";
import { promisesPage } from "./promises-page.ts";
import { rolesPage } from "./roles-page.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Folders in which every file is generated. When a node is removed, its files there are removed too. */
export const generatedFolders = ["docs/nodes/*", "plugin/hosts/n8n/nodes/*/*"] as const;

/** Every generated file and its content. `npm run manifest` writes them; a test compares them with the disk. */
export function generatedFiles(version: string): Map<string, string> {
  return new Map([
    ["plugin.json", json(buildManifest(version))],
    ["plugin.schema.json", json(manifestSchema())],
    ["plugin/node-cards.ts", cardsModule()],
    ["ui/catalogue-icons.ts", iconsModule()],
    ["ui/studio/mark.svg", totemMark.light],
    ...n8nFiles(),
    ...flowiseFiles(),
    ["docs/promises.md", promisesPage()],
    ["docs/roles.md", rolesPage()],
    ...nodePages(),
  ]);
}

/** The catalogue without its schemas, so that a canvas that only draws and wires does not load a schema library. */
function cardsModule(): string {
  const cards = catalogue.map(
    ({ type, version, kind, palette, ports, handles, shows, initialConfig }: NodeCard): NodeCard => ({
      type,
      version,
      kind,
      palette,
      ports,
      handles,
      shows,
      initialConfig,
    }),
  );
  return `// Generated from the catalogue by \`npm run manifest\`.
import type { NodeCard } from "./node-card.ts";

/** Every node as a canvas draws it, in palette order. */
export const nodeCards: readonly NodeCard[] = ${printLiteral(cards, 2)};

const byType: ReadonlyMap<string, NodeCard> = new Map(nodeCards.map((card) => [card.type, card]));

/** The card of a saved node type, or undefined when this catalogue does not know it. */
export const findCard = (type: string): NodeCard | undefined => byType.get(type);
`;
}

/** Imports exactly the icons that contracts name: lucide has 1,700, and a host loads what it imports. */
function iconsModule(): string {
  const names = [...new Set(catalogue.map(({ palette }): string => palette.icon))];
  const components = names.map((name) => [name, lucideComponent(name)] as const);
  return `// Generated from the catalogue by \`npm run manifest\`.
import {
${components
  .map(([, component]) => `  ${component},\n`)
  .sort()
  .join("")}  type LucideIcon,
} from "lucide-react";

/** The icons that contracts name. */
export const catalogueIcons: Readonly<Record<string, LucideIcon>> = {
${components.map(([name, component]) => `  "${name}": ${component},\n`).join("")}};
`;
}

/** `key-round` is KeyRound in lucide-react. */
function lucideComponent(name: string): string {
  const component = name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  const exports = readFileSync("node_modules/lucide-react/dist/esm/lucide-react.mjs", "utf8");
  if (!new RegExp(`as ${component}[ ,]`).test(exports))
    throw new Error(`lucide has no icon "${name}". See https://lucide.dev/icons for the names.`);
  return component;
}
