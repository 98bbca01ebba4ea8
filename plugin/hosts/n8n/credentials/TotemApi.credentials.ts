import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from "n8n-workflow";

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

  authenticate: IAuthenticateGeneric = {
    type: "generic",
    properties: { headers: { Authorization: "=Bearer {{$credentials.apiKey}}" } },
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
