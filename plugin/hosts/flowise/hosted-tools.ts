// Generated from the catalogue by `npm run manifest`.
/** The tools of the catalogue for hosts. Schemas are JSON Schema 2020-12. */
export const hostedTools = [
  {
    "type": "create_agent_user",
    "palette": {
      "label": "Create Agent User",
      "group": "Identity",
      "icon": "user-plus",
      "description": "Gives the agent an account of its own.",
    },
    "tool_description": "Create your own account, or read it again: returns your username and API key. Calling it twice changes nothing.",
    "tool_schema": {
      "type": "object",
      "properties": {
        "purpose": {"default":"","description":"What the account is for.","type":"string","maxLength":500},
      },
    },
    "config_schema": {
      "type": "object",
      "properties": {
        "api_base_url": {"default":"","title":"API base URL","description":"Told to the agent. Empty means this server.","type":"string","maxLength":2000},
        "reveal": {"default":"handle","title":"The model gets","description":"handle: a stand-in, which the model can use and not read: HTTP Request, Platform API, Verify TOTP Code and POST /api/v1/handles/redeem turn it into the secret once. value: the key itself. The model and its provider read this key.","type":"string","enum":["handle","value"]},
      },
    },
  },
  {
    "type": "get_totp_code",
    "palette": {
      "label": "Get TOTP Code",
      "group": "Identity",
      "icon": "key-round",
      "description": "Gives the agent its own current code.",
    },
    "tool_description": "Returns your current one-time code and how many seconds it lasts.",
    "tool_schema": {
      "type": "object",
      "properties": {
        "username": {"default":"","description":"Leave empty for your own code.","type":"string","maxLength":300},
        "reason": {"description":"Why you need it, in one sentence: shown to a person where one has to approve it.","type":"string","maxLength":20000},
      },
    },
    "config_schema": {
      "type": "object",
      "properties": {
        "reveal": {"default":"handle","title":"The model gets","description":"handle: a stand-in, which the model can use and not read: HTTP Request, Platform API, Verify TOTP Code and POST /api/v1/handles/redeem turn it into the secret once. value: the code itself. The model and its provider read this code.","type":"string","enum":["handle","value"]},
      },
    },
  },
  {
    "type": "verify_totp_code",
    "palette": {
      "label": "Verify TOTP Code",
      "group": "Identity",
      "icon": "shield-check",
      "description": "Checks a code and uses it up.",
    },
    "tool_description": "Prove who you are: checks your one-time code. A code is accepted once; get a fresh one before the next check.",
    "tool_schema": {
      "type": "object",
      "properties": {
        "code": {"type":"string","maxLength":64,"secret":true,"description":"The code exactly as it was given to you."},
        "username": {"default":"","description":"Leave empty to prove yourself.","type":"string","maxLength":300},
      },
      "required": [
        "code",
      ],
    },
    "config_schema": {
      "type": "object",
      "properties": {},
    },
  },
  {
    "type": "whoami",
    "palette": {
      "label": "Who Am I",
      "group": "Identity",
      "icon": "fingerprint",
      "description": "Tells the agent who it is and what it may do.",
    },
    "tool_description": "Tells you who you are: your username, your email address, your workflow, your tools and whose codes you may read.",
    "tool_schema": {
      "type": "object",
      "properties": {},
    },
    "config_schema": {
      "type": "object",
      "properties": {},
    },
  },
  {
    "type": "vault_totp",
    "palette": {
      "label": "Vault TOTP",
      "group": "Vault",
      "icon": "vault",
      "description": "Gives the agent the code of an outside service.",
    },
    "tool_description": "Returns the current one-time code of a stored login, and how many seconds it lasts. Use it at once.",
    "tool_schema": {
      "type": "object",
      "properties": {
        "name": {"default":"","description":"The entry's name. Leave empty where one is set.","type":"string","maxLength":200},
        "reason": {"description":"Why you need it, in one sentence: shown to a person where one has to approve it.","type":"string","maxLength":20000},
      },
    },
    "config_schema": {
      "type": "object",
      "properties": {
        "entry": {"default":"","title":"Entry","description":"The name of a vault entry its agent may read. Empty lets the agent name it.","format":"vault-entry","type":"string","maxLength":200},
        "min_remaining": {"default":3,"title":"Seconds left","description":"With fewer left, the tool waits for the next code.","type":"integer","minimum":0,"maximum":300},
        "reveal": {"default":"handle","title":"The model gets","description":"handle: a stand-in, which the model can use and not read: HTTP Request, Platform API, Verify TOTP Code and POST /api/v1/handles/redeem turn it into the secret once. value: the code itself. The model and its provider read this code.","type":"string","enum":["handle","value"]},
      },
    },
  },
  {
    "type": "wait_for_code",
    "palette": {
      "label": "Wait for Code",
      "group": "Inbox",
      "icon": "inbox",
      "description": "Waits for a code or sign-in link that comes by email or SMS.",
    },
    "tool_description": "Waits for the one-time code or sign-in link that a service sends by email or SMS, and returns it once. Ask the service to send it first. Says so when no code came, or when it is not sure which one is meant: then have a new one sent, and do not guess.",
    "tool_schema": {
      "type": "object",
      "properties": {
        "address": {"default":"","description":"Where it was sent to. Leave empty for your own address.","type":"string","maxLength":320},
        "sender": {"default":"","description":"The host or address that sends it, if you know it.","type":"string","maxLength":320},
        "service": {"default":"","description":"The name of the service, if you know it.","type":"string","maxLength":200},
      },
    },
    "config_schema": {
      "type": "object",
      "properties": {
        "address": {"default":"","title":"Address","description":"Empty: the agent's own. Else a mailbox of the workspace that the agent may wait at.","type":"string","maxLength":320},
        "sender": {"default":"","title":"Sender","description":"Only from this address, or this host and all below it. Empty: any sender.","type":"string","maxLength":320},
        "service": {"default":"","title":"Service","description":"A word the sender's name or the subject holds. Empty: any.","type":"string","maxLength":200},
        "type": {"default":"any","title":"Wait for","type":"string","enum":["any","code","link"]},
        "timeout_seconds": {"default":300,"title":"Seconds to wait","description":"A run that waits costs nothing.","type":"integer","minimum":1,"maximum":300},
        "look_back_seconds": {"default":60,"title":"Seconds to look back","description":"How old a message may be that was there before the wait began.","type":"integer","minimum":0,"maximum":600},
        "include_body": {"default":false,"title":"Show the message to the model","description":"Its agent needs the right to read mail (mail:read). Off, the model gets the code and the sender's host.","type":"boolean"},
        "reveal": {"default":"handle","title":"The model gets","description":"handle: a stand-in, which the model can use and not read: HTTP Request, Platform API, Verify TOTP Code and POST /api/v1/handles/redeem turn it into the secret once. value: the code itself. The model and its provider read this code.","type":"string","enum":["handle","value"]},
        "origins": {"default":"","title":"Where it may be sent","description":"For a handle: origins, one a line. Empty: the base URLs of the agent's HTTP Request tools.","format":"multiline","type":"string","maxLength":6500},
      },
    },
  },
] as const;
