import type { TestServer } from "./start-test-server.ts";

export interface ApiRoute {
  /** `GET /api/v1/workflows/{slug}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** JSON Schema of the body, if there is one. */
  readonly body: JsonSchema | undefined;
}

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
}

interface Operation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
}

/** Every route that the server lists. Tests that use this list also cover later routes. */
export async function openApiRoutes(server: TestServer): Promise<ApiRoute[]> {
  const { body } = await server.send("GET", "/openapi.json");
  const paths = body.paths as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, { requestBody }]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      method: verb.toUpperCase(),
      path,
      body: requestBody?.content?.["application/json"]?.schema,
    })),
  );
}

/** The route's address with these values for its parameters. */
export const addressOf = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "nobody"));
