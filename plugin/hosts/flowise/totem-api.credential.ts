export const credentialName = "totemApi";

/**
 * The one credential. This file imports nothing: `install` copies it into Flowise's folder of credentials, and Flowise
 * does not start when a file there cannot be loaded.
 */
class TotemApi {
  readonly label = "Totem API";
  readonly name = credentialName;
  readonly version = 1;
  readonly description =
    "A service key with the scope <code>hosts:call</code>, created in Totem by an administrator. It works for this Flowise only, and a person confirms this machine there.";
  readonly inputs = [
    {
      label: "Address of Totem",
      name: "totemUrl",
      type: "string",
      placeholder: "https://totem.example.com",
    },
    { label: "Key", name: "totemKey", type: "password", placeholder: "totem_key_…" },
  ];
}

export { TotemApi as credClass };
