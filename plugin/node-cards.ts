// Generated from the catalogue by `npm run manifest`.
import type { NodeCard } from "./node-card.ts";

/** Every node as a canvas draws it, in palette order. */
export const nodeCards: readonly NodeCard[] = [
  {
    "type": "trigger_chat",
    "version": 1,
    "kind": "trigger",
    "palette": {"label":"Chat Trigger","group":"Triggers","icon":"message-circle","description":"Starts the workflow with a chat message."},
    "ports": {"inputs":[],"outputs":[{"name":"message","type":"text","description":"What the person wrote."}]},
    "handles": [{"id":"out","type":"source","side":"right","shape":"circle","edgeLabel":""}],
  },
  {
    "type": "trigger_manual",
    "version": 1,
    "kind": "trigger",
    "palette": {"label":"Manual Trigger","group":"Triggers","icon":"play","description":"Starts the workflow when you press Run."},
    "ports": {"inputs":[],"outputs":[{"name":"input","type":"text","description":"The text below, or what the run was started with."}]},
    "handles": [{"id":"out","type":"source","side":"right","shape":"circle","edgeLabel":""}],
  },
  {
    "type": "agent",
    "version": 1,
    "kind": "agent",
    "palette": {"label":"Agent","group":"Agents","icon":"bot","description":"Answers with a model and calls the tools wired below it."},
    "ports": {"inputs":[{"name":"input","type":"text","description":"What the nodes before it said."}],"outputs":[{"name":"output","type":"text","description":"The agent's last answer."}]},
    "handles": [{"id":"in","type":"target","side":"left","shape":"circle","edgeLabel":""},{"id":"out","type":"source","side":"right","shape":"circle","edgeLabel":""},{"id":"model","type":"target","side":"bottom","shape":"diamond","edgeLabel":"llm","label":"Model","required":true,"maxConnections":1},{"id":"tools","type":"target","side":"bottom","shape":"diamond","edgeLabel":"tool","label":"Tools"}],
  },
  {
    "type": "ai_model",
    "version": 1,
    "kind": "model",
    "palette": {"label":"AI Model","group":"Agents","icon":"sparkles","description":"The language model an agent thinks with."},
    "ports": {"inputs":[],"outputs":[{"name":"model","type":"json","description":"Wired to an agent's model diamond."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"llm"}],
    "initialConfig": {"steps":[{"say":"I have no instructions yet. Write my steps in the settings of my AI Model, or choose a provider there."}]},
  },
  {
    "type": "create_agent_user",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Create Agent User","group":"Identity","icon":"user-plus","description":"Gives the agent an account of its own."},
    "ports": {"inputs":[],"outputs":[{"name":"credentials","type":"string","description":"JSON with the username and the API key."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "get_totp_code",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Get TOTP Code","group":"Identity","icon":"key-round","description":"Gives the agent its own current code."},
    "ports": {"inputs":[],"outputs":[{"name":"totp_code","type":"string","description":"JSON with the username and the code."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
    "shows": "code",
  },
  {
    "type": "verify_totp_code",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Verify TOTP Code","group":"Identity","icon":"shield-check","description":"Checks a code and uses it up."},
    "ports": {"inputs":[],"outputs":[{"name":"result","type":"string","description":"JSON that says whether the code was accepted."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "whoami",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Who Am I","group":"Identity","icon":"fingerprint","description":"Tells the agent who it is and what it may do."},
    "ports": {"inputs":[],"outputs":[{"name":"identity","type":"string","description":"JSON about the agent itself."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "vault_totp",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Vault TOTP","group":"Vault","icon":"vault","description":"Gives the agent the code of an outside service."},
    "ports": {"inputs":[],"outputs":[{"name":"totp_code","type":"string","description":"JSON with the entry's name and the code."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
    "shows": "vault_code",
  },
  {
    "type": "vault_store",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Vault Store","group":"Vault","icon":"lock-keyhole","description":"Lets the agent store a login and its second factor."},
    "ports": {"inputs":[],"outputs":[{"name":"entry","type":"string","description":"JSON with the entry's name and the first code."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "wait_for_code",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Wait for Code","group":"Inbox","icon":"inbox","description":"Waits for a code or sign-in link that comes by email or SMS."},
    "ports": {"inputs":[],"outputs":[{"name":"verification_code","type":"string","description":"JSON with the code or link and its sender's host."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
    "shows": "delivered_code",
  },
  {
    "type": "platform_api",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"Platform API","group":"Platform","icon":"globe","description":"Lets the agent call an API as itself."},
    "ports": {"inputs":[],"outputs":[{"name":"response","type":"json","description":"The status and the body."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "http_request",
    "version": 1,
    "kind": "tool",
    "palette": {"label":"HTTP Request","group":"Platform","icon":"send","description":"Calls an allowed address; fills in codes the model never sees."},
    "ports": {"inputs":[],"outputs":[{"name":"response","type":"json","description":"The status and the body."}]},
    "handles": [{"id":"sub-source","type":"source","side":"top","shape":"diamond","edgeLabel":"tool","required":true}],
  },
  {
    "type": "sticky_note",
    "version": 1,
    "kind": "note",
    "palette": {"label":"Sticky Note","group":"Notes","icon":"sticky-note","description":"A note for the people who open this canvas."},
    "ports": {"inputs":[],"outputs":[]},
    "handles": [],
  },
];

const byType: ReadonlyMap<string, NodeCard> = new Map(nodeCards.map((card) => [card.type, card]));

/** The card of a saved node type, or undefined when this catalogue does not know it. */
export const findCard = (type: string): NodeCard | undefined => byType.get(type);
