import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  INodeProperties,
} from "n8n-workflow";
import { tryKeyPair } from "../nodes/key-pair-of-n8n.ts";
import { signRequest } from "../nodes/sign-request.ts";

/** The one credential: where Totem is, and the key that speaks for this n8n. */
export class TotemApi implements ICredentialType {
  name = "totemApi";

  displayName = "Totem API";

  icon = { light: "file:../icons/totem.svg", dark: "file:../icons/totem.dark.svg" } as const;

  documentationUrl = "https://example.com/totem/n8n";

  properties: INodeProperties[] = [
    {
      displayName: "URL",
      name: "url",
      type: "string",
      default: "",
      required: true,
      placeholder: "https://totem.example.com",
      description: "The address of your Totem server, as this n8n reaches it",
    },
    {
      displayName: "Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      description: "A service key with the scope hosts:call. It serves one n8n: the first that uses it.",
    },
    {
      // n8n lets its HTTP Request node send any credential anywhere, unless the credential says otherwise.
      displayName: "Allowed HTTP Request Domains",
      name: "allowedHttpRequestDomains",
      type: "hidden",
      default: "none",
    },
  ];

  /** The key, and the signature of this n8n: a copied key is worth nothing on another machine. */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => {
    const { baseURL, qs, ...rest } = request;
    const url = new URL(`${baseURL ?? ""}${request.url}`);
    for (const [name, value] of Object.entries(qs ?? {})) url.searchParams.set(name, String(value));
    const authorization = `Bearer ${String(credentials.apiKey)}`;
    const pair = tryKeyPair();
    const method = (request.method ?? "GET") as "GET" | "POST";
    const body = typeof request.body === "string" ? request.body : "";
    const signature =
      typeof pair === "string"
        ? {}
        : await signRequest(pair, { method, url, authorization, body, at: new Date() });
    return {
      ...rest,
      url: url.href,
      headers: { ...request.headers, ...signature, Authorization: authorization },
    };
  };

  /** Reads and creates nothing: only a tool call binds the key to this n8n. */
  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{$credentials.url.replace(/\\/+$/, '')}}",
      url: "/api/v1/host-workflows",
      qs: { workflow_id: "test" },
      disableFollowRedirect: true,
    },
  };
}
