/**
 * The few words of n8n's own package that plugin/hosts/n8n uses. That package asks for an older zod than ours
 * and for a hundred packages more, so it is no dependency: these are its types as far as we use them, and
 * classes that behave alike. `npm run test:hosts` builds and runs the same source with the real ones.
 */
export interface INode {
  id: string;
  name: string;
  type: string;
}

export type IDataObject = { [key: string]: unknown };

export interface INodeProperties {
  displayName: string;
  name: string;
  type: "string" | "number" | "boolean" | "options" | "hidden";
  default: string | number | boolean;
  description?: string;
  placeholder?: string;
  required?: boolean;
  options?: readonly { name: string; value: string }[];
  typeOptions?: { password?: boolean; rows?: number; minValue?: number; maxValue?: number };
  displayOptions?: { show: Record<string, readonly unknown[]> };
}

export interface INodeTypeDescription {
  displayName: string;
  name: string;
  icon: { light: string; dark: string };
  group: string[];
  version: number | number[];
  defaultVersion?: number;
  subtitle?: string;
  description: string;
  defaults: { name: string };
  codex?: { categories: string[]; alias: string[] };
  inputs: string[];
  outputs: string[];
  credentials: { name: string; required: boolean }[];
  properties: INodeProperties[];
  usableAsTool?: true;
}

export interface INodeExecutionData {
  json: IDataObject;
  pairedItem?: { item: number };
}

export type ICredentialDataDecryptedObject = IDataObject;

export interface IHttpRequestOptions {
  method?: "GET" | "POST" | "DELETE" | "PATCH" | "PUT" | "HEAD";
  url: string;
  baseURL?: string;
  qs?: IDataObject;
  headers?: IDataObject;
  body?: IDataObject | string;
  json?: boolean;
  timeout?: number;
  returnFullResponse?: boolean;
  ignoreHttpStatusErrors?: boolean;
  disableFollowRedirect?: boolean;
  abortSignal?: AbortSignal;
}

export interface IExecuteFunctions {
  getNode(): INode;
  getWorkflow(): { id?: string; name?: string; active: boolean };
  getInputData(): INodeExecutionData[];
  getInstanceId(): string;
  getNodeParameter(name: string, item: number): unknown;
  getCredentials(type: string, item?: number): Promise<IDataObject>;
  getExecuteData(): { source: { main?: ({ previousNode: string } | null)[] } | null };
  getExecutionCancelSignal(): AbortSignal | undefined;
  addExecutionHints(...hints: { message: string; location: "outputPane" }[]): void;
  helpers: {
    httpRequestWithAuthentication(
      this: IExecuteFunctions,
      credential: string,
      request: IHttpRequestOptions,
    ): Promise<unknown>;
  };
}

export interface INodeType {
  description: INodeTypeDescription;
  execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

export interface ICredentialType {
  name: string;
  displayName: string;
  icon?: { light: string; dark: string };
  documentationUrl?: string;
  properties: INodeProperties[];
}

export interface ICredentialTestRequest {
  request: { baseURL: string; url: string; qs?: Record<string, string>; disableFollowRedirect?: boolean };
}

export const NodeConnectionTypes = { Main: "main", AiTool: "ai_tool" } as const;

export class NodeOperationError extends Error {
  override readonly name = "NodeOperationError";
  readonly description: string | undefined;
  readonly node: INode;

  constructor(
    node: INode,
    message: string,
    { description }: { description?: string; itemIndex?: number } = {},
  ) {
    super(message);
    this.node = node;
    this.description = description;
  }
}
