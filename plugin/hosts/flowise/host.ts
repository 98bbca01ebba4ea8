import { createRequire } from "node:module";

/** The part of what Flowise gives a node that is read here. Any of it may be missing in another version. */
export interface NodeData {
  readonly id?: string;
  readonly name?: string;
  readonly label?: string;
  readonly category?: string;
  readonly credential?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface Repository {
  findOneBy(where: { id: string }): Promise<Record<string, unknown> | null>;
}

export interface InitOptions {
  readonly orgId?: string;
  readonly chatflowid?: string;
  readonly appDataSource?: { getRepository(entity: unknown): Repository };
  readonly databaseEntities?: Readonly<Record<string, unknown>>;
}

/** One argument in the host's zod (version 3): the methods that are used here. */
export interface HostType {
  describe(text: string): HostType;
  optional(): HostType;
}

export interface HostZod {
  string(): HostType;
  number(): HostType;
  boolean(): HostType;
  unknown(): HostType;
  enum(values: readonly string[]): HostType;
  object(shape: Record<string, HostType>): HostType;
}

export interface ToolFields {
  readonly name: string;
  readonly description: string;
  readonly schema: HostType;
  readonly func: (
    input: Record<string, unknown>,
    manager?: unknown,
    config?: { readonly signal?: AbortSignal },
  ) => Promise<string>;
}

/** The host's own libraries. Flowise does not accept a tool that another copy of them created. */
export interface Host {
  readonly DynamicStructuredTool: new (fields: ToolFields) => object;
  readonly z: HostZod;
  getCredentialData(id: string, options: InitOptions): Promise<Record<string, unknown>>;
}

/** Where `register` notes the file of Flowise that it hooked; a symbol, so that every copy of this code finds it. */
const hookedFile = Symbol.for("flowise-nodes-totem.hooked-file");
const shared = globalThis as { [hookedFile]?: string };

export function rememberHooked(file: string): void {
  shared[hookedFile] = file;
}

/**
 * Looks from the file of Flowise that was hooked, from the file itself (an installed copy lies inside
 * flowise-components) and from the program that runs. Nothing is loaded before a tool is first used.
 */
export function findHost(file: string): Host {
  for (const start of [shared[hookedFile], file, require.main?.filename]) {
    try {
      if (start !== undefined) return loadFrom(start);
    } catch {
      // The next start may work.
    }
  }
  throw new Error(
    "Totem: Flowise's own libraries (flowise-components, @langchain/core, zod) were not found.",
  );
}

function loadFrom(start: string): Host {
  const components = createRequire(start).resolve("flowise-components");
  const host = createRequire(components);
  const { DynamicStructuredTool } = host("@langchain/core/tools") as Pick<Host, "DynamicStructuredTool">;
  const { z } = host("zod/v3") as Pick<Host, "z">;
  const { getCredentialData } = host(components) as Pick<Host, "getCredentialData">;
  return { DynamicStructuredTool, z, getCredentialData };
}
