/**
 * Who imports whom: the table of CONTRIBUTING.md as a check. A room may import itself, the rooms its
 * line names, and the packages its line names; test/rules/import-directions.test.ts plants a fault in each.
 */
/** Node's own modules. */
const node = Symbol("node");
const npm = (...names) => names.map((name) => `(^|node_modules/)${name.replace("/", "\\/")}(/|$)`);
const plugin = "^plugin/";
/** Of server/access the rooms below it know who is calling and who is in a workspace, and not how that is found out. */
const caller = "^server/access/(caller|members)\\.ts$";
const pure = ["^plugin/plugin-error\\.ts$"];

/** room: [its files, what it may import besides itself] */
const rooms = {
  plugin: ["^plugin/(?!hosts/[a-z0-9-]+/)", ["^plugin/(?!hosts/[a-z0-9-]+/)", ...npm("zod")]],
  // What hands the tools to one library of agents: of that library's packages.
  "langchain host": [
    "^plugin/hosts/langchain/",
    ["^plugin/(?!hosts/[a-z0-9-]+/)", ...npm("@langchain/core")],
  ],
  "ai-sdk host": ["^plugin/hosts/ai-sdk/", ["^plugin/(?!hosts/[a-z0-9-]+/)", ...npm("ai")]],
  // Packages of their own, published apart: what they know of Totem is generated into them.
  "flowise package": ["^plugin/hosts/flowise/", [node]],
  n8n: ["^plugin/hosts/n8n/", ["^test/support/n8n-workflow\\.ts$", node, ...npm("n8n-workflow")]],
  // A key pair in a file, for hosts that are programs. The two packages above have a copy.
  "key pair": ["^plugin/hosts/key-pair/", ["^plugin/(?!hosts/[a-z0-9-]+/)", node]],
  "ui entries": [
    "^ui/(xyflow|reactflow)\\.ts$",
    ["^ui/", plugin, ...npm("@xyflow/react", "reactflow", "react")],
  ],
  "ui components": [
    "^ui/(?!studio/|(xyflow|reactflow)\\.ts$)",
    ["^ui/(?!studio/)", plugin, ...npm("react", "react-dom", "lucide-react", "zod")],
  ],
  studio: [
    "^ui/studio/",
    [
      "^ui/",
      "\\.css$",
      plugin,
      ...npm(
        "react",
        "react-dom",
        "lucide-react",
        "zod",
        "zustand",
        "@dagrejs/dagre",
        "@tanstack/react-query",
        "@xyflow/react",
        "qr",
        "@simplewebauthn/browser",
      ),
    ],
  ],
  clock: ["^server/clock\\.ts$", [plugin]],
  settings: ["^server/settings\\.ts$", [plugin, ...npm("zod")]],
  totp: ["^server/totp/", [...pure, node, ...npm("otpauth")]],
  secrets: ["^server/secrets/", [...pure, node]],
  redaction: ["^server/redaction/", [plugin, ...npm("zod")]],
  // Only the type of a sealed text, so that plaintext does not fit into a sealed column.
  database: [
    "^server/database/",
    [plugin, "^server/secrets/seal\\.ts$", node, ...npm("kysely", "pg", "@electric-sql/pglite", "pg-boss")],
  ],
  audit: ["^server/audit/", ["^server/(database|clock|secrets)", plugin, node, ...npm("kysely")]],
  // Sends the sealed log. The ways out reach this room as an argument.
  "audit streams": [
    "^server/audit-streams/",
    ["^server/(audit|database|clock)", plugin, node, ...npm("kysely")],
  ],
  access: [
    "^server/access/",
    [
      "^server/(clock|totp|secrets|database|audit)",
      plugin,
      node,
      ...npm("kysely", "jose", "http-message-signatures"),
    ],
  ],
  // Tokens of other issuers, exchanged for short ones of ours.
  workload: [
    "^server/workload/",
    [
      "^server/(access|clock|secrets|database|audit|egress)",
      plugin,
      node,
      ...npm("kysely", "jose", "toad-cache"),
    ],
  ],
  people: [
    "^server/people/",
    [
      "^server/(access|clock|secrets|database|audit)",
      plugin,
      node,
      ...npm(
        "kysely",
        "zod",
        "async-lock",
        "@simplewebauthn/server",
        "@zxcvbn-ts/language-common",
        "openid-client",
      ),
    ],
  ],
  "agent users": [
    "^server/agent-users/",
    [
      caller,
      "^server/(clock|totp|secrets|redaction|database|audit|approvals)",
      plugin,
      node,
      ...npm("kysely"),
    ],
  ],
  approvals: [
    "^server/approvals/",
    [caller, "^server/(clock|secrets|redaction|database|audit|egress)", plugin, node, ...npm("kysely")],
  ],
  vault: [
    "^server/vault/",
    [
      caller,
      "^server/(clock|totp|secrets|database|audit|approvals)",
      plugin,
      node,
      ...npm("kysely", "tldts"),
    ],
  ],
  handles: [
    "^server/handles/",
    [caller, "^server/(clock|secrets|database|audit)", plugin, node, ...npm("kysely")],
  ],
  reach: ["^server/reach/", [caller, "^server/(clock|database|audit)", plugin, ...npm("kysely")]],
  // Puts secrets into requests at sending.
  door: ["^server/door/", [caller, "^server/(redaction|vault|handles)", plugin, node, ...npm("toad-cache")]],
  // For agents that are programs.
  proxy: [
    "^server/proxy/",
    [
      caller,
      "^server/access/proxy-credentials\\.ts$",
      "^server/(clock|secrets|redaction|database|vault|door|egress)",
      plugin,
      node,
      ...npm("kysely", "toad-cache"),
    ],
  ],
  inbox: [
    "^server/inbox/",
    [
      caller,
      "^server/(clock|secrets|redaction|database|audit)",
      plugin,
      node,
      ...npm(
        "kysely",
        "async-lock",
        "email-reply-parser",
        "htmlparser2",
        "entities",
        "@csstools/css-tokenizer",
        "colord",
      ),
    ],
  ],
  // Transports only: of the inbox it knows the shape of a delivery.
  mail: [
    "^server/mail/",
    [
      "^server/clock\\.ts$",
      "^server/egress/",
      "^server/inbox/delivery\\.ts$",
      plugin,
      node,
      ...npm("smtp-server", "postal-mime", "imapflow", "mailauth", "async-lock"),
    ],
  ],
  egress: ["^server/egress/", ["^plugin/(plugin-error|outbound)\\.ts$", node, ...npm("undici")]],
  model: [
    "^server/model/",
    ["^server/(redaction|egress)/", plugin, node, ...npm("ai", "@ai-sdk/[a-z-]+", "zod")],
  ],
  // The key ring reaches this room as an argument; it knows its type.
  workflow: [
    "^server/workflow/",
    [
      caller,
      "^server/(clock|database|audit|model|secrets|redaction)",
      plugin,
      node,
      ...npm("kysely", "pg-boss", "ai", "zod", "slugify"),
    ],
  ],
  nodes: [
    "^server/nodes/",
    [
      caller,
      "^server/(redaction|workflow|approvals|agent-users|vault|inbox|handles|door|egress|reach)",
      plugin,
      node,
      ...npm("qr", "pngjs", "jpeg-js"),
    ],
  ],
  hosts: [
    "^server/hosts/",
    [
      "^server/(access|clock|database|audit|agent-users|workflow)",
      plugin,
      node,
      ...npm("kysely", "toad-cache"),
    ],
  ],
  // What every way in needs: the type its routes are added to, its caller, its errors.
  request: [
    "^server/request/",
    ["^server/(access|database|redaction)", plugin, ...npm("fastify", "fastify-type-provider-zod")],
  ],
  // Shared by /v0 and MCP, which give an agent the same answers.
  "agent api": [
    "^server/agent-api/",
    ["^server/(access|database|vault|inbox|redaction)", plugin, ...npm("kysely")],
  ],
  dialects: [
    "^server/dialects/",
    [
      "^server/(request|agent-api|access|clock|database|vault|inbox)",
      plugin,
      node,
      ...npm("fastify", "fastify-type-provider-zod", "kysely", "zod"),
    ],
  ],
  mcp: [
    "^server/mcp/",
    [
      "^server/(request|agent-api|access|clock|totp|secrets|redaction|database|audit|agent-users|vault|inbox|handles|workflow|nodes)",
      plugin,
      node,
      ...npm("@modelcontextprotocol/server", "fastify", "kysely", "zod"),
    ],
  ],
  http: [
    "^server/http/",
    [
      "^server/(request|agent-api|access|people|workload|clock|totp|secrets|redaction|database|audit|approvals|agent-users|vault|inbox|handles|workflow|hosts|nodes)",
      plugin,
      node,
      ...npm("fastify", "fastify-type-provider-zod", "@fastify/[a-z-]+", "kysely", "zod", "qr", "toad-cache"),
    ],
  ],
};

/** The layers of the studio: a folder of `ui/studio` imports only from the lines above its own and from its own. */
const studioLayers = [
  "(router|session|theme|xyflow|zod-without-eval)\\.ts$",
  "api/",
  "kit/",
  "person/", // who is signed in, what they may do, and their passkeys
  "approvals/", // questions to people, and who is asked
  "keys/",
  "run/", // a run, its events and what they show: no component of the editor
  "editor/", // one open workflow: its graph, its edits and its saving
  "identity/",
  "vault-entry/",
  "(fix|mcp|quick-add|find|transfer|workflows)/",
  "chat/",
  "proof/",
  "panel/",
  "canvas/",
  "topbar/",
  "replay/",
  "(audit|hosts|inbox|pages|second-look|sign-in|vault)/",
  "settings/",
  "(screen/|[^/]+\\.tsx?$)",
];

module.exports = {
  forbidden: [
    ...studioLayers.slice(0, -1).map((layer, at) => ({
      name: "a folder of the studio imports only from the layers below its own",
      severity: "error",
      from: { path: `^ui/studio/${layer}` },
      to: {
        path: "^ui/studio/",
        pathNot: [...studioLayers.slice(0, at + 1).map((below) => `^ui/studio/${below}`), "\\.css$"],
      },
    })),
    ...Object.entries(rooms).map(([room, [files, allowed]]) => ({
      name: `${room} imports only what its line allows`,
      severity: "error",
      from: { path: files },
      to: {
        pathNot: [files, ...allowed.filter((part) => part !== node)],
        ...(allowed.includes(node) ? { dependencyTypesNot: ["core"] } : {}),
      },
    })),
    {
      name: "nothing imports test",
      severity: "error",
      from: { pathNot: "^(test|bench)/" },
      // What stands in for a package that is not installed is no import of a test.
      to: { path: "^(test|bench)/", pathNot: "^test/support/n8n-workflow\\.ts$" },
    },
    {
      name: "nothing imports a host's package",
      severity: "error",
      from: { pathNot: "^(test|bench|plugin/hosts)/" },
      to: { path: "^plugin/hosts/[a-z0-9-]+/" },
    },
    {
      name: "the browser never imports the server",
      severity: "error",
      from: { path: "^(plugin|ui)/" },
      to: { path: "^server/", reachable: true },
    },
    {
      name: "no circles",
      severity: "error",
      from: {},
      // Of types too: a shared type lives below its users.
      to: { circular: true },
    },
    {
      name: "every import resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\?|\\.css$|^n8n-workflow$" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|node_modules)/|^plugin/hosts/(n8n/eslint\\.config|[a-z0-9]+/dist/)" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".json"],
      exportsFields: ["exports"],
      // Our own sources where an example imports the package by its name: nothing has to be built first.
      conditionNames: ["totem-source", "import", "require", "node", "default", "types"],
    },
  },
};
